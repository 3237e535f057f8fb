import type { Clock, Timer } from '../../../platform/clock.js';
import { printMessage } from '../print.js';
import { createResponse, type SipRequest, type SipResponse } from '../message.js';
import type { TransactionTimers } from '../timers.js';
import type { TransactionChannel } from './channel.js';
import { hasMagicCookie } from './matching.js';
import type { ServerMachine } from './server-transaction.js';

/**
 * RFC 3261 figure 7 with the Accepted state of RFC 6026 figure 5:
 *
 *                   |INVITE: to TU, 100 if TU is silent for 200 ms
 *   INVITE: send    v
 *   last 1xx  +- +------------+ 2xx from TU: send
 *             +> | Proceeding | -----------------------+
 *                +------------+                        v
 *   300-699 from TU: |                        +----------+ -+ INVITE: absorb; ACK: to TU;
 *          send      v                        | Accepted | <+ 2xx from TU: send
 *             +- +-----------+                +----------+
 *   INVITE,   +> | Completed | -- timer H: ---+    | timer L: inform TU
 *   timer G: send+-----------+    inform TU   |    |
 *                    | ACK                    |    |
 *                    v                        v    v
 *             +- +-----------+   timer I   +------------+
 *   ACK: drop +> | Confirmed | ----------> | Terminated |
 *                +-----------+             +------------+
 */
export type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

export class InviteServerTransaction implements ServerMachine {
  onCancel: ((cancel: SipRequest) => void) | null = null;
  onAck: ((ack: SipRequest) => void) | null = null;
  onTimeout: (() => void) | null = null;
  onTransportError: (() => void) | null = null;

  #state: InviteServerState = 'proceeding';
  #last: Uint8Array | null = null;
  #lastToTag: string | null = null;
  #retransmission: Timer | null = null;
  #timeout: Timer | null = null;

  constructor(
    readonly request: SipRequest,
    private readonly channel: TransactionChannel,
    private readonly timers: TransactionTimers,
    private readonly clock: Clock,
    private readonly onTerminated: () => void,
  ) {
    // §17.2.1: 100 unless the TU is known to answer within 200 ms.
    this.#retransmission = clock.setTimeout(timers.trying, () => this.respond(createResponse(request, 100)));
  }

  get state(): InviteServerState {
    return this.#state;
  }

  respond(response: SipResponse): void {
    if (this.#state === 'accepted') {
      if (response.status >= 200 && response.status < 300) this.#send(response);
      return;
    }
    if (this.#state !== 'proceeding') return;
    this.#stopTimers();
    this.#lastToTag = response.toTag;
    if (response.status < 200) {
      this.#send(response);
    } else if (response.status < 300) {
      this.#state = 'accepted';
      this.#timeout = this.clock.setTimeout(this.timers.l, () => this.#expire());
      this.#send(response);
    } else {
      this.#state = 'completed';
      this.#timeout = this.clock.setTimeout(this.timers.h, () => this.#expire());
      if (!this.channel.reliable) this.#armG(this.timers.g);
      this.#send(response);
    }
  }

  receive(request: SipRequest): boolean {
    if (request.method === 'ACK') return this.#receiveAck(request);
    // RFC 6026 §7.1: in Accepted a retransmitted INVITE is absorbed; the TU retransmits the 2xx.
    if ((this.#state === 'proceeding' || this.#state === 'completed') && this.#last) this.channel.send(this.#last);
    return false;
  }

  transportError(): void {
    // RFC 6026 §7.1: in Proceeding and Accepted the TU is told and goes on; a lost 1xx is no reason to end.
    if (this.#state === 'terminated') return;
    this.onTransportError?.();
    if (this.#state === 'completed') this.terminate();
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopTimers();
    this.onTerminated();
  }

  #receiveAck(ack: SipRequest): boolean {
    if (this.#state === 'accepted') return true;
    if (this.#state !== 'completed') return false;
    // §17.2.3: for an RFC 2543 peer the To tag must be the one of the response.
    if (!hasMagicCookie(this.request.via) && ack.toTag !== this.#lastToTag) return false;
    this.#state = 'confirmed';
    this.#stopTimers();
    this.#timeout = this.clock.setTimeout(this.timers.i, () => this.terminate());
    this.onAck?.(ack);
    return false;
  }

  #send(response: SipResponse): void {
    this.channel.complete?.(response);
    this.#last = printMessage(response);
    this.channel.send(this.#last);
  }

  #armG(interval: number): void {
    this.#retransmission = this.clock.setTimeout(interval, () => {
      this.#armG(Math.min(interval * 2, this.timers.t2));
      if (this.#last) this.channel.send(this.#last);
    });
  }

  #expire(): void {
    this.onTimeout?.();
    this.terminate();
  }

  #stopTimers(): void {
    this.#retransmission?.cancel();
    this.#retransmission = null;
    this.#timeout?.cancel();
    this.#timeout = null;
  }
}
