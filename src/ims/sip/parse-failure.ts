import type { SipRequest } from './message.js';

/** Why octets are no message. */
export type ParseFailureReason =
  | 'empty' // nothing, or line ends only: a keep-alive
  | 'too-large' // more octets, header fields or octets in a line than the limits allow
  | 'not-sip' // the first line is neither a request line nor a status line
  | 'start-line' // meant as SIP, but malformed
  | 'version' // not SIP/2.0
  | 'request-uri'
  | 'status' // no number from 100 to 699
  | 'header' // a line that is no header field
  | 'line-end' // a bare CR or LF in the head
  | 'unterminated' // no empty line after the header fields
  | 'content-length' // malformed, or different values
  | 'truncated'; // the body is shorter than Content-Length says

export type ParseFailure = ParseFailureReason;

export interface ParseLimits {
  /** Octets of a message, 65,535 unless told: what a datagram can hold. */
  readonly messageOctets: number;
  /** Header fields, 256 unless told. */
  readonly headerFields: number;
  /** Characters of a header field with its continuation lines, 16,384 unless told. */
  readonly fieldLength: number;
  /** Characters of the Request-URI, 2,048 unless told. */
  readonly uriLength: number;
}

export const DEFAULT_LIMITS: ParseLimits = {
  messageOctets: 65_535,
  headerFields: 256,
  fieldLength: 16_384,
  uriLength: 2_048,
};

export interface FailedParse {
  readonly ok: false;
  readonly reason: ParseFailureReason;
  /** One line for a log; holds no more than 80 characters of the input. */
  readonly detail: string;
  /** Octets of the input that the failed message took; on a stream the connection is beyond repair. */
  readonly consumed: number;
  /** The request as far as it was understood, if a response can be sent to it; null for an ACK and for responses. */
  readonly partial: SipRequest | null;
  /** What the sender of {@link partial} deserves: 400, 414, 505 or 513. */
  readonly status: number;
}
