/** Zero crossings of the sinc on each side, at the lower of the two rates: 2 ms of delay at 8 kHz. */
const HALF_WIDTH = 16;
/** Kaiser window: about 75 dB of stop band. */
const BETA = 7.5;
/** Cut-off as a part of the lower Nyquist frequency. */
const CUTOFF = 0.92;
/** Most input samples that one call takes. */
const MAX_INPUT = 16_384;

/**
 * Converts between sampling rates, continuously: polyphase windowed sinc over a rational ratio. One channel,
 * one direction. Allocates nothing after creation.
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #filters: Float32Array;
  readonly #line: Float32Array;
  #filled: number;
  #phase = 0;

  /** @param from @param to Hz, 1000..384000 */
  constructor(
    readonly from: number,
    readonly to: number,
  ) {
    const divisor = gcd(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    this.#taps = from === to ? 1 : 2 * Math.ceil(HALF_WIDTH * Math.max(1, from / to));
    this.#filters = from === to ? Float32Array.of(1) : design(this.#up, this.#taps, Math.min(1, to / from));
    this.#line = new Float32Array(this.#taps + MAX_INPUT);
    this.#filled = this.#taps - 1;
  }

  /** Input samples that `process` needs to give `outputs` more. */
  needed(outputs: number): number {
    if (outputs <= 0) return 0;
    const last = Math.floor((this.#phase + (outputs - 1) * this.#down) / this.#up);
    return Math.max(0, last + this.#taps - this.#filled);
  }

  /** Takes `count` samples of `input` (at most 16384) and writes what they yield. @returns samples written */
  process(input: Float32Array, count: number, output: Float32Array): number {
    const line = this.#line;
    const taps = this.#taps;
    for (let i = 0; i < count; i += 1) line[this.#filled + i] = input[i] ?? 0;
    const available = this.#filled + count;
    let at = Math.floor(this.#phase / this.#up);
    let phase = this.#phase % this.#up;
    let written = 0;
    while (at + taps <= available && written < output.length) {
      let sum = 0;
      const filter = phase * taps;
      for (let k = 0; k < taps; k += 1) sum += (line[at + k] ?? 0) * (this.#filters[filter + k] ?? 0);
      output[written] = sum;
      written += 1;
      phase += this.#down;
      at += Math.floor(phase / this.#up);
      phase %= this.#up;
    }
    const consumed = Math.min(at, available);
    line.copyWithin(0, consumed, available);
    this.#filled = available - consumed;
    this.#phase = (at - consumed) * this.#up + phase;
    return written;
  }
}

/** `up` filters of `taps` coefficients: filter p interpolates at p/up between two input samples. */
function design(up: number, taps: number, ratio: number): Float32Array {
  const filters = new Float32Array(up * taps);
  const bandwidth = ratio * CUTOFF;
  const centre = taps / 2 - 1;
  for (let phase = 0; phase < up; phase += 1) {
    let sum = 0;
    for (let k = 0; k < taps; k += 1) {
      const x = k - centre - phase / up;
      const value = sinc(bandwidth * x) * kaiser(x / (taps / 2));
      filters[phase * taps + k] = value;
      sum += value;
    }
    // Every phase passes direct current alike: no whine at the ratio of the rates.
    for (let k = 0; k < taps; k += 1) filters[phase * taps + k] = (filters[phase * taps + k] ?? 0) / sum;
  }
  return filters;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
