/** TS 33.102 §C.3: five bits of SQN are the index IND, the others SEQ. */
const INDICES = 32;
/** §C.2.1, Δ: a SEQ that jumps further ahead would let the counter wrap. */
const MAX_JUMP = 2 ** 28;
const SQN_OCTETS = 6;

/** What a window knows, as it is kept. */
export interface SequenceState {
  /** -1: nothing was accepted yet. */
  readonly highest: number;
  /** Highest SEQ by IND. */
  readonly accepted: readonly number[];
}

/** Whether something that was kept is one. */
export function isSequenceState(value: unknown): value is SequenceState {
  if (typeof value !== 'object' || value === null) return false;
  const { highest, accepted } = value as Partial<Record<keyof SequenceState, unknown>>;
  const isNumber = (number: unknown): boolean => Number.isSafeInteger(number) && Number(number) >= -1;
  return isNumber(highest) && Array.isArray(accepted) && accepted.length === INDICES && accepted.every(isNumber);
}

/**
 * Which sequence numbers are fresh (TS 33.102 §C.2): for each IND the highest SEQ that was accepted, so
 * that challenges made side by side for several services may arrive out of order.
 */
export class SequenceWindow {
  /** Highest SEQ by IND; -1: whatever comes first is fresh. */
  #accepted: number[];
  #highest: number;

  /**
   * @param highest SQN_MS, the highest accepted so far, 6 octets. Null: it is not known, as in a page that was
   * loaded anew; the first authentic challenge is then believed, since a wrong AUTS would turn the network's counter back.
   */
  constructor(highest: Uint8Array | null) {
    this.#highest = highest ? toNumber(highest) : -1;
    this.#accepted = Array.from({ length: INDICES }, () => seqOf(this.#highest));
  }

  get state(): SequenceState {
    return { highest: this.#highest, accepted: [...this.#accepted] };
  }

  /** What was kept by an earlier life counts, unless more is known already. */
  restore({ highest, accepted }: SequenceState): void {
    if (highest <= this.#highest) return;
    this.#highest = highest;
    this.#accepted = [...accepted];
  }

  /** SQN_MS, 6 octets: what goes into AUTS, and is worth keeping. */
  get highest(): Uint8Array {
    return toOctets(Math.max(0, this.#highest));
  }

  /** §C.2.2. @param octets SQN of the challenge, 6 octets @returns whether it is fresh; it is taken note of then */
  accept(octets: Uint8Array): boolean {
    const sqn = toNumber(octets);
    const seq = seqOf(sqn);
    const index = sqn % INDICES;
    if (this.#highest >= 0 && seq - seqOf(this.#highest) > MAX_JUMP) return false;
    if (seq <= (this.#accepted[index] ?? -1)) return false;
    this.#accepted[index] = seq;
    this.#highest = Math.max(this.#highest, sqn);
    return true;
  }
}

function seqOf(sqn: number): number {
  return Math.floor(sqn / INDICES);
}

/** 48 bits: exact in a double. */
function toNumber(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function toOctets(sqn: number): Uint8Array {
  return Uint8Array.from({ length: SQN_OCTETS }, (_, i) => Math.floor(sqn / 256 ** (SQN_OCTETS - 1 - i)) % 256);
}
