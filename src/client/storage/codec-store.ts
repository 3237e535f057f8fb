import { completeCodecs, DEFAULT_CODECS, type CodecPreference } from '../../media/codec-preference.js';
import type { KeyValueStore } from './key-value-store.js';
import { parseList } from './stored-list.js';

const KEY = 'ims-elements:codecs';

/** The order of codecs that a person chose on an earlier visit. */
export class CodecStore {
  #order: readonly CodecPreference[];

  constructor(private readonly store: KeyValueStore) {
    this.#order = completeCodecs(parseList(store.get(KEY), isPreference));
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

function isPreference({ name, clockRate, enabled }: Partial<Record<keyof CodecPreference, unknown>>): boolean {
  return typeof name === 'string' && typeof clockRate === 'number' && typeof enabled === 'boolean';
}
