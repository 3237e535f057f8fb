import { fft, inverseFft, nextPowerOfTwo } from './fft.js';
import { levelDb } from './level.js';

export interface Match {
  /** Normalised correlation at the best alignment, -1..1. */
  readonly coefficient: number;
  /** Where in `reference` the segment begins, samples. */
  readonly offset: number;
}

/**
 * Finds `segment` in `reference`: the offset where the normalised cross-correlation is highest,
 * over every alignment at which the segment lies inside.
 */
export function findIn(reference: Int16Array, segment: Int16Array): Match {
  const n = segment.length;
  if (n === 0 || reference.length < n) return { coefficient: 0, offset: 0 };
  const size = nextPowerOfTwo(reference.length + n);
  const a = spectrum(reference, size);
  const b = spectrum(segment, size);
  for (let k = 0; k < size; k++) {
    const re = a.re[k]! * b.re[k]! + a.im[k]! * b.im[k]!;
    a.im[k] = a.im[k]! * b.re[k]! - a.re[k]! * b.im[k]!;
    a.re[k] = re;
  }
  inverseFft(a.re, a.im);
  const own = energy(segment, 0, n);
  let there = energy(reference, 0, n);
  let best: Match = { coefficient: 0, offset: 0 };
  for (let offset = 0; offset + n <= reference.length; offset++) {
    const coefficient = own > 0 && there > 0 ? a.re[offset]! / Math.sqrt(own * there) : 0;
    if (coefficient > best.coefficient) best = { coefficient, offset };
    there += (reference[offset + n] ?? 0) ** 2 - reference[offset]! ** 2;
  }
  return best;
}

export interface SpeechMatch {
  /** Median over the segments: a lost packet or a stretch of the jitter buffer spoils one, not all. */
  readonly median: number;
  readonly segments: readonly number[];
}

/**
 * How well a recording is the reference: cuts it into segments of `segmentMs`, leaves out those
 * that are quiet, and finds each in the reference played twice (a player may loop).
 */
export function matchSpeech(
  reference: Int16Array,
  recorded: Int16Array,
  sampleRate: number,
  segmentMs = 500,
): SpeechMatch {
  const twice = new Int16Array(reference.length * 2);
  twice.set(reference);
  twice.set(reference, reference.length);
  const length = Math.round((sampleRate * segmentMs) / 1000);
  const quiet = levelDb(recorded) - 10;
  const segments: number[] = [];
  for (let at = 0; at + length <= recorded.length; at += length) {
    const segment = recorded.subarray(at, at + length);
    if (levelDb(segment) > quiet) segments.push(findIn(twice, segment).coefficient);
  }
  const sorted = [...segments].sort((x, y) => x - y);
  return { median: sorted[sorted.length >> 1] ?? 0, segments };
}

function spectrum(samples: Int16Array, size: number): { re: Float64Array; im: Float64Array } {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(samples);
  fft(re, im);
  return { re, im };
}

function energy(samples: Int16Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i]! ** 2;
  return sum;
}
