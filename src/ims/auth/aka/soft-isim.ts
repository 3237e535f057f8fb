import type { AkaResult, KeyStore } from './key-store.js';
import { Milenage, xor } from './milenage.js';
import type { SequenceMemory } from './sequence-memory.js';
import { SequenceWindow } from './sequence-window.js';

export interface SoftIsimOptions {
  /** 16 octets. */
  readonly k: Uint8Array;
  /** 16 octets. */
  readonly operator: { readonly op: Uint8Array } | { readonly opc: Uint8Array };
  /** SQN_MS, 6 octets; null: unknown, see {@link SequenceWindow}. */
  readonly sqn: Uint8Array | null;
  /** Where the sequence numbers outlive us; absent: nowhere. */
  readonly memory?: SequenceMemory;
}

/** TS 33.102 §6.3.3: AUTS is made with an AMF of zeros. */
const RESYNC_AMF = new Uint8Array(2);

/** An ISIM without a card: Milenage and the sequence numbers. */
export class SoftIsim implements KeyStore {
  readonly #milenage: Milenage;
  readonly #window: SequenceWindow;
  readonly #memory: SequenceMemory | null;
  #restored: Promise<void> | null = null;

  constructor({ k, operator, sqn, memory }: SoftIsimOptions) {
    this.#memory = memory ?? null;
    this.#milenage = new Milenage(k.slice(), operator);
    this.#window = new SequenceWindow(sqn);
  }

  /** SQN_MS, 6 octets. */
  get sqn(): Uint8Array {
    return this.#window.highest;
  }

  async authenticate(rand: Uint8Array, autn: Uint8Array): Promise<AkaResult> {
    await (this.#restored ??= this.#restore());
    const result = this.#authenticate(rand, autn);
    // Before the answer: who is stopped in between must not believe the same challenge again.
    if (result.outcome === 'success') await this.#memory?.save(this.#window.state);
    return result;
  }

  async #restore(): Promise<void> {
    const state = await this.#memory?.load();
    if (state) this.#window.restore(state);
  }

  /** TS 33.102 §6.3.3: AUTN is SQN xor AK, AMF, MAC. */
  #authenticate(rand: Uint8Array, autn: Uint8Array): AkaResult {
    if (rand.length !== 16 || autn.length !== 16) return { outcome: 'mac-failure' };
    const { res, ck, ik, ak } = this.#milenage.keys(rand);
    const sqn = xor(autn.slice(0, 6), ak);
    if (!equal(this.#milenage.f1(rand, sqn, autn.slice(6, 8)), autn.slice(8))) return { outcome: 'mac-failure' };
    if (this.#window.accept(sqn)) return { outcome: 'success', res, ck, ik };
    return { outcome: 'synchronisation-failure', auts: this.#auts(rand) };
  }

  #auts(rand: Uint8Array): Uint8Array {
    const { highest } = this.#window;
    const auts = new Uint8Array(14);
    auts.set(xor(highest, this.#milenage.f5Star(rand)));
    auts.set(this.#milenage.f1Star(rand, highest, RESYNC_AMF), 6);
    return auts;
  }
}

/** In a time that does not tell where they differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.reduce((difference, octet, i) => difference | (octet ^ (b[i] ?? 0)), 0) === 0;
}
