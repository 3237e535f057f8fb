import type { Socket } from 'node:net';
import { NetworkError, type Endpoint, type StreamConnection } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';

/** How long a peer may keep its half open after we closed ours, in ms. */
const LINGER = 5000;

/** A TCP or TLS connection of Node that is established. */
export class NodeStream implements StreamConnection {
  onData: ((data: Uint8Array) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  #gone: NetworkError | null = null;
  #failure: NetworkError | null = null;
  #waiting: { resolve: () => void; reject: (error: NetworkError) => void }[] = [];

  constructor(
    private readonly socket: Socket,
    readonly secure: boolean,
  ) {
    this.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      // A plain array: the slice() of a Buffer is no copy.
      if (!this.#gone) this.onData?.(new Uint8Array(data.buffer, data.byteOffset, data.length));
    });
    const taken = (): void => {
      for (const waiter of this.#waiting.splice(0)) waiter.resolve();
    };
    socket.on('drain', taken);
    socket.on('finish', taken);
    socket.on('error', (error) => {
      this.#failure ??= networkErrorFrom(error);
    });
    socket.on('close', () => this.#end());
  }

  /** Octets written and not yet taken by the kernel. */
  get pendingOctets(): number {
    return this.socket.writableLength;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#gone || !this.socket.writable) {
      return Promise.reject(this.#gone ?? new NetworkError('reset', 'The peer has closed the connection'));
    }
    if (this.socket.write(Buffer.from(data))) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Stops reading: the peer is held back by TCP's own window. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    if (this.#gone) return;
    this.#gone = new NetworkError('closed', 'The connection is closed');
    this.socket.resume();
    this.socket.end();
    const linger = setTimeout(() => this.socket.destroy(), LINGER);
    this.socket.once('close', () => clearTimeout(linger));
  }

  /** Ends at once; what was written may be lost. */
  destroy(): void {
    this.#gone ??= new NetworkError('closed', 'The connection is closed');
    this.socket.destroy();
  }

  /** For the owner of the connection; `onClose` belongs to its user. */
  whenClosed(listener: () => void): void {
    this.socket.once('close', listener);
  }

  #end(): void {
    const weClosed = this.#gone !== null;
    this.#gone ??= this.#failure ?? new NetworkError('reset', 'The peer has closed the connection');
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#gone);
    this.onClose?.(weClosed ? null : this.#failure);
  }
}
