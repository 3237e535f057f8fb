import { toHex } from '../platform/hex.js';
import { checkNegotiation, checkSet } from './ipsec-check.js';
import type { IkeNegotiation, InstalledSet, Ipsec, ProtectedPorts, SecurityAssociationSet } from './ipsec.js';
import { canonicalIp } from './ip-address.js';
import { NetworkError, type Endpoint } from './network.js';

/** What a simulated packet is wrapped in: it opens only for who has the same SPI, algorithms and keys. */
export interface MemoryEnvelope {
  readonly spi: number;
  readonly seal: string;
}

/** Simulated associations and policies of one host, with what a kernel would enforce by them. */
export class MemoryIpsec implements Ipsec {
  /** What the next installations fail with, for tests of machines that cannot. */
  failure: NetworkError | null = null;
  readonly #sets = new Set<SecurityAssociationSet>();

  /** Sets in force, for leak tests. */
  get size(): number {
    return this.#sets.size;
  }

  install(set: SecurityAssociationSet): Promise<InstalledSet> {
    try {
      checkSet(set);
      if (this.failure) throw this.failure;
      const taken = [...this.#sets].some((other) => collide(set, other));
      if (taken) throw new NetworkError('address-in-use', 'IPsec: an association with this SPI or these ports exists');
    } catch (error) {
      return Promise.reject(error instanceof NetworkError ? error : new NetworkError('internal', String(error)));
    }
    const own: SecurityAssociationSet = {
      ...set,
      local: canonicalIp(set.local) ?? set.local,
      remote: canonicalIp(set.remote) ?? set.remote,
    };
    this.#sets.add(own);
    return Promise.resolve({
      remove: () => {
        this.#sets.delete(own);
        return Promise.resolve();
      },
    });
  }

  /** Both ends that negotiate with the same credentials come to the same keys. */
  negotiate(negotiation: IkeNegotiation): Promise<InstalledSet> {
    try {
      checkNegotiation(negotiation);
    } catch (error) {
      return Promise.reject(error instanceof NetworkError ? error : new NetworkError('internal', String(error)));
    }
    const { local, remote, localPort, remotePort, secret = '', certificate = '' } = negotiation;
    const integrityKey = new Uint8Array(20);
    for (const [i, octet] of new TextEncoder().encode(secret + certificate).entries())
      integrityKey[i % 20] = ((integrityKey[i % 20] ?? 0) * 31 + octet) & 255;
    const spi = (from: number, to: number): number => from * 65_536 + to;
    const ports = { localPort, remotePort, spiIn: spi(remotePort, localPort), spiOut: spi(localPort, remotePort) };
    return this.install({
      local,
      remote,
      protocol: 'esp',
      mode: 'trans',
      integrity: 'hmac-sha-1-96',
      encryption: 'aes-cbc',
      integrityKey,
      encryptionKey: integrityKey.slice(0, 16),
      ports: [ports],
    });
  }

  clear(): void {
    this.#sets.clear();
  }

  /** Whether a tunnel through a NAT is all that leads there, which carries UDP. */
  datagramsOnly(from: Endpoint, to: Endpoint): boolean {
    return this.#find(from, to)?.set.mode === 'UDP-enc-tun';
  }

  /** What a packet that leaves is wrapped in; null: it goes in clear. */
  outgoing(from: Endpoint, to: Endpoint): MemoryEnvelope | null {
    const found = this.#find(from, to);
    return found && { spi: found.ports.spiOut, seal: sealOf(found.set) };
  }

  /** Whether a packet that arrives passes: what a policy protects only so, and nothing that cannot be opened. */
  admits(from: Endpoint, to: Endpoint, envelope: MemoryEnvelope | null): boolean {
    const found = this.#find(to, from);
    if (!found || !envelope) return !found && !envelope;
    return envelope.spi === found.ports.spiIn && envelope.seal === sealOf(found.set);
  }

  #find(
    local: Endpoint,
    remote: Endpoint,
  ): { readonly set: SecurityAssociationSet; readonly ports: ProtectedPorts } | null {
    for (const set of this.#sets) {
      if (set.local !== local.address || set.remote !== remote.address) continue;
      const ports = set.ports.find((pair) => pair.localPort === local.port && pair.remotePort === remote.port);
      if (ports) return { set, ports };
    }
    return null;
  }
}

function sealOf({
  protocol,
  mode,
  integrity,
  encryption,
  integrityKey,
  encryptionKey,
}: SecurityAssociationSet): string {
  return [protocol, mode, integrity, encryption, toHex(integrityKey), toHex(encryptionKey)].join(' ');
}

function collide(a: SecurityAssociationSet, b: SecurityAssociationSet): boolean {
  return (
    a.remote === b.remote &&
    a.ports.some((one) =>
      b.ports.some(
        (other) =>
          one.spiIn === other.spiIn ||
          one.spiOut === other.spiOut ||
          (one.localPort === other.localPort && one.remotePort === other.remotePort),
      ),
    )
  );
}
