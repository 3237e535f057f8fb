import type { SipRequest, SipResponse } from '../message.js';

export type ServerTransactionState = 'trying' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** A request that waits for its answer: what the transaction user holds. */
export interface ServerTransaction {
  readonly request: SipRequest;
  readonly state: ServerTransactionState;
  /** Sends a response; a 2xx to INVITE may be sent again while Accepted (RFC 6026 §7.1). Ignored in a state that forbids it. */
  respond(response: SipResponse): void;
  /** INVITE only: the matching CANCEL arrived and got its 200. Only while no final response went out. */
  onCancel: ((cancel: SipRequest) => void) | null;
  /** INVITE only: the ACK to a final non-2xx response arrived. */
  onAck: ((ack: SipRequest) => void) | null;
  /** INVITE only: no ACK within 64*T1 (timer H), or for a 2xx the Accepted state ended (timer L). */
  onTimeout: (() => void) | null;
  /** The final response could not be sent. */
  onTransportError: (() => void) | null;
}

/** What the layer needs of a server machine besides. */
export interface ServerMachine extends ServerTransaction {
  /** A request that matches: retransmission or ACK. @returns true if it is to be passed to the TU (ACK in Accepted) */
  receive(request: SipRequest): boolean;
  transportError(): void;
  terminate(): void;
}
