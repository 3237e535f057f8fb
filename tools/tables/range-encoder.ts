const PROBABILITY_BITS = 12;
/** Even odds. */
const INITIAL = 0x808;
const CERTAIN = 1 << PROBABILITY_BITS;
const MOST_SEEN = 15;
const TOP = 0x1_00_00_00;

/** Binary adaptive range coder; assembly/dsp/packed-tables.ts decodes what it writes. */
export class RangeEncoder {
  readonly #octets: number[] = [];
  readonly #states = new Map<number, { probability: number; seen: number }>();
  #low = 0;
  #range = 0xff_ff_ff_ff;
  #cache = 0;
  #pending = 0;

  /** Forgets what it learnt in the contexts below `end`. */
  forget(end: number): void {
    for (const context of this.#states.keys()) if (context < end) this.#states.delete(context);
  }

  /** @param context whose bits have statistics in common */
  bit(context: number, bit: number): void {
    const state = this.#states.get(context) ?? { probability: INITIAL, seen: 0 };
    this.#states.set(context, state);
    const bound = (this.#range >>> PROBABILITY_BITS) * state.probability;
    const pace = 32 - Math.clz32(state.seen + 1);
    if (bit === 0) {
      this.#range = bound;
      state.probability += (CERTAIN - state.probability) >> pace;
    } else {
      this.#low += bound;
      this.#range -= bound;
      state.probability -= state.probability >> pace;
    }
    state.seen = Math.min(state.seen + 1, MOST_SEEN);
    this.#normalize();
  }

  /** `count` bits of equal chance, 16 at most. */
  plain(value: number, count: number): void {
    this.#range >>>= count;
    this.#low += value * this.#range;
    this.#normalize();
  }

  /** Octets of the stream if `write` wrote; nothing is kept of it. */
  sizeAfter(write: (trial: RangeEncoder) => void): number {
    const trial = new RangeEncoder();
    for (const [context, state] of this.#states) trial.#states.set(context, { ...state });
    trial.#low = this.#low;
    trial.#range = this.#range;
    write(trial);
    return trial.#octets.length + trial.#pending - Math.log2(trial.#range) / 8;
  }

  /** Ends the stream. The first octet is the one that a carry would have changed: always 0, left out. */
  finish(): Uint8Array {
    for (let i = 0; i < 5; i += 1) this.#shift();
    return Uint8Array.from(this.#octets.slice(1));
  }

  #normalize(): void {
    while (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#shift();
    }
  }

  #shift(): void {
    if (this.#low < 0xff_00_00_00 || this.#low > 0xff_ff_ff_ff) {
      const carry = this.#low > 0xff_ff_ff_ff ? 1 : 0;
      this.#octets.push((this.#cache + carry) & 0xff);
      for (; this.#pending > 0; this.#pending -= 1) this.#octets.push((0xff + carry) & 0xff);
      this.#cache = Math.floor(this.#low / TOP) & 0xff;
    } else {
      this.#pending += 1;
    }
    this.#low = (this.#low % TOP) * 256;
  }
}
