import type { SipResponse } from '../message.js';

/** The way of one transaction's messages to one peer. */
export interface TransactionChannel {
  /** RFC 3261 §17: a reliable transport needs no retransmission. */
  /** Fills in what depends on the way, before a response is printed. */
  readonly complete?: (response: SipResponse) => void;
  readonly reliable: boolean;
  /** Sends and returns. A failure comes back through the transaction's `transportError`. */
  send(octets: Uint8Array): void;
}
