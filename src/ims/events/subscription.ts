import type { Timer } from '../../platform/clock.js';
import { backOff } from '../back-off.js';
import { createInitialRequest } from '../initial-request.js';
import type { RequestContext } from '../request-context.js';
import type { ClientTransactionHandle } from '../sip/client-exchange.js';
import { Dialog } from '../sip/dialog.js';
import { createResponse, type SipRequest, type SipResponse } from '../sip/message.js';
import { retryAfter } from '../sip/retry-after.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Uri } from '../sip/uri.js';
import {
  afterTermination,
  isTransient,
  parseSubscriptionState,
  type AfterTermination,
  type SubscriptionStateValue,
} from './subscription-state.js';
import { MAX_FOLLOW_UPS, SubscriptionUsage, type UsageEnd } from './subscription-usage.js';

export interface SubscriptionOptions {
  /** As it is now: routes and target change when the registration moves. */
  readonly context: () => RequestContext;
  /** Event package with its parameters: `reg`, `presence`. */
  readonly event: string;
  /** Media types of the state: Accept. */
  readonly accept: readonly string[];
  /** Whose state: Request-URI and To. */
  readonly resource: Uri;
  /** Seconds asked for. */
  readonly expires: number;
  /** Whether a SUBSCRIBE that forked makes as many subscriptions: each package says (RFC 6665 §5.4.9). */
  readonly forks: 'one' | 'many';
  /** Supported, filters and the like of a package. */
  readonly further?: (request: SipRequest) => void;
  readonly onNotify: (notification: Notification) => void;
  readonly onState?: (state: SubscriptionState, cause: SubscriptionEnd | null) => void;
}

/** The news of one NOTIFY. */
export interface Notification {
  readonly request: SipRequest;
  /** Which notifier: versions count for each by itself. */
  readonly dialog: string;
  /** It is the first of this dialog: what was known before comes from elsewhere. */
  readonly first: boolean;
  readonly state: SubscriptionStateValue;
}

export type SubscriptionState =
  | 'idle'
  | 'subscribing' // SUBSCRIBE sent, no NOTIFY yet
  | 'pending' // the notifier waits for somebody's consent
  | 'active'
  | 'waiting' // will subscribe again by itself
  | 'ended'; // final: refused, or given up by us

/** Why it waits or ended. */
export interface SubscriptionEnd {
  readonly status?: number;
  readonly reason: string;
}

/** Notifiers of one subscription. */
const MAX_USAGES = 32;
/** A subscription that lived so long was a success: the back-off starts anew, ms. */
const PROVEN = 60_000;

/**
 * A subscription to one event package (RFC 6665 §4.1), kept up until {@link stop}:
 *
 *   idle -> subscribing -> pending, active -> ended
 *               ^   |         |
 *               |   v         v   refresh refused, expired, terminated with a reason that allows it
 *               +- waiting <--+
 */
export class Subscription {
  #state: SubscriptionState = 'idle';
  #callId = '';
  #tag = '';
  #cseq = 1;
  #expires: number;
  #exchange: ClientTransactionHandle | null = null;
  readonly #usages = new Map<string, SubscriptionUsage>();
  /** Timer N: notifiers may still turn up. */
  #open: Timer | null = null;
  #retry: Timer | null = null;
  #followUps = 0;
  #failures = 0;
  #since = 0;
  #stopping: (() => void)[] = [];
  /** When {@link close} was called. */
  #closedAt: number | null = null;

