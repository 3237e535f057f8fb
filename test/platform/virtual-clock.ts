import type { Clock, Timer } from '../../src/platform/clock.js';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when told. Timers of the same instant fire in the order they were set.
 * Between two timers every pending promise settles, so that asynchronous code runs as it would.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Entry>();

  constructor(private readonly epoch = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.epoch + this.#now;
  }

  setTimeout(delay: number, callback: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.max(0, delay), order: this.#order++, callback };
    this.#timers.add(entry);
    return { cancel: () => void this.#timers.delete(entry) };
  }

  /** Timers that are running, for leak tests. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time forward by `ms`, firing what is due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  /** Moves time forward until `condition` holds. @throws Error if it does not within `limit` ms */
  async until(condition: () => boolean, limit = 120_000): Promise<void> {
    const end = this.#now + limit;
    await settle();
    while (!condition()) {
      const next = this.#next(end);
      if (!next) throw new Error(`the condition did not come true within ${limit} ms`);
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
  }

  /** Fires timers until none is left. @returns false if some remain after `limit` ms */
  async drain(limit: number): Promise<boolean> {
    const end = this.#now + limit;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    return this.#timers.size === 0;
  }

  #next(end: number): Entry | null {
    let first: Entry | null = null;
    for (const entry of this.#timers) {
      if (entry.at <= end && (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order))) {
        first = entry;
      }
    }
    return first;
  }
}

/** Lets every promise chain that is ready run to its end. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
