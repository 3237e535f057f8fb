import type { Clock } from '../platform/clock.js';
import { randomUint32, type Random } from '../platform/random.js';
import { canonicalIp, isLoopback } from './ip-address.js';
import { MemoryNetwork } from './memory-host.js';
import type { MemoryCertificate, MemoryHost, MemoryWire } from './memory-wire.js';
import type { DnsRecord, Endpoint, HttpRequest, HttpResponse } from './network.js';

/** How the wire treats packets. Probabilities 0..1, times in ms; all default to 0. */
export interface Conditions {
  /** Datagrams that vanish. Streams are reliable: they only see delay and partitions. */
  readonly loss?: number;
  /** Datagrams that arrive twice. */
  readonly duplication?: number;
  readonly delay?: number;
  /** A random extra delay of 0..jitter. Datagrams overtake each other; streams keep their order. */
  readonly jitter?: number;
  /** Datagrams that are held back so long that the next ones overtake them. */
  readonly reorder?: number;
}

export interface MemoryPacket {
  readonly protocol: 'udp' | 'tcp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly data: Uint8Array;
  /** SPI of the simulated association that it goes over; null: in clear. */
  readonly spi: number | null;
  /** Running number over the whole fabric, from 1. */
  readonly number: number;
}

/** What becomes of one packet. `drop` on a stream segment resets the connection. */
export type PacketVerdict = 'pass' | 'drop' | 'duplicate' | { readonly delay: number };

export interface FabricOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions?: Conditions;
}

/**
 * The wire that joins the {@link MemoryNetwork}s of one simulation. Every delay is a timer of the
 * given clock and every chance comes from the given random source: a run can be replayed.
 */
export class MemoryFabric implements MemoryWire {
  readonly clock: Clock;
  conditions: Conditions;
  /** Sees every packet before chance does. */
  filter: ((packet: MemoryPacket) => PacketVerdict) | null = null;
  /** Answers for `resolve`, by `TYPE name` (`A proxy.example.com`); see {@link addRecords}. */
  readonly zone = new Map<string, readonly DnsRecord[]>();
  readonly certificates = new Map<string, MemoryCertificate>();
  /** Answers `http` requests of all hosts; null: nobody listens. */
  httpServer: ((request: HttpRequest) => Promise<HttpResponse>) | null = null;

  readonly #random: Random;
  readonly #hosts = new Map<string, MemoryHost>();
  readonly #cuts = new Set<string>();
  #held: { from: string; to: string; deliver: () => void }[] = [];
  #packets = 0;

  constructor(options: FabricOptions) {
    this.clock = options.clock;
    this.conditions = options.conditions ?? {};
    this.#random = options.random;
  }

  /** A new host with these addresses (IPv4 and IPv6 literals); each also has its own loopback. */
  host(...addresses: readonly string[]): MemoryNetwork {
    const canonical = addresses.map((address) => canonicalIp(address) ?? address);
    const network = new MemoryNetwork(this, canonical);
    for (const address of canonical) this.#hosts.set(address, network);
    return network;
  }

  addRecords(name: string, records: readonly DnsRecord[]): void {
    for (const type of new Set(records.map((record) => record.type))) {
      this.zone.set(
        `${type} ${name.toLowerCase()}`,
        records.filter((record) => record.type === type),
      );
    }
  }

  /** Cuts the wire between two addresses, both ways: datagrams vanish, streams stall. */
  partition(a: string, b: string): void {
    this.#cuts.add(cut(a, b));
  }

  /** Mends one cut, or all. What streams sent meanwhile arrives now. */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) this.#cuts.clear();
    else this.#cuts.delete(cut(a, b));
    const held = this.#held;
    this.#held = [];
    for (const item of held) {
      if (this.isCut(item.from, item.to)) this.#held.push(item);
      else item.deliver();
    }
  }

  isCut(a: string, b: string): boolean {
    return this.#cuts.has(cut(a, b));
  }

  hostOf(from: MemoryHost, address: string): MemoryHost | undefined {
    return isLoopback(address) ? from : this.#hosts.get(address);
  }

  removeHost(network: MemoryHost): void {
    for (const [address, host] of this.#hosts) if (host === network) this.#hosts.delete(address);
  }

  carryDatagram(sender: MemoryHost, from: Endpoint, to: Endpoint, data: Uint8Array): void {
    const envelope = sender.ipsec.outgoing(from, to);
    const verdict = this.#judge('udp', from, to, data, envelope?.spi ?? null);
    const { loss = 0, duplication = 0 } = this.conditions;
    if (verdict === 'drop' || this.isCut(from.address, to.address) || this.#chance(loss)) return;
    const kept = data.slice();
    const copies = verdict === 'duplicate' || this.#chance(duplication) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const delay = typeof verdict === 'object' ? verdict.delay : this.#datagramDelay();
      const arrive = (): void => {
        const host = this.hostOf(sender, to.address);
        if (host?.ipsec.admits(from, to, envelope)) host.udpAt(to)?.deliver(kept.slice(), from);
      };
      this.clock.setTimeout(delay, arrive);
    }
  }

  carrySegment(from: Endpoint, to: Endpoint, data: Uint8Array, notBefore: number, deliver: () => void): number | null {
    const envelope = this.#hosts.get(from.address)?.ipsec.outgoing(from, to) ?? null;
    const verdict = data.length > 0 ? this.#judge('tcp', from, to, data, envelope?.spi ?? null) : 'pass';
    if (verdict === 'drop') return null;
    const { delay = 0, jitter = 0 } = this.conditions;
    const wanted = typeof verdict === 'object' ? verdict.delay : delay + jitter * this.#uniform();
    const at = Math.max(notBefore, this.clock.now() + wanted);
    this.clock.setTimeout(at - this.clock.now(), () => {
      if (this.#hosts.get(to.address)?.ipsec.admits(from, to, envelope) === false) return;
      const waiting = this.#held.some((item) => item.from === from.address && item.to === to.address);
      if (waiting || this.isCut(from.address, to.address)) {
        this.#held.push({ from: from.address, to: to.address, deliver });
      } else {
        deliver();
      }
    });
    return at;
  }

  #judge(protocol: 'udp' | 'tcp', from: Endpoint, to: Endpoint, data: Uint8Array, spi: number | null): PacketVerdict {
    this.#packets++;
    return this.filter?.({ protocol, from, to, data, spi, number: this.#packets }) ?? 'pass';
  }

  #datagramDelay(): number {
    const { delay = 0, jitter = 0, reorder = 0 } = this.conditions;
    const held = this.#chance(reorder) ? 2 * (delay + jitter) + 20 : 0;
    return delay + jitter * this.#uniform() + held;
  }

  #uniform(): number {
    return randomUint32(this.#random) / 0x1_0000_0000;
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#uniform() < probability;
  }
}

function cut(a: string, b: string): string {
  return [canonicalIp(a) ?? a, canonicalIp(b) ?? b].sort().join(' ');
}
