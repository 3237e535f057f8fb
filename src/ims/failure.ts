/**
 * Everything that can go wrong for a person, as one closed union. Elements own a sentence and a
 * remedy for each reason; `detail` is for the log and the "more" of a dialog, never the sentence.
 */
export type FailureReason =
  // reaching the network
  | 'companion-absent'
  | 'companion-unpaired'
  | 'companion-refused'
  | 'companion-lost'
  | 'server-unreachable'
  | 'server-not-found' // DNS
  | 'server-timeout'
  | 'tls-expired'
  | 'tls-name'
  | 'tls-authority'
  | 'tls-pinned' // the server has none of the keys that the account names
  | 'tls'
  // registration
  | 'credentials-rejected'
  | 'credentials-missing'
  | 'network-not-trusted' // a challenge (AKA) or an answer (rspauth) does not fit our key
  | 'security-mismatch' // no security agreement that our policy takes (RFC 3329), or one that cannot be believed
  | 'ipsec-denied' // the companion may not change security associations
  | 'ipsec-kernel' // this machine's kernel has no ESP
  | 'ipsec-tool' // this machine has no xfrm, or no program "ip"
  | 'forbidden'
  | 'unknown-user' // 404 to a REGISTER
  | 'registration-rejected' // any other final failure
  // calls
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'not-found'
  | 'address-invalid'
  | 'unavailable' // 480
  | 'not-acceptable' // 488, 606, no common codec
  | 'not-registered'
  | 'call-failed' // any other final response
  | 'call-lost' // peer or network gone in mid-call
  // media
  | 'microphone-denied'
  | 'microphone-missing'
  | 'audio-blocked' // autoplay policy: needs a click
  | 'media-failed'
  // ourselves
  | 'browser-unsupported'
  | 'worker-failed'
  | 'internal';

export interface Failure {
  readonly reason: FailureReason;
  /** One line for a log: status line, error message. No secrets. */
  readonly detail?: string;
  /** SIP status code, when a response caused it. */
  readonly status?: number;
  /** Milliseconds until the stack tries again by itself, if it does. */
  readonly retryAfter?: number;
}
