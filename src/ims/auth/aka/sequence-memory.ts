import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../../platform/hex.js';
import type { Store } from '../../../platform/store.js';
import { isSequenceState, type SequenceState } from './sequence-window.js';

/** Where the sequence numbers of one subscription are kept, so that no old challenge is believed after a restart. */
export class SequenceMemory {
  readonly #key: string;

  /**
   * @param username private identity
   * @param k key of the subscription: another one has another counter. Four octets of its hash tell that, and no more.
   */
  constructor(
    private readonly store: Store,
    username: string,
    k: Uint8Array,
  ) {
    this.#key = `sqn ${username} ${toHex(sha256(k).slice(0, 4))}`;
  }

  async load(): Promise<SequenceState | null> {
    try {
      const state: unknown = JSON.parse((await this.store.get(this.#key)) ?? 'null');
      return isSequenceState(state) ? state : null;
    } catch {
      return null;
    }
  }

  /** What cannot be kept is not: authentication goes on, as it did without a memory. */
  async save(state: SequenceState): Promise<void> {
    await this.store.set(this.#key, JSON.stringify(state)).catch(() => undefined);
  }
}
