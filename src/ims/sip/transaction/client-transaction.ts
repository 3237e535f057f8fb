import type { SipRequest, SipResponse } from '../message.js';

export type ClientFailure = 'timeout' | 'transport';

/** What both client machines have in common for the layer above. */
export interface ClientTransaction {
  readonly request: SipRequest;
  readonly state: string;
  /** Sends the request and starts the timers. */
  start(): void;
  receive(response: SipResponse): void;
  transportError(): void;
  /** Ends it at once without telling the user of a failure. */
  terminate(): void;
}

export interface ClientTransactionUser {
  /** Every response that the figure passes to the TU: 1xx, the final one, and further 2xx to INVITE. */
  onResponse(response: SipResponse): void;
  /** No final response came. */
  onFailure(reason: ClientFailure): void;
  /** The machine is done; it must be forgotten. */
  onTerminated(): void;
}
