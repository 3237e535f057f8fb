import type { InstalledSet, SecurityAssociationSet } from '../../net/ipsec.js';
import type { Network } from '../../net/network.js';
import type { Clock, Timer } from '../../platform/clock.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { SipTransport, Target } from '../sip/transport/flow.js';
import type { ProtectedRoute } from '../sip/transport/protected-route.js';
import { espKeys } from './esp-keys.js';
import type { Ipsec3gpp } from './ipsec-parameters.js';
import type { PreparedEnds } from './protected-ports.js';

/** What a set of associations needs of the stack. */
export interface SecuritySetHost {
  readonly clock: Clock;
  readonly network: Pick<Network, 'ipsec'>;
  readonly endpoint: Pick<SipEndpoint, 'protection'>;
}

/** ms that the ends of connections get to say goodbye under protection. */
export const FAREWELL = 400;

/** Four associations in force (TS 33.203 §7.1), and what is sent over them. */
export class SecuritySet {
  #expiry: Timer | null = null;
  #removing: Promise<void> | null = null;

  private constructor(
    private readonly host: SecuritySetHost,
    readonly ours: PreparedEnds,
    readonly theirs: Ipsec3gpp,
    readonly route: ProtectedRoute,
    /** Where requests go: the protected server port of the P-CSCF. */
    readonly target: Target,
    /** Values of Security-Verify. */
    readonly verify: readonly string[],
    private readonly installed: InstalledSet,
  ) {}

  /** Puts associations in force. @param peer the P-CSCF, and how it was reached @throws NetworkError */
  static async establish(
    host: SecuritySetHost,
    ours: PreparedEnds,
    peer: { readonly address: string; readonly transport: SipTransport },
    theirs: Ipsec3gpp,
    keys: { readonly ik: Uint8Array; readonly ck: Uint8Array },
    verify: readonly string[],
  ): Promise<SecuritySet> {
    const { integrity, encryption, mode, protocol } = theirs;
    const set: SecurityAssociationSet = {
      local: ours.address,
      remote: peer.address,
      mode,
      protocol,
      integrity,
      encryption,
      ...espKeys(integrity, encryption, keys.ik, keys.ck),
      ports: [
        { localPort: ours.portC, remotePort: theirs.portS, spiIn: ours.spiC, spiOut: theirs.spiS },
        { localPort: ours.portS, remotePort: theirs.portC, spiIn: ours.spiS, spiOut: theirs.spiC },
      ],
    };
    const installed = await host.network.ipsec.install(set);
    const route: ProtectedRoute = {
      address: peer.address,
      clientPort: ours.portC,
      serverPort: ours.portS,
      peerClientPort: theirs.portC,
      peerServerPort: theirs.portS,
    };
    host.endpoint.protection.protect(route);
    const target: Target = {
      // The tunnel through a NAT carries datagrams.
      transport: peer.transport === 'tcp' && mode !== 'UDP-enc-tun' ? 'tcp' : 'udp',
      address: peer.address,
      port: theirs.portS,
    };
    return new SecuritySet(host, ours, theirs, route, target, verify, installed);
  }

  /** Takes it away after `ms`, instead of whatever was planned before. */
  expireIn(ms: number, expired?: () => void): void {
    this.#expiry?.cancel();
    this.#expiry = this.host.clock.setTimeout(ms, () => {
      void this.remove();
      expired?.();
    });
  }

  /** Connections end first, so that their ends are protected too; then the associations, then the port. */
  remove(): Promise<void> {
    this.#removing ??= this.#remove();
    return this.#removing;
  }

  async #remove(): Promise<void> {
    const { clock, endpoint } = this.host;
    this.#expiry?.cancel();
    endpoint.protection.unprotect(this.route);
    await new Promise<void>((resolve) => clock.setTimeout(FAREWELL, resolve));
    await this.installed.remove();
    this.ours.client.close();
  }
}
