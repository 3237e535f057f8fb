import type { Clock, Timer } from '../../../platform/clock.js';
import { printMessage } from '../print.js';
import type { SipRequest, SipResponse } from '../message.js';
import type { TransactionTimers } from '../timers.js';
import type { TransactionChannel } from './channel.js';
import type { ClientTransaction, ClientTransactionUser } from './client-transaction.js';

/**
 * RFC 3261 figure 6:
 *
 *                  |request from TU
 *   timer E: send  v
 *        +---- +--------+ ---- timer F or transport error: inform TU ---+
 *        +---> | Trying |                                               |
 *              +--------+ -- 200-699: to TU --+                         |
 *            1xx: to TU |                     |                         |
 *   timer E: send       v                     v                         v
 *        +---- +------------+ 200-699  +-----------+  timer K   +------------+
 *        +---> | Proceeding | -------> | Completed | ---------> | Terminated |
 *              +------------+  to TU   +-----------+            +------------+
 *                       |                                               ^
 *                       +---- timer F or transport error: inform TU ----+
 */
export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export class NonInviteClientTransaction implements ClientTransaction {
  #state: NonInviteClientState = 'trying';
  #timerE: Timer | null = null;
  #timeout: Timer | null = null;
  readonly #octets: Uint8Array;

  constructor(
    readonly request: SipRequest,
    private readonly channel: TransactionChannel,
    private readonly timers: TransactionTimers,
    private readonly clock: Clock,
    private readonly user: ClientTransactionUser,
  ) {
    this.#octets = printMessage(request);
  }

  get state(): NonInviteClientState {
    return this.#state;
  }

  start(): void {
    this.#timeout = this.clock.setTimeout(this.timers.f, () => this.#fail('timeout'));
    if (!this.channel.reliable) this.#armE(this.timers.e);
    this.channel.send(this.#octets);
  }

  receive(response: SipResponse): void {
    if (this.#state === 'completed' || this.#state === 'terminated') return;
    if (response.status < 200) {
      this.#state = 'proceeding';
    } else {
      this.#state = 'completed';
      this.#stopTimers();
      this.#timeout = this.clock.setTimeout(this.timers.k, () => this.terminate());
    }
    this.user.onResponse(response);
  }

  transportError(): void {
    if (this.#state === 'trying' || this.#state === 'proceeding') this.#fail('transport');
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopTimers();
    this.user.onTerminated();
  }

  #armE(interval: number): void {
    this.#timerE = this.clock.setTimeout(interval, () => {
      // §17.1.2.2: MIN(2*T1, T2) and so on in Trying, T2 in Proceeding.
      this.#armE(this.#state === 'proceeding' ? this.timers.t2 : Math.min(interval * 2, this.timers.t2));
      this.channel.send(this.#octets);
    });
  }

  #fail(reason: 'timeout' | 'transport'): void {
    this.#stopTimers();
    this.#state = 'terminated';
    this.user.onFailure(reason);
    this.user.onTerminated();
  }

  #stopTimers(): void {
    this.#timerE?.cancel();
    this.#timerE = null;
    this.#timeout?.cancel();
    this.#timeout = null;
  }
}
