import type { Endpoint } from '../../../src/net/network.js';
import type { NodeUdpSocket } from '../node-udp.js';
import { spiOf } from './esp-association.js';

/** RFC 3948 §2.1: ESP in UDP, beside IKE. */
export const ENCAPSULATION_PORT = 4500;
/** RFC 3948 §4: ms without a packet after which the NAT is reminded of us. */
const KEEPALIVE_INTERVAL = 20_000;
/** RFC 3948 §2.3 */
const KEEPALIVE = Uint8Array.of(0xff);

/** Our end of what is encapsulated for one peer: every association between the two shares it, and the NAT's binding. */
export class EncapsulationPort {
  readonly #receivers = new Map<number, (packet: Uint8Array) => void>();
  #quiet: NodeJS.Timeout | null = null;

  constructor(
    private readonly socket: NodeUdpSocket,
    private readonly peer: Endpoint,
  ) {
    socket.onMessage = (data) => {
      const spi = spiOf(data);
      // SPI 0 is the marker of IKE (RFC 3948 §2.2), one octet a keep-alive: neither is for us.
      if (spi !== null && spi !== 0) this.#receivers.get(spi)?.(data);
    };
    this.#remind();
  }

  get size(): number {
    return this.#receivers.size;
  }

  has(spi: number): boolean {
    return this.#receivers.has(spi);
  }

  receive(spi: number, receiver: (packet: Uint8Array) => void): void {
    this.#receivers.set(spi, receiver);
  }

  forget(spi: number): void {
    this.#receivers.delete(spi);
  }

  send(packet: Uint8Array): void {
    this.#remind();
    this.socket.send(packet, this.peer);
  }

  close(): void {
    if (this.#quiet) clearTimeout(this.#quiet);
    this.socket.close();
  }

  #remind(): void {
    if (this.#quiet) return void this.#quiet.refresh();
    this.#quiet = setTimeout(() => this.send(KEEPALIVE), KEEPALIVE_INTERVAL);
    this.#quiet.unref();
  }
}
