import { MAX_TIMER } from '../platform/clock.js';
import { randomUint32, type Random } from '../platform/random.js';

/** RFC 5626 §4.5, with all flows failed, ms. */
const BASE = 30_000;
const MAX = 1_800_000;
/** When the fault is on our own machine (no companion, no route): nobody else is bothered by trying again soon. */
const LOCAL_BASE = 1000;
const LOCAL_MAX = 10_000;

/**
 * RFC 5626 §4.5: the upper bound doubles with each failure in a row; the wait is 50 to 100 % of it.
 * @param failures in a row, from 1
 * @returns ms
 */
export function backOff(failures: number, random: Random, local = false): number {
  const [base, max] = local ? [LOCAL_BASE, LOCAL_MAX] : [BASE, MAX];
  const bound = Math.min(max, base * 2 ** Math.min(failures, 16));
  return Math.round(bound * (0.5 + randomUint32(random) / 0x2_0000_0000));
}

/**
 * TS 24.229 §5.1.1.4.1: 600 s before the registration expires if it lasts more than 1200 s, else at half time.
 * @param expires seconds
 * @returns ms
 */
export function refreshDelay(expires: number): number {
  const delay = 1000 * (expires > 1200 ? expires - 600 : expires / 2);
  return Math.min(Math.max(delay, MIN_REFRESH), MAX_TIMER);
}

/** No registrar makes us send more often than this, ms. */
const MIN_REFRESH = 5000;
