/** The version of everything in PROTOCOL.md. A change that an older peer cannot bear raises it. */
export const PROTOCOL_VERSION = 1;

/** Offered and accepted as Sec-WebSocket-Protocol. */
export const SUBPROTOCOL = 'ims-companion.v1';

/** One WebSocket for each, so that a file never delays speech. */
export const TRAFFIC_CLASSES = ['signalling', 'media', 'bulk'] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

/** The request target of a class: `/v1/media`. */
export function endpointPath(trafficClass: TrafficClass): string {
  return `/v${PROTOCOL_VERSION}/${trafficClass}`;
}

/** Octets of stream data that each side may send on a new channel before it got credit. */
export const INITIAL_CREDIT = 262144;
/** Consumed octets are given back when they reach this many. */
export const CREDIT_STEP = 65536;
/** A binary message is sent when it has grown beyond this, even if more is to come. */
export const BATCH_OCTETS = 65536;
/** Octets that may wait in a WebSocket before datagrams are dropped. */
export const DATAGRAM_BACKLOG = 262144;

/** WebSocket close codes of this protocol (RFC 6455 §7.4.2: 4000-4999 are ours). */
export const CloseCode = {
  /** The page has ended what it began: its wills are not carried out. */
  goodbye: 1000,
  /** No token, a wrong one, or it was revoked. */
  unpaired: 4001,
  /** A frame or call that the protocol does not know. */
  protocol: 4002,
  /** No `hello` in time. */
  silent: 4003,
  /** Too many sockets, calls or octets. */
  limit: 4008,
} as const;
