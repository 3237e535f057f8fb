import type { HistoryEntry } from '../../ims/snapshot.js';
import type { KeyValueStore } from './key-value-store.js';

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
    this.#entries = parseEntries(this.store.get(this.#key));
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

/** What is stored may be from another version, or edited by hand. */
function parseEntries(text: string | null): readonly HistoryEntry[] {
  if (!text) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? Object.freeze(value.filter(isEntry).slice(0, LIMIT)) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof HistoryEntry, unknown>>;
  const remote = entry.remote as { uri?: unknown; displayName?: unknown } | null | undefined;
  return (
    typeof entry.id === 'string' &&
    (entry.direction === 'in' || entry.direction === 'out') &&
    typeof remote?.uri === 'string' &&
    typeof remote.displayName === 'string' &&
    typeof entry.startedAt === 'number' &&
    typeof entry.duration === 'number' &&
    typeof entry.missed === 'boolean'
  );
}