  constructor(private readonly options: SubscriptionOptions) {
    this.#expires = options.expires;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  start(): void {
    if (this.#state !== 'idle' && this.#state !== 'waiting') return;
    const { endpoint } = this.options.context();
    this.#callId = endpoint.token(24);
    this.#tag = endpoint.token(12);
    this.#cseq = 1;
    this.#followUps = 0;
    this.#send();
  }

  /** Asks every notifier for the whole state. */
  refresh(): void {
    for (const usage of this.#usages.values()) usage.refresh();
  }

  /** Takes it down with a word to the notifiers. Resolves when they answered, or nobody did. */
  stop(): Promise<void> {
    this.#forget();
    if (this.#usages.size === 0) {
      this.#enter('ended', null);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#stopping.push(resolve);
      for (const usage of [...this.#usages.values()]) usage.leave();
    });
  }

  /** Ends it without a word. What the notifiers still say is taken for a while, and not listened to. */
  close(): void {
    this.#closedAt ??= this.options.context().clock.now();
    this.#forget();
    for (const usage of this.#usages.values()) usage.close();
    this.#usages.clear();
    this.#finish();
  }

  /** Whether a NOTIFY is for us (§4.4.1): Call-ID, our tag, event package. */
  owns(request: SipRequest): boolean {
    if (request.callId !== this.#callId || request.toTag !== this.#tag) return false;
    if (this.#closedAt === null) return this.#state !== 'ended';
    const { clock, endpoint } = this.options.context();
    return clock.now() - this.#closedAt < 64 * endpoint.timers.t1;
  }

  receive(request: SipRequest, transaction: ServerTransaction): void {
    const answer = (status: number): void => transaction.respond(createResponse(request, status));
    if (!sameEvent(request.headers.get('Event'), this.options.event)) return answer(489);
    const state = parseSubscriptionState(request.headers.get('Subscription-State'));
    if (!state) return answer(400);
    if (this.#closedAt !== null) return answer(200);
    const key = request.fromTag ?? '';
    const known = this.#usages.get(key);
    const usage = known ?? this.#adopt(request, key);
    if (!usage) return answer(481);
    if (!usage.dialog.acceptCSeq(request)) return answer(500);
    answer(200);
    if (this.#stopping.length === 0) this.#enter(state.state === 'pending' ? 'pending' : 'active', null);
    // The last state comes with the end, and counts.
    this.options.onNotify({ request, dialog: key, first: !known, state });
    usage.notified(request, state);
  }

  #adopt(request: SipRequest, key: string): SubscriptionUsage | null {
    // §4.1.2.4: after timer N nobody new; §5.4.9: a package may want one notifier alone.
    const { forks, context, expires } = this.options;
    if (!this.#open || this.#usages.size >= (forks === 'one' ? 1 : MAX_USAGES)) return null;
    const dialog = Dialog.ofSubscriber(request, this.#cseq);
    if (!dialog) return null;
    const usage = new SubscriptionUsage({
      context,
      dialog,
      expires: Math.max(expires, this.#expires),
      describe: (subscribe) => this.#describe(subscribe),
      onEnd: (_, end) => this.#usageEnded(key, end),
    });
    this.#usages.set(key, usage);
    this.#since = context().clock.now();
    return usage;
  }

  #send(): void {
    const { options } = this;
    const context = options.context();
    const ids = { to: options.resource, tag: this.#tag, callId: this.#callId, cseq: this.#cseq };
    const request = createInitialRequest(context, 'SUBSCRIBE', options.resource, ids);
    request.headers.set('Expires', String(this.#expires));
    this.#describe(request);
    this.#enter('subscribing', null);
    this.#open?.cancel();
    this.#open = context.clock.setTimeout(64 * context.endpoint.timers.t1, () => this.#noticeSilence());
    this.#exchange = context.sender.send(
      request,
      {
        onFinal: (response, sent) => this.#onFinal(response, sent),
        onFailure: (_reason, error) => this.#failed({ reason: error?.reason ?? 'timeout' }, null),
      },
      {
        ...(context.target ? { target: context.target } : {}),
        nextCSeq: () => ++this.#cseq,
        prepare: (copy, flow) => copy.headers.set('Contact', context.contact(flow)),
      },
    );
  }

  #describe(request: SipRequest): void {
    const { accept, context, event, further } = this.options;
    context().describe(request.headers);
    request.headers.set('Event', event);
    request.headers.set('Accept', accept.join(', '));
    further?.(request);
  }

  #onFinal(response: SipResponse, sent: SipRequest): void {
    this.#exchange = null;
    this.#cseq = sent.cseq?.number ?? this.#cseq;
    const { status } = response;
    if (status < 300) {
      // RFC 6665 §4.1.2.1: it may be shorter than we asked, never longer.
      const granted = Math.min(response.expires ?? this.#expires, this.#expires);
      for (const usage of this.#usages.values()) usage.extend(granted);
      return;
    }
    const minimum = Number(response.headers.get('Min-Expires'));
    if (status === 423 && minimum > this.#expires && minimum <= 0xffff_ffff && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      this.#cseq++;
      this.#expires = minimum;
      return this.#send();
    }
    const after = retryAfter(response);
    const cause = { status, reason: `${status} ${response.reason}` };
    if (after === null && !isTransient(status)) this.#refused(cause);
    else this.#failed(cause, after);
  }

  /** §4.1.2.4, timer N. */
  #noticeSilence(): void {
    this.#open = null;
    if (this.#usages.size === 0 && !this.#exchange) this.#failed({ reason: 'no NOTIFY' }, null);
  }

  #usageEnded(key: string, end: UsageEnd): void {
    this.#usages.delete(key);
    if (this.#usages.size > 0) return;
    if (this.#stopping.length > 0) return this.#finish();
    const cause = { reason: end === 'gone' ? 'gone' : (end.reason ?? 'terminated') };
    const next: AfterTermination = end === 'gone' ? 'at-once' : afterTermination(end);
    if (next === 'never') return this.#refused(cause);
    const lived = this.options.context().clock.now() - this.#since;
    if (lived >= PROVEN) this.#failures = 0;
    // At once, unless it was so the last time too: then something is wrong there.
    if (next === 'at-once' && this.#failures++ === 0) return this.#restart(0, cause);
    const named = end === 'gone' ? null : end.retryAfter;
    this.#failed(cause, named === null ? null : named * 1000);
  }

  #refused(cause: SubscriptionEnd): void {
    this.#forget();
    for (const usage of this.#usages.values()) usage.close();
    this.#usages.clear();
    this.#enter('ended', cause);
  }

  /** @param after ms; null: by back-off */
  #failed(cause: SubscriptionEnd, after: number | null): void {
    for (const usage of this.#usages.values()) usage.close();
    this.#usages.clear();
    this.#restart(after ?? backOff(++this.#failures, this.options.context().random), cause);
  }

  #restart(wait: number, cause: SubscriptionEnd): void {
    this.#forget();
    this.#enter('waiting', cause);
    this.#retry = this.options.context().clock.setTimeout(wait, () => this.start());
  }

  #forget(): void {
    this.#open?.cancel();
    this.#retry?.cancel();
    this.#open = this.#retry = null;
    this.#exchange?.abandon();
    this.#exchange = null;
  }

  #finish(): void {
    this.#enter('ended', null);
    for (const resolve of this.#stopping.splice(0)) resolve();
  }

  #enter(state: SubscriptionState, cause: SubscriptionEnd | null): void {
    if (state === this.#state) return;
    this.#state = state;
    this.options.onState?.(state, cause);
  }
}

/** RFC 6665 §8.2.1: the package by its name, the `id` if there is one; other parameters do not count. */
function sameEvent(given: string | undefined, wanted: string): boolean {
  if (given === undefined) return false;
  const [a, b] = [given, wanted].map((text) => {
    const [name = '', ...rest] = text.split(';').map((part) => part.trim());
    return `${name.toLowerCase()} ${rest.find((part) => /^id\s*=/i.test(part))?.replace(/^id\s*=\s*/i, '') ?? ''}`;
  });
  return a === b;
}
