import type { HistoryEntry, Party } from '../../ims/snapshot.js';
import type { KeyValueStore } from './key-value-store.js';
import { parseList } from './stored-list.js';

const LIMIT = 100;

/** The calls of earlier visits, one list per identity, newest first. */
export class HistoryStore {
  #key = '';
  #entries: readonly HistoryEntry[] = [];

  constructor(private readonly store: KeyValueStore) {}

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  open(identity: string): void {
    this.#key = `ims-elements:history:${identity}`;
    this.#entries = parseList(this.store.get(this.#key), isEntry);
  }

  /** Adds what the stack knows. Entries are told apart by id. @returns the merged list */
  merge(live: readonly HistoryEntry[]): readonly HistoryEntry[] {
    const known = new Set(this.#entries.map((entry) => entry.id));
    if (live.every((entry) => known.has(entry.id))) return this.#entries;
    const fresh = live.filter((entry) => !known.has(entry.id));
    this.#entries = Object.freeze(
      [...fresh, ...this.#entries].sort((a, b) => b.startedAt - a.startedAt).slice(0, LIMIT),
    );
    if (this.#key) this.store.set(this.#key, JSON.stringify(this.#entries));
    return this.#entries;
  }
}

function isEntry(entry: Partial<Record<keyof HistoryEntry, unknown>>): boolean {
  const remote = Object(entry.remote) as Partial<Record<keyof Party, unknown>>;
  return (
    (entry.direction === 'in' || entry.direction === 'out') &&
    [entry.id, remote.uri, remote.displayName].every((text) => typeof text === 'string') &&
    [entry.startedAt, entry.duration].every((time) => typeof time === 'number') &&
    typeof entry.missed === 'boolean'
  );
}
