import type { Clock } from '../platform/clock.js';
import type { MemoryIpsec } from './memory-ipsec.js';
import type {
  DnsRecord,
  Endpoint,
  HttpRequest,
  HttpResponse,
  NetworkError,
  StreamConnection,
  TlsOptions,
} from './network.js';

/** What a simulated TLS certificate says. Keyed by the PEM text given to `listen`. */
export interface MemoryCertificate {
  readonly names: readonly string[];
  readonly expired?: boolean;
  /** Trusted if a client lists this text among its `authorities`. */
  readonly authority: string;
}

/** What hosts and their sockets need of the fabric. */
export interface MemoryWire {
  readonly clock: Clock;
  readonly conditions: { readonly delay?: number };
  readonly zone: ReadonlyMap<string, readonly DnsRecord[]>;
  readonly certificates: ReadonlyMap<string, MemoryCertificate>;
  readonly httpServer: ((request: HttpRequest) => Promise<HttpResponse>) | null;
  carryDatagram(sender: MemoryHost, from: Endpoint, to: Endpoint, data: Uint8Array): void;
  /**
   * Carries one stream segment (no data: SYN or FIN).
   * @param notBefore arrival of the segment before it: streams keep their order
   * @returns the time of arrival, or null if the filter reset the connection
   */
  carrySegment(from: Endpoint, to: Endpoint, data: Uint8Array, notBefore: number, deliver: () => void): number | null;
  /** The host that `from` reaches under `address`. */
  hostOf(from: MemoryHost, address: string): MemoryHost | undefined;
  removeHost(host: MemoryHost): void;
}

/** What the fabric and a host's sockets need of the host. */
export interface MemoryHost {
  /** Open stream ends. */
  readonly streams: Set<StreamConnection>;
  readonly ipsec: MemoryIpsec;
  sendDatagram(local: Endpoint, to: Endpoint, data: Uint8Array): void;
  udpAt(to: Endpoint): { deliver(data: Uint8Array, from: Endpoint): void } | undefined;
  listenerAt(to: Endpoint): MemoryAcceptor | undefined;
  release(what: 'udp' | 'tcp', local: Endpoint): void;
  release(what: 'stream', local: Endpoint, remote: Endpoint): void;
}

/** What a connecting host needs of a listener. */
export interface MemoryAcceptor {
  readonly network: MemoryHost;
  readonly secure: boolean;
  /** @returns why the handshake fails, or null if it does not */
  handshakeError(tls: TlsOptions | undefined, address: string): NetworkError | null;
  accept(connection: StreamConnection): void;
}
