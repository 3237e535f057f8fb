import type { MemoryAcceptor, MemoryCertificate, MemoryHost } from './memory-wire.js';
import { NetworkError, type Endpoint, type StreamConnection, type StreamListener, type TlsOptions } from './network.js';

export class MemoryListener implements StreamListener, MemoryAcceptor {
  onConnection: ((connection: StreamConnection) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  #closed = false;

  /** @param certificate what a TLS listener shows; null: it speaks plain TCP */
  constructor(
    readonly network: MemoryHost,
    readonly local: Endpoint,
    private readonly certificate: MemoryCertificate | null,
  ) {}

  handshakeError(tls: TlsOptions | undefined, address: string): NetworkError | null {
    if (!tls) return null;
    const certificate = this.certificate;
    if (tls.pins) return new NetworkError('unsupported', 'There are no keys to pin here');
    if (!certificate) return new NetworkError('tls', 'The peer does not speak TLS');
    if (!(tls.authorities ?? []).includes(certificate.authority)) {
      return new NetworkError('tls-authority', 'The certificate comes from an unknown authority');
    }
    if (certificate.expired) return new NetworkError('tls-expired', 'The certificate has expired');
    const name = tls.serverName ?? address;
    if (!certificate.names.includes(name)) return new NetworkError('tls-name', `The certificate is not for ${name}`);
    return null;
  }

  get secure(): boolean {
    return this.certificate !== null;
  }

  accept(connection: StreamConnection): void {
    if (this.#closed || !this.onConnection) connection.close();
    else this.onConnection(connection);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.network.release('tcp', this.local);
    queueMicrotask(() => this.onClose?.(null));
  }
}
