import type { Ipsec } from './ipsec.js';

/**
 * The network as the stack sees it. Implementations: `CompanionNetwork` (page, through the
 * companion), `NodeNetwork` (Node's own sockets; also what the companion serves), `MemoryNetwork`
 * (tests), `WebNetwork` (later). One compliance suite runs over each.
 *
 * Conventions: addresses are literals without brackets (`127.0.0.1`, `::1`); ports 1..65535, 0 in an
 * option means "any free port"; every promise rejects with a {@link NetworkError} and nothing else;
 * listeners are set as properties before the event loop turns, so that nothing is lost.
 */
export interface Network {
  readonly kind: 'companion' | 'node' | 'memory' | 'web';
  readonly ipsec: Ipsec;
  bindUdp(options: UdpOptions): Promise<UdpSocket>;
  connect(options: ConnectOptions): Promise<StreamConnection>;
  listen(options: ListenOptions): Promise<StreamListener>;
  /** @throws NetworkError `dns` when the name does not exist or no server answers */
  resolve(query: DnsQuery): Promise<readonly DnsRecord[]>;
  http(request: HttpRequest): Promise<HttpResponse>;
  /** Addresses of this host's interfaces. */
  interfaces(): Promise<readonly InterfaceAddress[]>;
  /** The local address that packets to `remote` would leave from. */
  localAddressFor(remote: string): Promise<string>;
  /** Nobody's will of this name is to be carried out any more. */
  dropWill?(name: string): void;
  /** Releases every socket. Pending promises reject with reason `closed`. */
  close(): void;
}

/** What is to be sent on a socket when whoever opened it is gone without having closed the network. */
export interface Will {
  /**
   * There is one will of a name, on whatever socket: a later one takes the place of an earlier one, also of one that an
   * earlier page of the same origin has left.
   */
  readonly name: string;
  readonly data: Uint8Array;
  /** After all others, which go in the order in which they were left. */
  readonly last?: boolean;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface UdpOptions {
  /** Local address; the wildcard of the family if absent. */
  readonly address?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly family?: 4 | 6;
}

export interface UdpSocket {
  readonly local: Endpoint;
  onMessage: ((data: Uint8Array, from: Endpoint) => void) | null;
  /** ICMP errors and the like; the socket stays usable unless `onClose` follows. */
  onError: ((error: NetworkError) => void) | null;
  onClose: ((error: NetworkError | null) => void) | null;
  /** Fire and forget, as UDP is. `data` is not kept. Ignored once closed. */
  send(data: Uint8Array, to: Endpoint): void;
  /** Best effort; only for a peer that something was sent to. */
  leaveWill?(will: Will, to: Endpoint): void;
  close(): void;
}

export interface TlsOptions {
  /** Name checked against the certificate and sent as SNI. */
  readonly serverName?: string;
  /** PEM certificates trusted besides the system's. */
  readonly authorities?: readonly string[];
  /** {@link readPin}: the server's certificate must have one of these keys, besides all else that is asked of it. */
  readonly pins?: readonly string[];
  /** PEM client certificate, with those between it and its authority behind it, and its key. */
  readonly certificate?: string;
  readonly privateKey?: string;
  readonly alpn?: readonly string[];
}

export interface ConnectOptions {
  readonly remote: { readonly address: string; readonly port: number };
  readonly localAddress?: string;
  readonly localPort?: number;
  /** Present: TLS over the connection. */
  readonly tls?: TlsOptions;
  /** Default 10000 ms. */
  readonly timeout?: number;
}

export interface StreamConnection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly secure: boolean;
  onData: ((data: Uint8Array) => void) | null;
  /** Called once, after the last `onData`. `null`: the peer ended it in an orderly way, or we did. */
  onClose: ((error: NetworkError | null) => void) | null;
  /** Resolves when the implementation can take more (back-pressure); rejects when the connection is gone. */
  write(data: Uint8Array): Promise<void>;
  /** Best effort. One per connection. */
  leaveWill?(will: Will): void;
  /** Orderly end after what was written. */
  close(): void;
}

export interface ListenOptions {
  readonly address?: string;
  readonly port?: number;
  /** Present: a TLS server with this PEM certificate and key. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string };
}

export interface StreamListener {
  readonly local: Endpoint;
  onConnection: ((connection: StreamConnection) => void) | null;
  onClose: ((error: NetworkError | null) => void) | null;
  close(): void;
}

export type DnsType = 'A' | 'AAAA' | 'SRV' | 'NAPTR';
export interface DnsQuery {
  readonly name: string;
  readonly type: DnsType;
}
export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl: number }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
      readonly ttl: number;
    }
  | {
      readonly type: 'NAPTR';
      readonly order: number;
      readonly preference: number;
      readonly flags: string;
      readonly service: string;
      readonly regexp: string;
      readonly replacement: string;
      readonly ttl: number;
    };

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly tls?: TlsOptions;
  /** Default 30000 ms. */
  readonly timeout?: number;
  /** Default 16 MiB; a longer body rejects with `too-large`. */
  readonly maxBody?: number;
}
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated values joined by `, ` except set-cookie which is dropped. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface InterfaceAddress {
  readonly name: string;
  readonly address: string;
  readonly family: 4 | 6;
  readonly internal: boolean;
}

export type NetworkErrorReason =
  | 'refused' // the peer or a firewall said no
  | 'unreachable' // no route, host or network down
  | 'timeout'
  | 'reset' // the peer broke the connection
  | 'closed' // we closed it, or the network object is gone
  | 'address-in-use'
  | 'address-unavailable' // not an address of this host
  | 'denied' // the companion's allow-list or the operating system forbids it
  | 'ipsec-denied' // the operating system wants CAP_NET_ADMIN for associations
  | 'ipsec-kernel' // the kernel has no ESP, or not this algorithm
  | 'ipsec-tool' // iproute2 is not installed, or this system has no xfrm
  | 'dns'
  | 'tls-expired'
  | 'tls-name'
  | 'tls-authority'
  | 'tls-pinned' // none of the keys that were pinned
  | 'tls' // any other TLS failure
  | 'too-large'
  | 'limit' // too many sockets or too much data in flight
  | 'unsupported'
  | 'companion-absent' // nothing listens where the companion should be
  | 'companion-unpaired' // the page has no token, or it was revoked
  | 'companion-refused' // wrong origin, version, or blocked by the browser
  | 'companion-lost' // it was there, and is gone
  | 'internal';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  constructor(
    readonly reason: NetworkErrorReason,
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}
