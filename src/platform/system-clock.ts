import type { Clock, Timer } from './clock.js';

/** The time of the machine: `performance.now` and `setTimeout`, in a page, a worker or Node. */
export class SystemClock implements Clock {
  now(): number {
    return performance.now();
  }

  wallTime(): number {
    return Date.now();
  }

  setTimeout(delay: number, callback: () => void): Timer {
    const handle = globalThis.setTimeout(callback, delay);
    return { cancel: () => globalThis.clearTimeout(handle) };
  }
}
