import { MAX_TIMER, type Timer } from '../../platform/clock.js';
import { refreshDelay } from '../back-off.js';
import type { RequestContext } from '../request-context.js';
import type { Dialog } from '../sip/dialog.js';
import type { SipRequest, SipResponse } from '../sip/message.js';
import { retryAfter } from '../sip/retry-after.js';
import { ENDING_STATUS, type SubscriptionStateValue } from './subscription-state.js';

/** Why a usage is over: the notifier said so, or nobody keeps it up any more. */
export type UsageEnd = SubscriptionStateValue | 'gone';

export interface UsageOptions {
  readonly context: () => RequestContext;
  readonly dialog: Dialog;
  /** Seconds asked for. */
  readonly expires: number;
  /** Puts Event, Accept and the like into a SUBSCRIBE. */
  readonly describe: (request: SipRequest) => void;
  readonly onEnd: (usage: SubscriptionUsage, end: UsageEnd) => void;
}

/** Pause before a refresh that failed is tried again, at least, ms. */
const MIN_RETRY = 10_000;
/** 423s followed in a row. */
export const MAX_FOLLOW_UPS = 4;

/** One dialog that a SUBSCRIBE led to (RFC 6665 §4.1.2): kept up until it ends. */
export class SubscriptionUsage {
  readonly dialog: Dialog;
  #expiresAt: number;
  #asked: number;
  #refresh: Timer | null = null;
  #expiry: Timer | null = null;
  #silence: Timer | null = null;
  #followUps = 0;
  #leaving = false;
  #over = false;

  constructor(private readonly options: UsageOptions) {
    this.dialog = options.dialog;
    this.#asked = options.expires;
    this.#expiresAt = this.#now + options.expires * 1000;
  }

  /** A NOTIFY of this dialog, in sequence. */
  notified(request: SipRequest, state: SubscriptionStateValue): void {
    if (this.#over) return;
    this.#silence?.cancel();
    this.#silence = null;
    this.dialog.refreshTarget(request);
    if (state.state === 'terminated') return this.#end(state);
    // RFC 6665 §4.1.3: the notifier may shorten it.
    if (state.expires !== null) this.extend(state.expires);
    else if (!this.#refresh) this.extend(Math.round((this.#expiresAt - this.#now) / 1000));
  }

  /** @param seconds from now */
  extend(seconds: number): void {
    if (this.#over || this.#leaving) return;
    this.#stopTimers();
    this.#expiresAt = this.#now + seconds * 1000;
    const { clock } = this.options.context();
    this.#expiry = clock.setTimeout(Math.min(seconds * 1000, MAX_TIMER), () => this.#end('gone'));
    this.#refresh = clock.setTimeout(refreshDelay(seconds), () => this.refresh());
  }

  /** SUBSCRIBE within the dialog: the notifier sends the whole state. */
  refresh(): void {
    this.#refresh?.cancel();
    this.#refresh = null;
    this.#send(this.#asked);
  }

  /** Takes it down: the last NOTIFY ends it, or patience. */
  leave(): void {
    if (this.#over || this.#leaving) return;
    this.#leaving = true;
    this.#stopTimers();
    this.#send(0);
  }

  close(): void {
    this.#over = true;
    this.#stopTimers();
    this.#silence?.cancel();
    this.dialog.state = 'terminated';
  }

  #send(expires: number): void {
    const { dialog, options } = this;
    const context = options.context();
    const { request, nextHop } = dialog.createRequest('SUBSCRIBE');
    request.headers.set('Expires', String(expires));
    options.describe(request);
    // §4.1.2.2, timer N: who takes the SUBSCRIBE sends a NOTIFY.
    this.#silence?.cancel();
    this.#silence = context.clock.setTimeout(64 * context.endpoint.timers.t1, () => this.#end('gone'));
    context.sender.send(
      request,
      {
        onFinal: (response) => this.#onFinal(response, expires),
        onFailure: () => this.#failed(null),
      },
      {
        nextHop,
        ...(context.target ? { fallback: context.target } : {}),
        nextCSeq: () => dialog.nextCSeq(),
        prepare: (copy, flow) => copy.headers.set('Contact', context.contact(flow)),
      },
    );
  }

  #onFinal(response: SipResponse, asked: number): void {
    if (this.#over) return;
    const { status } = response;
    if (status < 300) {
      this.dialog.refreshTarget(response);
      this.#followUps = 0;
      // RFC 5839 §4.2: no NOTIFY follows a 204.
      if (status === 204) this.#silence?.cancel();
      if (!this.#leaving) this.extend(response.expires ?? asked);
      return;
    }
    const minimum = Number(response.headers.get('Min-Expires'));
    if (status === 423 && minimum > asked && asked > 0 && minimum <= 0xffff_ffff && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      this.#asked = minimum;
      return this.#send(minimum);
    }
    if (this.#leaving || ENDING_STATUS.has(status)) return this.#end('gone');
    this.#failed(retryAfter(response));
  }

  /** §4.1.2.2: it holds for as long as was agreed; another attempt in the meantime. @param after ms */
  #failed(after: number | null): void {
    if (this.#over) return;
    this.#silence?.cancel();
    this.#silence = null;
    if (this.#leaving) return this.#end('gone');
    const left = this.#expiresAt - this.#now;
    const wait = after ?? Math.max(MIN_RETRY, left / 2);
    if (wait < left) this.#refresh = this.options.context().clock.setTimeout(wait, () => this.refresh());
  }

  #end(end: UsageEnd): void {
    if (this.#over) return;
    this.close();
    this.options.onEnd(this, end);
  }

  #stopTimers(): void {
    this.#refresh?.cancel();
    this.#expiry?.cancel();
    this.#refresh = this.#expiry = null;
  }

  get #now(): number {
    return this.options.context().clock.now();
  }
}
