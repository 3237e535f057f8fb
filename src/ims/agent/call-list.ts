import type { Clock, Timer } from '../../platform/clock.js';
import type { CallSnapshot, HistoryEntry } from '../snapshot.js';

/** ms that an ended call stays among the calls, so that a person sees how it ended. */
export const ENDED_CALL_LINGER = 4000;
/** Entries of the history. */
export const MAX_HISTORY = 100;

/** Anything that shows as a call. */
export interface ListedCall {
  readonly id: string;
  readonly snapshot: CallSnapshot;
  readonly visible?: boolean;
  readonly answeredElsewhere?: boolean;
}

/** The calls that are shown, and those that were. */
export class CallList<Call extends ListedCall> {
  readonly #calls = new Map<string, Call>();
  readonly #lingering = new Map<string, Timer>();
  #history: readonly HistoryEntry[] = Object.freeze([]);

  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  get snapshots(): readonly CallSnapshot[] {
    return Object.freeze(
      [...this.#calls.values()].filter(({ visible }) => visible !== false).map(({ snapshot }) => snapshot),
    );
  }

  [Symbol.iterator](): IterableIterator<Call> {
    return this.#calls.values();
  }

  get(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  add(call: Call): void {
    this.#calls.set(call.id, call);
    this.changed();
  }

  /** The call is over: it lingers, then it is history. One that nobody saw goes at once. */
  end(call: Call): void {
    if (!this.#calls.has(call.id) || this.#lingering.has(call.id)) return;
    if (call.visible === false) {
      this.#calls.delete(call.id);
      return;
    }
    this.#lingering.set(
      call.id,
      this.clock.setTimeout(ENDED_CALL_LINGER, () => this.#archive(call)),
    );
    this.changed();
  }

  close(): void {
    for (const timer of this.#lingering.values()) timer.cancel();
    for (const call of [...this.#calls.values()]) this.#archive(call);
  }

  #archive(call: Call): void {
    this.#lingering.delete(call.id);
    this.#calls.delete(call.id);
    if (call.visible !== false) {
      this.#history = Object.freeze([historyOf(call), ...this.#history].slice(0, MAX_HISTORY));
    }
    this.changed();
  }
}

function historyOf({ snapshot: call, answeredElsewhere }: ListedCall): HistoryEntry {
  const { id, direction, remote, startedAt, answeredAt, endedAt } = call;
  const duration = answeredAt === null || endedAt === null ? 0 : Math.round((endedAt - answeredAt) / 1000);
  const missed = direction === 'in' && answeredAt === null && call.endedBy !== 'local' && !answeredElsewhere;
  return Object.freeze({ id, direction, remote, startedAt, duration, missed });
}
