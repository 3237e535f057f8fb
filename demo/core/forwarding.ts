import { createResponse, type SipRequest, type SipResponse } from '../../src/ims/sip/index.js';
import type { ClientTransactionHandle } from '../../src/ims/sip/client-exchange.js';
import type { SendOptions, SipEndpoint } from '../../src/ims/sip/endpoint.js';
import type { ServerTransaction } from '../../src/ims/sip/transaction/server-transaction.js';
import type { Clock, Timer } from '../../src/platform/clock.js';

/** One copy of a request and where it goes. */
export interface Branch {
  readonly request: SipRequest;
  readonly options: SendOptions;
}

/** RFC 3261 §16.6 step 11: more than three minutes. */
const TIMER_C = 185_000;

/** RFC 3261 §16.7: one request on its way to one or several places, and their answers on the way back. */
export class Forwarding {
  readonly #handles = new Map<number, ClientTransactionHandle>();
  readonly #finals: SipResponse[] = [];
  #timerC: Timer | null = null;
  #answered = false;

  constructor(
    private readonly endpoint: SipEndpoint,
    private readonly clock: Clock,
    private readonly upstream: ServerTransaction,
    private readonly onDone: () => void,
  ) {}

  start(branches: readonly Branch[]): void {
    this.upstream.onCancel = () => this.#cancelAll();
    branches.forEach((branch, number) => {
      const handle = this.endpoint.request(
        branch.request,
        {
          onProvisional: (response) => this.#provisional(response),
          onFinal: (response) => this.#final(number, response),
          onFailure: (reason) =>
            this.#final(
              number,
              createResponse(branch.request, reason === 'timeout' ? 408 : 480, { toTag: this.endpoint.token() }),
              true,
            ),
          // §16.7 step 5: each 2xx to an INVITE goes upstream, whichever branch it came from.
          onFurtherSuccess: (response) => this.#pass(response),
        },
        branch.options,
      );
      if (!this.#answered) this.#handles.set(number, handle);
    });
    if (this.upstream.request.method === 'INVITE') this.#armTimerC();
  }

  #provisional(response: SipResponse): void {
    if (response.status === 100 || this.#answered) return;
    this.#armTimerC();
    this.#pass(response);
  }

  /** @param own made here, so it has no Via of ours on top */
  #final(number: number, response: SipResponse, own = false): void {
    this.#handles.delete(number);
    if (response.status < 300) {
      this.#pass(response);
      this.#finish();
      this.#cancelAll();
    } else if (!this.#answered) {
      const passed = own ? response : withoutOurVia(response);
      this.#finals.push(passed);
      // §16.7 step 5: a 6xx ends the search.
      if (response.status >= 600) this.#cancelAll();
      if (this.#handles.size === 0) this.#respondBest();
    }
  }

  #respondBest(): void {
    const best = [...this.#finals].sort((a, b) => rank(a.status) - rank(b.status))[0];
    // §16.7 step 6: a 503 would be taken to mean this proxy.
    const response =
      best && best.status !== 503 ? best : createResponse(this.upstream.request, 500, { toTag: this.endpoint.token() });
    this.upstream.respond(response);
    this.#finish();
  }

  #pass(response: SipResponse): void {
    this.upstream.respond(withoutOurVia(response));
  }

  #finish(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#timerC?.cancel();
    this.upstream.onCancel = null;
    this.onDone();
  }

  /** The core is closing: nothing is told to anybody, and no timer is left. */
  abandon(): void {
    this.#answered = true;
    this.#timerC?.cancel();
  }

  #cancelAll(): void {
    for (const handle of this.#handles.values()) handle.cancel();
  }

  #armTimerC(): void {
    this.#timerC?.cancel();
    if (!this.#answered) this.#timerC = this.clock.setTimeout(TIMER_C, () => this.#cancelAll());
  }
}

/** §16.7 step 3 */
function withoutOurVia(response: SipResponse): SipResponse {
  const copy = response.clone();
  copy.headers.removeFirst('Via');
  return copy;
}

/** §16.7 step 6: 6xx first, then the lowest class; what the caller could act upon before 408 and 480 of our own. */
function rank(status: number): number {
  if (status >= 600) return 0;
  const helpful = [401, 407, 415, 420, 484].includes(status) ? 0 : status === 408 || status === 480 ? 2 : 1;
  return Math.floor(status / 100) * 10 + helpful;
}
