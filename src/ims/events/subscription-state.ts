import { parseParameters, type Parameters } from '../sip/parameters.js';

/** The Subscription-State header field of a NOTIFY (RFC 6665 §4.1.3). */
export interface SubscriptionStateValue {
  /** An unknown state is taken for `active`: the subscription lives. */
  readonly state: 'active' | 'pending' | 'terminated';
  readonly reason: string | null;
  /** Seconds. */
  readonly expires: number | null;
  /** Seconds. */
  readonly retryAfter: number | null;
}

/** @returns null if malformed */
export function parseSubscriptionState(text: string | undefined): SubscriptionStateValue | null {
  const [, word = '', rest = ''] = /^\s*([A-Za-z0-9\-.!%*_+`'~]+)\s*(;.*)?$/.exec(text ?? '') ?? [];
  const parameters = word === '' ? null : parseParameters(rest);
  if (!parameters) return null;
  const state = word.toLowerCase();
  return {
    state: state === 'terminated' || state === 'pending' ? state : 'active',
    reason: parameters.get('reason')?.toLowerCase() ?? null,
    expires: seconds(parameters, 'expires'),
    retryAfter: seconds(parameters, 'retry-after'),
  };
}

function seconds(parameters: Parameters, name: string): number | null {
  const text = parameters.get(name) ?? '';
  return /^\d{1,10}$/.test(text) ? Math.min(Number(text), 0xffff_ffff) : null;
}

/** What a subscriber does about the end of its subscription: now, after a while (`Retry-After` or its own), or nothing. */
export type AfterTermination = 'at-once' | 'later' | 'never';

/** RFC 6665 §4.1.3, RFC 4660 §3.3 (badfilter). */
const BY_REASON: Readonly<Record<string, AfterTermination>> = {
  deactivated: 'at-once',
  timeout: 'at-once',
  probation: 'later',
  giveup: 'later',
  rejected: 'never',
  noresource: 'never',
  invariant: 'never',
  badfilter: 'never',
};

/** No reason, or an unknown one: at any time, unless the notifier named it. */
export function afterTermination({ reason, retryAfter }: SubscriptionStateValue): AfterTermination {
  return BY_REASON[reason ?? ''] ?? (retryAfter === null ? 'at-once' : 'later');
}

/** RFC 6665 §4.1.2.2: these end a subscription when a refresh gets them. */
export const ENDING_STATUS: ReadonlySet<number> = new Set([
  404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604,
]);

/** Final responses to a SUBSCRIBE that another attempt may find mended. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 480 || status === 481 || (status >= 500 && status < 600 && status !== 501);
}
