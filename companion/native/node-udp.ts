import type { Socket } from 'node:dgram';
import { canonicalIp, ipFamily } from '../../src/net/ip-address.js';
import { NetworkError, type Endpoint, type UdpSocket } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';

/** Octets that may wait in the kernel and libuv before datagrams are dropped. */
const MAX_SEND_QUEUE = 1048576;

/** Another way between a socket and one of its peers. */
export interface Diversion {
  /** The socket has got this from that peer. */
  deliver(data: Uint8Array): void;
  end(): void;
}

/** A UDP socket of Node. Datagrams that the host cannot take at once are dropped and counted. */
export class NodeUdpSocket implements UdpSocket {
  onMessage: ((data: Uint8Array, from: Endpoint) => void) | null = null;
  onError: ((error: NetworkError) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly local: Endpoint;
  /** Datagrams not sent because too much was waiting. */
  dropped = 0;
  /** By address and port of the peer; null: every one is reached in the ordinary way. */
  #diversions: Map<string, (data: Uint8Array) => boolean> | null = null;
  #closed = false;

  constructor(private readonly socket: Socket) {
    const { address, port } = socket.address();
    this.local = { address, port };
    socket.on('message', (data, { address, port: fromPort }) => {
      if (this.#diversions?.has(peerKey({ address, port: fromPort }))) return;
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
    const diverted = this.#diversions?.get(peerKey(to));
    if (diverted) {
      if (!diverted(data)) this.#report(new NetworkError('too-large', 'The datagram does not fit into a packet'));
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

  /**
   * From now on `send` carries what is for `peer`, and what comes from there in the ordinary way is dropped.
   *
   * @param send returns false if it cannot take a datagram of that size
   */
  divert(peer: Endpoint, send: (data: Uint8Array) => boolean): Diversion {
    const key = peerKey(peer);
    this.#diversions ??= new Map();
    this.#diversions.set(key, send);
    return {
      deliver: (data) => {
        if (!this.#closed) this.onMessage?.(data, peer);
      },
      end: () => {
        this.#diversions?.delete(key);
        if (this.#diversions?.size === 0) this.#diversions = null;
      },
    };
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

function peerKey({ address, port }: Endpoint): string {
  return `${canonicalIp(address) ?? address} ${port}`;
}
