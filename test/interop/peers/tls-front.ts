import { connect } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { TestCertificates } from '../../net/certificates.js';

/** Takes TLS off before a TCP peer: Debian's SIPp is built without it. The peer must name its `port` in its Contact. */
export class TlsFront {
  readonly #sockets = new Set<TLSSocket>();

  private constructor(
    private readonly server: Server,
    /** PEM of who signed its certificate, which is for 127.0.0.1. */
    readonly authority: string,
    peerPort: number,
  ) {
    server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      const peer = connect(peerPort, '127.0.0.1');
      const end = (): void => {
        socket.destroy();
        peer.destroy();
        this.#sockets.delete(socket);
      };
      for (const side of [socket, peer]) side.on('error', end).on('close', end);
      socket.pipe(peer).pipe(socket);
    });
  }

  /** @param certificates the `valid` one is shown */
  static open(peerPort: number, certificates: TestCertificates): Promise<TlsFront> {
    const { certificate, privateKey } = certificates.valid;
    const server = createServer({ cert: certificate, key: privateKey });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(new TlsFront(server, certificates.authority, peerPort)));
    });
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }
}
