import type { Clock, Timer } from '../../../platform/clock.js';
import { printMessage } from '../print.js';
import type { SipRequest, SipResponse } from '../message.js';
import type { TransactionTimers } from '../timers.js';
import type { TransactionChannel } from './channel.js';
import type { ServerMachine } from './server-transaction.js';

/**
 * RFC 3261 figure 8:
 *
 *           |request: to TU
 *           v
 *      +--------+
 *      | Trying | (request: absorb) --- 200-699 from TU: send --+
 *      +--------+                                               |
 *           | 1xx from TU: send                                 |
 *           v                                                   v
 *      +------------+  200-699 from TU: send  +-----------+ timer J  +------------+
 *   +- | Proceeding | ----------------------> | Completed | -------> | Terminated |
 *   +> +------------+                         +-----------+          +------------+
 *   request: send last response                request: send last response
 */
export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export class NonInviteServerTransaction implements ServerMachine {
  onCancel: ((cancel: SipRequest) => void) | null = null;
  onAck: ((ack: SipRequest) => void) | null = null;
  onTimeout: (() => void) | null = null;
  onTransportError: (() => void) | null = null;

  #state: NonInviteServerState = 'trying';
  #last: Uint8Array | null = null;
  #timer: Timer;

  constructor(
    readonly request: SipRequest,
    private readonly channel: TransactionChannel,
    private readonly timers: TransactionTimers,
    private readonly clock: Clock,
    private readonly onTerminated: () => void,
  ) {
    // RFC 4320 §4.2: after 64*T1 the client has given up; a request that nobody answered is forgotten.
    this.#timer = clock.setTimeout(64 * timers.t1, () => this.terminate());
  }

  get state(): NonInviteServerState {
    return this.#state;
  }

  respond(response: SipResponse): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    this.channel.complete?.(response);
    this.#last = printMessage(response);
    if (response.status < 200) {
      this.#state = 'proceeding';
    } else {
      this.#state = 'completed';
      this.#timer.cancel();
      this.#timer = this.clock.setTimeout(this.timers.j, () => this.terminate());
    }
    this.channel.send(this.#last);
  }

  receive(): boolean {
    if (this.#last && this.#state !== 'terminated') this.channel.send(this.#last);
    return false;
  }

  transportError(): void {
    if (this.#state === 'terminated') return;
    this.onTransportError?.();
    this.terminate();
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#timer.cancel();
    this.onTerminated();
  }
}
