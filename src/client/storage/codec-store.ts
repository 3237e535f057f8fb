import { completeCodecs, DEFAULT_CODECS, type CodecPreference } from '../../media/codec-preference.js';
import type { KeyValueStore } from './key-value-store.js';

const KEY = 'ims-elements:codecs';
/** More entries than any list of codecs has: the rest of an edited store is not read. */
const LIMIT = 100;

/** The order of codecs that a person chose on an earlier visit. */
export class CodecStore {
  #order: readonly CodecPreference[];

  constructor(private readonly store: KeyValueStore) {
    this.#order = completeCodecs(parse(store.get(KEY)));
  }

  /** Every codec. */
  get order(): readonly CodecPreference[] {
    return this.#order;
  }

  /** Null while it is our own order. */
  get chosen(): readonly CodecPreference[] | null {
    return isDefault(this.#order) ? null : this.#order;
  }

  set(order: readonly CodecPreference[]): void {
    this.#order = completeCodecs(order);
    if (isDefault(this.#order)) this.store.delete(KEY);
    else this.store.set(KEY, JSON.stringify(this.#order));
  }
}

function isDefault(order: readonly CodecPreference[]): boolean {
  return (
    order.length === DEFAULT_CODECS.length &&
    order.every(({ name, clockRate, enabled }, index) => {
      const own = DEFAULT_CODECS[index];
      return own?.name === name && own.clockRate === clockRate && own.enabled === enabled;
    })
  );
}

/** What is stored may be from another version, or edited by hand. */
function parse(text: string | null): readonly CodecPreference[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.slice(0, LIMIT).filter(isPreference) : [];
  } catch {
    return [];
  }
}

function isPreference(value: unknown): value is CodecPreference {
  if (typeof value !== 'object' || value === null) return false;
  const { name, clockRate, enabled } = value as Partial<Record<keyof CodecPreference, unknown>>;
  return typeof name === 'string' && typeof clockRate === 'number' && typeof enabled === 'boolean';
}
