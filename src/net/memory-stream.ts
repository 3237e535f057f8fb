import type { MemoryHost, MemoryWire } from './memory-wire.js';
import { NetworkError, type Endpoint, type StreamConnection } from './network.js';

/** Octets in flight above which `write` waits. */
const HIGH_WATER = 262144;
const NOTHING = new Uint8Array(0);

/** One end of a simulated TCP or TLS connection. */
export class MemoryStream implements StreamConnection {
  onData: ((data: Uint8Array) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  #peer: MemoryStream | null = null;
  #ended: NetworkError | null = null;
  #inFlight = 0;
  #lastArrival = 0;
  #waiting: { resolve: () => void; reject: (error: NetworkError) => void }[] = [];

  constructor(
    private readonly fabric: MemoryWire,
    private readonly network: MemoryHost,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    readonly secure: boolean,
  ) {
    network.streams.add(this);
  }

  /** Joins two ends. */
  static join(a: MemoryStream, b: MemoryStream): void {
    a.#peer = b;
    b.#peer = a;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    const copy = data.slice();
    this.#inFlight += copy.length;
    const at = this.#carry(copy, () => {
      this.#peer?.deliver(copy);
      this.#inFlight -= copy.length;
      if (this.#inFlight <= HIGH_WATER) for (const waiter of this.#waiting.splice(0)) waiter.resolve();
    });
    if (at === null) {
      const error = new NetworkError('reset', 'The connection was reset');
      this.#peer?.end(error);
      this.end(error);
      return Promise.reject(error);
    }
    if (this.#inFlight <= HIGH_WATER) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  close(): void {
    if (this.#ended) return;
    this.#carry(NOTHING, () => this.#peer?.end(null));
    // What was written still arrives, and then its promise resolves.
    const underWay = this.#waiting.splice(0);
    this.end(null);
    this.#waiting = underWay;
  }

  /** Called by the wire. */
  deliver(data: Uint8Array): void {
    if (!this.#ended) this.onData?.(data);
  }

  /** Ends this end only. @param error null: in an orderly way */
  end(error: NetworkError | null): void {
    if (this.#ended) return;
    this.#ended = error ?? new NetworkError('closed', 'The connection is closed');
    this.network.streams.delete(this);
    this.network.release('stream', this.local, this.remote);
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#ended);
    queueMicrotask(() => this.onClose?.(error));
  }

  #carry(data: Uint8Array, deliver: () => void): number | null {
    const at = this.fabric.carrySegment(this.local, this.remote, data, this.#lastArrival, deliver);
    if (at !== null) this.#lastArrival = at;
    return at;
  }
}
