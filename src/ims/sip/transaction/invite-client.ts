import type { Clock, Timer } from '../../../platform/clock.js';
import { printMessage } from '../print.js';
import type { SipRequest, SipResponse } from '../message.js';
import type { TransactionTimers } from '../timers.js';
import type { TransactionChannel } from './channel.js';
import type { ClientTransaction, ClientTransactionUser } from './client-transaction.js';
import { createNon2xxAck } from './derived-requests.js';

/**
 * RFC 3261 figure 5 with the Accepted state of RFC 6026 figure 3:
 *
 *                 |INVITE from TU
 *   timer A fires v                      timer B fires or transport error
 *   send, A*=2 +---------+  ------------------------------> inform TU ----+
 *        +---- | Calling |                                                |
 *        +---> +---------+ --- 2xx: to TU --------------------+           |
 *              1xx |    \                                     |           |
 *                  v     \ 300-699: send ACK, to TU           v           |
 *          +------------+ \                              +----------+     |
 *   1xx +- | Proceeding |  \      2xx: to TU             | Accepted | -+ 2xx: to TU
 *       +> +------------+ --\--------------------------> +----------+ <+  |
 *                  |         v                                |           |
 *   300-699: ACK   |    +-----------+                         | timer M   |
 *       to TU      +--> | Completed | -+ 300-699: send ACK    |           |
 *                       +-----------+ <+                      v           v
 *                             | timer D, transport error +------------------+
 *                             +------------------------> |    Terminated    |
 *                                                        +------------------+
 */
export type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

export class InviteClientTransaction implements ClientTransaction {
  #state: InviteClientState = 'calling';
  #timerA: Timer | null = null;
  #timeout: Timer | null = null;
  #ack: Uint8Array | null = null;
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

  get state(): InviteClientState {
    return this.#state;
  }

  start(): void {
    this.#timeout = this.clock.setTimeout(this.timers.b, () => this.#fail('timeout'));
    if (!this.channel.reliable) this.#armA(this.timers.a);
    this.channel.send(this.#octets);
  }

  receive(response: SipResponse): void {
    const { status } = response;
    switch (this.#state) {
      case 'calling':
      case 'proceeding':
        if (status < 200) {
          this.#state = 'proceeding';
          this.#stopTimers();
        } else if (status < 300) {
          this.#state = 'accepted';
          this.#stopTimers();
          this.#timeout = this.clock.setTimeout(this.timers.m, () => this.terminate());
        } else {
          this.#complete(response);
        }
        this.user.onResponse(response);
        return;
      case 'accepted':
        // RFC 6026 §8.4: 2xx of other forks and retransmissions are the TU's; all else is dropped.
        if (status >= 200 && status < 300) this.user.onResponse(response);
        return;
      case 'completed':
        if (status >= 300 && this.#ack) this.channel.send(this.#ack);
        return;
      case 'terminated':
        return;
    }
  }

  transportError(): void {
    if (this.#state === 'calling' || this.#state === 'proceeding') this.#fail('transport');
    else if (this.#state === 'completed') this.terminate();
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopTimers();
    this.user.onTerminated();
  }

  #complete(response: SipResponse): void {
    this.#state = 'completed';
    this.#stopTimers();
    this.#ack = printMessage(createNon2xxAck(this.request, response));
    this.channel.send(this.#ack);
    // Timer D is 0 on a reliable transport; the TU still sees the response first.
    this.#timeout = this.clock.setTimeout(this.timers.d, () => this.terminate());
  }

  #armA(interval: number): void {
    this.#timerA = this.clock.setTimeout(interval, () => {
      this.#armA(interval * 2);
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
    this.#timerA?.cancel();
    this.#timerA = null;
    this.#timeout?.cancel();
    this.#timeout = null;
  }
}
