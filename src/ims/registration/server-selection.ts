import type { Target } from '../sip/transport/flow.js';

/**
 * Which P-CSCF is asked (TS 24.229 §9.2.1, RFC 3263 §4.3): the one that we are registered with, else the best that
 * was not tried in this attempt.
 */
export class ServerSelection {
  #rest: readonly Target[] | null = null;
  #again: Target | null = null;

  /** Begins a new attempt. */
  begin(): void {
    this.#rest = null;
    this.#again = null;
  }

  /** Whether it is known where to go. */
  get located(): boolean {
    return this.#rest !== null;
  }

  offer(targets: readonly Target[]): void {
    this.#rest = targets.filter((target, i) => targets.findIndex((other) => sameTarget(other, target)) === i);
  }

  /** The next is this one once more. */
  insist(target: Target): void {
    this.#again = target;
  }

  /** Takes the next off. */
  next(): Target | null {
    if (this.#again) {
      const again = this.#again;
      this.#again = null;
      return again;
    }
    if (!this.#rest) return null;
    const [first, ...rest] = this.#rest;
    this.#rest = rest;
    return first ?? null;
  }

  get more(): boolean {
    return (this.#rest?.length ?? 0) > 0;
  }
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.transport === b.transport && a.address === b.address && a.port === b.port;
}
