/** The longest delay that timers of browsers and Node can run, ms: 24.8 days. */
export const MAX_TIMER = 0x7fff_ffff;

/** A running timer. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as the stack sees it. Given, never taken: the worker, Node and the tests
 * (virtual clock) each bring their own.
 */
export interface Clock {
  /** Monotonic time in milliseconds. Only differences have a meaning. */
  now(): number;
  /** Wall-clock time in milliseconds since 1970-01-01 UTC (RTCP NTP time, Date headers). */
  wallTime(): number;
  /** Calls `callback` once, after at least `delay` milliseconds. */
  setTimeout(delay: number, callback: () => void): Timer;
}
