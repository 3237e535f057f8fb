import type { Endpoint, NetworkError, TlsOptions, Will } from '../../../net/network.js';
import type { ProtectedRoute } from './protected-route.js';

export type SipTransport = 'udp' | 'tcp' | 'tls';

/** RFC 3261 §19.1.2: port where none is given. */
export function defaultPort(transport: SipTransport): number {
  return transport === 'tls' ? 5061 : 5060;
}

/** One place to send a request to: what RFC 3263 makes of a URI. */
export interface Target {
  readonly transport: SipTransport;
  readonly address: string;
  readonly port: number;
  /** Name that the certificate must carry, TLS only. */
  readonly serverName?: string;
}

/** Addresses and transport of a message exchange with one peer: a UDP pair of addresses, or a connection. */
export interface Flow {
  readonly transport: SipTransport;
  readonly reliable: boolean;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly closed: boolean;
  /** Name that the peer's certificate was checked for, on a TLS connection that we opened. */
  readonly serverName?: string | undefined;
  /** The security associations that it runs over; null: none. */
  readonly protectedBy: ProtectedRoute | null;
  /** Via sent-by of requests on this flow: where we listen, else the local end. */
  readonly sentBy: Endpoint;
  /** Sends one message. `onError` is called at most once, later, if it certainly did not go out. */
  send(octets: Uint8Array, onError?: (error: NetworkError) => void): void;
  /** Sends what is no message: a keep-alive. */
  keep(octets: Uint8Array): void;
  /** What is to be sent once nobody is left here to send it, where the network can do that. */
  leaveWill(will: Will): void;
}

/** TLS settings for connections that we open. */
export type ClientTls = Pick<TlsOptions, 'authorities' | 'pins' | 'certificate' | 'privateKey'>;

export function flowName(end: Endpoint): string {
  return end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`;
}

/** Where a flow leads, to open it again. */
export function targetOf(flow: Flow): Target {
  const { transport, remote, serverName } = flow;
  return { transport, ...remote, ...(serverName === undefined ? {} : { serverName }) };
}
