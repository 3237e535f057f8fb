/**
 * A handler that may be set a little late: what comes before it is set waits, up to a limit. It
 * bridges the turn between "the socket is open" and the user's `onData = …`.
 */
export class LateHandler<Args extends readonly unknown[]> {
  #handler: ((...args: Args) => void) | null = null;
  #waiting: Args[] | null = [];

  /** @param limit items that may wait; more are dropped. @param taken told of each item that was handled */
  constructor(
    private readonly limit: number,
    private readonly taken: (...args: Args) => void = () => undefined,
  ) {}

  get handler(): ((...args: Args) => void) | null {
    return this.#handler;
  }

  set handler(handler: ((...args: Args) => void) | null) {
    this.#handler = handler;
    const waiting = this.#waiting;
    if (!handler || !waiting) return;
    this.#waiting = null;
    for (const args of waiting) this.deliver(...args);
  }

  deliver(...args: Args): void {
    if (this.#waiting) {
      if (this.#waiting.length < this.limit) this.#waiting.push(args);
      return;
    }
    this.#handler?.(...args);
    this.taken(...args);
  }
}
