/** Packets that may overtake each other. RFC 4303 §3.4.3: 64 is the default. */
const SIZE = 64;

/** Which sequence numbers came already (RFC 4303 §3.4.3). */
export class ReplayWindow {
  #highest = 0;
  /** Bit n: `highest - n` came. */
  #seen = 0n;

  /** @param sequence 1 to 2^32-1 */
  isNew(sequence: number): boolean {
    if (sequence === 0) return false;
    const age = this.#highest - sequence;
    return age < 0 || (age < SIZE && ((this.#seen >> BigInt(age)) & 1n) === 0n);
  }

  /** It came, and is authentic. */
  note(sequence: number): void {
    const ahead = sequence - this.#highest;
    if (ahead <= 0) {
      this.#seen |= 1n << BigInt(-ahead);
      return;
    }
    this.#seen = ahead >= SIZE ? 1n : BigInt.asUintN(SIZE, (this.#seen << BigInt(ahead)) | 1n);
    this.#highest = sequence;
  }
}
