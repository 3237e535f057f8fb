import type { Clock, Timer } from '../../platform/clock.js';
import type { SipResponse } from '../sip/message.js';
import type { TimerValues } from '../sip/timers.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';

/** Sends the 2xx to an INVITE again and again until the ACK comes (RFC 3261 §13.3.1.4): whatever the transport. */
export class SuccessResponder {
  #retransmission: Timer | null = null;
  #giveUp: Timer | null;

  /** @param onTimeout no ACK within 64*T1: the session is to be ended by BYE */
  constructor(
    private readonly transaction: ServerTransaction,
    private readonly response: SipResponse,
    private readonly clock: Clock,
    private readonly timers: TimerValues,
    onTimeout: () => void,
  ) {
    this.#giveUp = clock.setTimeout(64 * timers.t1, () => {
      this.stop();
      onTimeout();
    });
    this.#send(timers.t1);
  }

  get pending(): boolean {
    return this.#giveUp !== null;
  }

  /** @returns true if this ACK is the one that was waited for */
  acknowledge(ack: { readonly cseq: { readonly number: number } | null }): boolean {
    if (!this.pending || ack.cseq?.number !== this.transaction.request.cseq?.number) return false;
    this.stop();
    return true;
  }

  stop(): void {
    this.#retransmission?.cancel();
    this.#giveUp?.cancel();
    this.#giveUp = null;
  }

  #send(interval: number): void {
    this.transaction.respond(this.response);
    this.#retransmission = this.clock.setTimeout(interval, () => this.#send(Math.min(2 * interval, this.timers.t2)));
  }
}
