import { canonicalIp } from '../../../src/net/ip-address.js';
import { checkSet } from '../../../src/net/ipsec-check.js';
import type { InstalledSet, Ipsec, ProtectedPorts, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import { NetworkError, type Endpoint } from '../../../src/net/network.js';
import type { NodeUdpSocket } from '../node-udp.js';
import { ENCAPSULATION_PORT, EncapsulationPort } from './encapsulation-port.js';
import { EspTunnel } from './esp-tunnel.js';

/** Sets at once. */
const MAX_SETS = 256;

/** The sockets that tunnels are made of. */
export interface TunnelSockets {
  /** A socket that is bound to this very address and port; null: none is. */
  udpAt(local: Endpoint): NodeUdpSocket | null;
  /** @throws NetworkError */
  bindUdp(local: Endpoint): Promise<NodeUdpSocket>;
}

/**
 * UDP-enc-tun (TS 33.203 annex M) without the kernel and without any right: what a socket sends to the protected port
 * of a peer goes as an IP packet within ESP within UDP (RFC 4303 tunnel mode, RFC 3948), and what comes from there in
 * any other way is dropped. For UDP: a TCP connection between two such ports is refused.
 */
export class TunnelIpsec implements Pick<Ipsec, 'install'> {
  readonly #tunnels = new Set<EspTunnel>();
  readonly #ports = new Map<string, Promise<EncapsulationPort>>();
  #closed = false;

  constructor(private readonly sockets: TunnelSockets) {}

  /** Sets in force, for leak tests. */
  #sets = 0;
  get size(): number {
    return this.#sets;
  }

  /** Whether only a tunnel may carry what goes between these two. */
  covers(local: Endpoint, remote: Endpoint): boolean {
    return [...this.#tunnels].some((tunnel) => tunnel.covers(local, remote));
  }

  async install(set: SecurityAssociationSet): Promise<InstalledSet> {
    checkSet(set);
    if (this.#closed) throw closed();
    if (this.#sets >= MAX_SETS) throw new NetworkError('limit', 'IPsec: too many sets of associations');
    const peer = { address: set.remote, port: set.encapsulationPort ?? ENCAPSULATION_PORT };
    const key = `${canonicalIp(set.local) ?? ''} ${canonicalIp(set.remote) ?? ''} ${peer.port}`;
    this.#sets++;
    const installed: EspTunnel[] = [];
    try {
      const port = await this.#portOf(key, set.local, peer);
      const remove = (): Promise<void> => {
        for (const tunnel of installed.splice(0)) {
          this.#tunnels.delete(tunnel);
          tunnel.end();
        }
        if (port.size === 0 && this.#ports.delete(key)) port.close();
        return Promise.resolve();
      };
      try {
        if (this.#isClosed()) throw closed();
        for (const pair of set.ports) {
          const tunnel = this.#tunnel(set, pair, port);
          installed.push(tunnel);
          this.#tunnels.add(tunnel);
        }
      } catch (error) {
        await remove();
        throw error;
      }
      let there = true;
      return {
        remove: () => {
          if (there) this.#sets--;
          there = false;
          return remove();
        },
      };
    } catch (error) {
      this.#sets--;
      throw error;
    }
  }

  /** Takes every set away, and installs no more. */
  close(): void {
    this.#closed = true;
    for (const tunnel of this.#tunnels) tunnel.end();
    this.#tunnels.clear();
    for (const port of this.#ports.values()) {
      port.then(
        (open) => open.close(),
        () => undefined,
      );
    }
    this.#ports.clear();
  }

  #tunnel(set: SecurityAssociationSet, pair: ProtectedPorts, port: EncapsulationPort): EspTunnel {
    const local = { address: set.local, port: pair.localPort };
    const remote = { address: set.remote, port: pair.remotePort };
    const socket = this.sockets.udpAt(local);
    if (!socket) throw new NetworkError('address-unavailable', `IPsec: UDP port ${local.port} is not bound`);
    if (port.has(pair.spiIn) || this.covers(local, remote))
      throw new NetworkError('address-in-use', 'IPsec: an association with this SPI or these ports exists');
    return new EspTunnel(set, pair, socket, port);
  }

  async #portOf(key: string, local: string, peer: Endpoint): Promise<EncapsulationPort> {
    const known = this.#ports.get(key);
    if (known) return known;
    const opening = this.#bind(local).then((socket) => new EncapsulationPort(socket, peer));
    this.#ports.set(key, opening);
    opening.catch(() => this.#ports.delete(key));
    return opening;
  }

  /** Port 4500 if nobody has it; behind a NAT the peer sees another one anyway. */
  async #bind(address: string): Promise<NodeUdpSocket> {
    try {
      return await this.sockets.bindUdp({ address, port: ENCAPSULATION_PORT });
    } catch (error) {
      if (!(error instanceof NetworkError && error.reason === 'address-in-use')) throw error;
      return this.sockets.bindUdp({ address, port: 0 });
    }
  }

  // A method, since it changes while others are waited for.
  #isClosed(): boolean {
    return this.#closed;
  }
}

function closed(): NetworkError {
  return new NetworkError('closed', 'The network is closed');
}
