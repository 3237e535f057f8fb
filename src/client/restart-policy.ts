/** First and longest wait before a dead worker is started again, ms. */
const FIRST = 500;
const LONGEST = 30_000;

/** Waits twice as long after each failure in a row. */
export class RestartPolicy {
  #delay = FIRST;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Plans `restart`. @returns ms until then */
  next(restart: () => void): number {
    this.cancel();
    const delay = this.#delay;
    this.#delay = Math.min(LONGEST, 2 * delay);
    this.#timer = setTimeout(restart, delay);
    return delay;
  }

  succeeded(): void {
    this.#delay = FIRST;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
