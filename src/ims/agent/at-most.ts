import type { Clock } from '../../platform/clock.js';

/** Waits for `work`, well or not, for so many ms at most. */
export function atMost(clock: Clock, limit: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(limit, resolve);
    void Promise.allSettled([work]).then(() => {
      timer.cancel();
      resolve();
    });
  });
}
