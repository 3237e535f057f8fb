import type { MemoryHost } from './memory-wire.js';
import { NetworkError, type Endpoint, type UdpSocket } from './network.js';
import { canonicalIp } from './ip-address.js';

/** The largest UDP payload over IPv4: 65535 less the IP and UDP headers. */
export const MAX_DATAGRAM = 65507;

export class MemoryUdpSocket implements UdpSocket {
  onMessage: ((data: Uint8Array, from: Endpoint) => void) | null = null;
  onError: ((error: NetworkError) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  #closed = false;

  constructor(
    private readonly network: MemoryHost,
    readonly local: Endpoint,
  ) {}

  send(data: Uint8Array, to: Endpoint): void {
    if (this.#closed) return;
    const address = canonicalIp(to.address);
    if (data.length > MAX_DATAGRAM || address === null) {
      const error =
        address === null
          ? new NetworkError('unsupported', `Not an IP address: ${to.address}`)
          : new NetworkError('too-large', `A datagram of ${data.length} octets`);
      queueMicrotask(() => this.onError?.(error));
      return;
    }
    this.network.sendDatagram(this.local, { address, port: to.port }, data);
  }

  /** Called by the fabric. */
  deliver(data: Uint8Array, from: Endpoint): void {
    if (!this.#closed) this.onMessage?.(data, from);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.network.release('udp', this.local);
    queueMicrotask(() => this.onClose?.(null));
  }
}
