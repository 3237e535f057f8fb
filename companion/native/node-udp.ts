import type { Socket } from 'node:dgram';
import { ipFamily } from '../../src/net/ip-address.js';
import { NetworkError, type Endpoint, type UdpSocket } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';

/** Octets that may wait in the kernel and libuv before datagrams are dropped. */
const MAX_SEND_QUEUE = 1048576;

/** A UDP socket of Node. Datagrams that the host cannot take at once are dropped and counted. */
export class NodeUdpSocket implements UdpSocket {
  onMessage: ((data: Uint8Array, from: Endpoint) => void) | null = null;
  onError: ((error: NetworkError) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly local: Endpoint;
  /** Datagrams not sent because too much was waiting. */
  dropped = 0;
  #closed = false;

  constructor(private readonly socket: Socket) {
    const { address, port } = socket.address();
    this.local = { address, port };
    socket.on('message', (data, { address, port: fromPort }) => {
      // A plain array: the slice() of a Buffer is no copy.
      this.onMessage?.(new Uint8Array(data.buffer, data.byteOffset, data.length), { address, port: fromPort });
    });
    socket.on('error', (error) => this.onError?.(networkErrorFrom(error)));
    socket.on('close', () => {
      this.#closed = true;
      this.onClose?.(null);
    });
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (this.#closed) return;
    // A name here would be a DNS look-up that no allow-list has seen.
    if (ipFamily(to.address) === null || !(to.port > 0 && to.port < 65536)) {
      this.#report(new NetworkError('unsupported', `Not an address and port: ${to.address} ${to.port}`));
      return;
    }
    if (this.socket.getSendQueueSize() > MAX_SEND_QUEUE) {
      this.dropped++;
      return;
    }
    try {
      this.socket.send(Buffer.from(data), to.port, to.address, (error) => {
        if (error) this.#report(networkErrorFrom(error));
      });
    } catch (error) {
      this.#report(networkErrorFrom(error));
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.socket.close();
  }

  #report(error: NetworkError): void {
    queueMicrotask(() => this.onError?.(error));
  }
}
