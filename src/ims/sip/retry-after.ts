import type { SipResponse } from './message.js';

/** RFC 3261 §20.33: seconds before any comment or parameter. @returns ms, a day at most; null: the server names no time */
export function retryAfter(response: SipResponse): number | null {
  const seconds = /^\d{1,9}/.exec(response.headers.get('Retry-After') ?? '')?.[0];
  return seconds === undefined ? null : Math.min(Number(seconds), 86_400) * 1000;
}
