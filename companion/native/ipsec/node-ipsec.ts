import type { IkeNegotiation, InstalledSet, Ipsec, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import type { Endpoint } from '../../../src/net/network.js';
import { IkeIpsec } from '../ike/ike-ipsec.js';
import { TunnelIpsec, type TunnelSockets } from '../esp/tunnel-ipsec.js';
import type { IpsecJournal } from './ipsec-journal.js';
import { KernelIpsec } from './kernel-ipsec.js';

/** IPsec of this machine: what passes a NAT is done here, what needs IKE by its daemon, the rest by the kernel. */
export class NodeIpsec implements Ipsec {
  readonly #kernel: KernelIpsec;
  readonly #tunnels: TunnelIpsec;
  readonly #ike: IkeIpsec;

  /** @param vici socket of the IKE daemon, if it is not where strongSwan has it */
  constructor(sockets: TunnelSockets, journal: IpsecJournal | null, vici?: string) {
    this.#kernel = new KernelIpsec(journal);
    this.#tunnels = new TunnelIpsec(sockets);
    this.#ike = new IkeIpsec(vici);
  }

  /** Sets in force, for leak tests. */
  get size(): number {
    return this.#kernel.size + this.#tunnels.size + this.#ike.size;
  }

  install(set: SecurityAssociationSet): Promise<InstalledSet> {
    return (set.mode === 'UDP-enc-tun' ? this.#tunnels : this.#kernel).install(set);
  }

  negotiate(negotiation: IkeNegotiation): Promise<InstalledSet> {
    return this.#ike.negotiate(negotiation);
  }

  /** Whether only a datagram may go between these two, or else nothing would protect it. */
  forDatagramsOnly(local: Endpoint, remote: Endpoint): boolean {
    return this.#tunnels.covers(local, remote);
  }

  /** Takes every set away, and installs no more. */
  async close(): Promise<void> {
    this.#tunnels.close();
    await Promise.all([this.#kernel.close(), this.#ike.close()]);
  }

  /**
   * The same in the last moment of a process, where nothing can be waited for. What IKE made stays until the next process
   * that negotiates takes it away: its ports are dead, not open.
   */
  closeNow(): void {
    this.#tunnels.close();
    this.#kernel.closeNow();
  }
}
