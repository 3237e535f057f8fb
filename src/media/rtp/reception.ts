import type { ReportBlock } from './rtcp-packet.js';

const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/** Reception of one source: sequence numbers, loss and jitter (RFC 3550 §6.4.1, appendices A.1, A.3, A.8). */
export class Reception {
  #maxSequence: number;
  #cycles = 0;
  #base: number;
  #bad = -1;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #transit: number | null = null;
  #clockRate = 8000;
  #jitter = 0;
  received = 0;

  constructor(
    readonly ssrc: number,
    firstSequence: number,
  ) {
    this.#maxSequence = firstSequence;
    this.#base = firstSequence;
  }

  /**
   * @param arrival ms @param clockRate of the timestamp, Hz; undefined: a payload type that nobody agreed on
   * @param speech false: counts for loss, not for jitter (telephone-event repeats its timestamp)
   */
  update(
    { sequenceNumber, timestamp }: { readonly sequenceNumber: number; readonly timestamp: number },
    arrival: number,
    clockRate: number | undefined,
    speech: boolean,
  ): void {
    const delta = (sequenceNumber - this.#maxSequence) & 0xffff;
    if (delta < MAX_DROPOUT) {
      if (sequenceNumber < this.#maxSequence) this.#cycles += 0x10000;
      this.#maxSequence = sequenceNumber;
    } else if (delta <= 0x10000 - MAX_MISORDER) {
      // RFC 3550 A.1: a jump counts once two packets in a row confirm it.
      if (sequenceNumber !== this.#bad) {
        this.#bad = (sequenceNumber + 1) & 0xffff;
        return;
      }
      this.#restart(sequenceNumber);
    }
    this.received += 1;
    if (speech && clockRate !== undefined) this.#updateJitter(timestamp, arrival, clockRate);
  }

  /** ms */
  get jitter(): number {
    return (this.#jitter * 1000) / this.#clockRate;
  }

  get expected(): number {
    return this.#cycles + this.#maxSequence - this.#base + 1;
  }

  get lost(): number {
    return this.expected - this.received;
  }

  /** A report block; starts the next interval. */
  report(lastSr: number, delaySinceLastSr: number): ReportBlock {
    const expectedInterval = this.expected - this.#expectedPrior;
    const lostInterval = expectedInterval - (this.received - this.#receivedPrior);
    this.#expectedPrior = this.expected;
    this.#receivedPrior = this.received;
    return {
      ssrc: this.ssrc,
      fractionLost:
        expectedInterval <= 0 || lostInterval <= 0
          ? 0
          : Math.min(255, Math.floor((lostInterval * 256) / expectedInterval)),
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, this.lost)),
      highestSequence: (this.#cycles + this.#maxSequence) >>> 0,
      jitter: Math.floor(this.#jitter),
      lastSr,
      delaySinceLastSr,
    };
  }

  #updateJitter(timestamp: number, arrival: number, clockRate: number): void {
    if (clockRate !== this.#clockRate) {
      // RFC 7160 §4.1: another clock, another measure.
      this.#jitter *= clockRate / this.#clockRate;
      this.#transit = null;
      this.#clockRate = clockRate;
    }
    // A.8, in timestamp units; differences wrap at 2^32 like the timestamps do.
    const transit = (Math.round((arrival * clockRate) / 1000) - timestamp) | 0;
    if (this.#transit !== null) {
      const d = Math.abs((transit - this.#transit) | 0);
      // A pause or a jump of the sender's clock is no jitter.
      if (d < clockRate) this.#jitter += (d - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  #restart(sequenceNumber: number): void {
    this.#base = sequenceNumber;
    this.#maxSequence = sequenceNumber;
    this.#bad = -1;
    this.#cycles = 0;
    this.received = 0;
    this.#receivedPrior = 0;
    this.#expectedPrior = 0;
  }
}
