import type { Server, Socket } from 'node:net';
import type { Endpoint, NetworkError, StreamConnection, StreamListener } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';
import { NodeStream } from './node-stream.js';

/** A TCP or TLS server of Node that listens. */
export class NodeListener implements StreamListener {
  onConnection: ((connection: StreamConnection) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  /** Connections whose TLS handshake failed. */
  failedHandshakes = 0;
  readonly local: Endpoint;
  #failure: NetworkError | null = null;

  /** @param track told of every connection, so that its owner can end it; false: it is to be refused */
  constructor(
    private readonly server: Server,
    secure: boolean,
    track: (stream: NodeStream) => boolean,
  ) {
    const address = server.address();
    this.local =
      typeof address === 'object' && address
        ? { address: address.address, port: address.port }
        : { address: '', port: 0 };
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => {
      const stream = new NodeStream(socket, secure);
      if (track(stream) && this.onConnection) this.onConnection(stream);
      else stream.destroy();
    });
    server.on('tlsClientError', () => this.failedHandshakes++);
    server.on('error', (error) => {
      this.#failure = networkErrorFrom(error);
    });
    server.on('close', () => this.onClose?.(this.#failure));
  }

  close(): void {
    if (this.server.listening) this.server.close();
  }
}
