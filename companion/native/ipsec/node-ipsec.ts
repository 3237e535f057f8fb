import type { InstalledSet, Ipsec, SecurityAssociationSet } from '../../../src/net/ipsec.js';
import type { Endpoint } from '../../../src/net/network.js';
import { TunnelIpsec, type TunnelSockets } from '../esp/tunnel-ipsec.js';
import type { IpsecJournal } from './ipsec-journal.js';
import { KernelIpsec } from './kernel-ipsec.js';

/** IPsec of this machine: what passes a NAT is done here, the rest by the kernel. */
export class NodeIpsec implements Ipsec {
  readonly #kernel: KernelIpsec;
  readonly #tunnels: TunnelIpsec;

  constructor(sockets: TunnelSockets, journal: IpsecJournal | null) {
    this.#kernel = new KernelIpsec(journal);
    this.#tunnels = new TunnelIpsec(sockets);
  }

  /** Sets in force, for leak tests. */
  get size(): number {
    return this.#kernel.size + this.#tunnels.size;
  }

  install(set: SecurityAssociationSet): Promise<InstalledSet> {
    return (set.mode === 'UDP-enc-tun' ? this.#tunnels : this.#kernel).install(set);
  }

  /** Whether only a datagram may go between these two, or else nothing would protect it. */
  forDatagramsOnly(local: Endpoint, remote: Endpoint): boolean {
    return this.#tunnels.covers(local, remote);
  }

  /** Takes every set away, and installs no more. */
  async close(): Promise<void> {
    this.#tunnels.close();
    await this.#kernel.close();
  }

  /** The same in the last moment of a process, where nothing can be waited for. */
  closeNow(): void {
    this.#tunnels.close();
    this.#kernel.closeNow();
  }
}
