/** L16 (RFC 3551 §4.5.11): 16-bit samples in network byte order. Static buffers, no allocation, no traps. */
import { Concealment_conceal, Concealment_init, Concealment_resume } from '../../dsp/concealment';

/** 120 ms at 16 kHz. */
const MAX_SAMPLES: i32 = 1920;
const PCM: usize = memory.data(3840, 16);
const OCTETS: usize = memory.data(3840, 16);

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param sampleRate 8000 or 16000 */
export function reset(sampleRate: i32): void {
  Concealment_init(sampleRate);
}

/** Encodes `count` samples, 0..1920. @returns octets */
export function encode(count: i32): i32 {
  const n = bounded(count);
  swap(PCM, OCTETS, n);
  return n << 1;
}

/** Decodes `length` octets, 0..3840; an odd one at the end is left out. @returns samples */
export function decode(length: i32): i32 {
  const n = bounded(length >> 1);
  swap(OCTETS, PCM, n);
  Concealment_resume(PCM, n);
  return n;
}

/** Replaces a lost frame of `count` samples. */
export function conceal(count: i32): void {
  Concealment_conceal(PCM, bounded(count));
}

/** Whole vectors: the buffers end with one. */
function swap(from: usize, to: usize, count: i32): void {
  for (let i: usize = 0, n = (<usize>count) << 1; i < n; i += 16) {
    const x = v128.load(from + i);
    v128.store(to + i, v128.shuffle<i8>(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  }
}

// @ts-ignore: decorator
@inline
function bounded(count: i32): i32 {
  return max(0, min(count, MAX_SAMPLES));
}
