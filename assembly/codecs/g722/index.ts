/**
 * G.722 at 64 kbit/s (ITU-T G.722), bit exact: two samples at 16 kHz ↔ an octet. Static buffers, no allocation, no
 * traps; one instance per direction of a call.
 */
import { Concealment_conceal, Concealment_init, Concealment_resume } from '../../dsp/concealment';
import { join, QMF_MEMORY, split } from './qmf';
import { decodePair, encodePair, quantisePair, SubBands_reset } from './sub-bands';

/** 120 ms. */
const MAX_PAIRS: i32 = 960;
const OCTETS: usize = memory.data(960, 16);
const PCM: usize = memory.data(3840, 16);
/** The filter's memory and its input; a filter of full vectors reads beyond. */
const HISTORY: usize = memory.data(3920, 16);
const INPUT: usize = HISTORY + ((<usize>QMF_MEMORY) << 1);
const LOW: usize = memory.data(3856, 16);
const HIGH: usize = memory.data(3856, 16);
/** What the decoder played last, and what it makes up after that. */
const PLAYED: usize = memory.data(3920, 16);

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

export function reset(): void {
  SubBands_reset();
  memory.fill(HISTORY, 0, 3920);
  memory.fill(PLAYED, 0, 3920);
  Concealment_init(16000);
}

/** Encodes `count` samples, even, 0..1920. @returns octets */
export function encode(count: i32): i32 {
  const n = bounded(count >> 1);
  memory.copy(INPUT, PCM, (<usize>n) << 2);
  split(HISTORY, LOW, HIGH, n);
  memory.copy(HISTORY, HISTORY + ((<usize>n) << 2), (<usize>QMF_MEMORY) << 1);
  for (let i: usize = 0; i < <usize>n; i += 1) {
    store<u8>(OCTETS + i, <u8>encodePair(load<i32>(LOW + (i << 2)), load<i32>(HIGH + (i << 2))));
  }
  return n;
}

/** Decodes `count` octets, 0..960, of speech alone. @returns samples */
export function decode(count: i32): i32 {
  return decodeMode(count, 1);
}

/** @param mode 1: 64, 2: 56, 3: 48 kbit/s of speech, the rest data */
export function decodeMode(count: i32, mode: i32): i32 {
  const n = bounded(count);
  for (let i: usize = 0; i < <usize>n; i += 1) {
    const pair = decodePair(load<u8>(OCTETS + i), mode);
    store<i32>(INPUT + (i << 2), <i32>rotl<u32>(<u32>pair, 16));
  }
  join(HISTORY, PCM, n);
  memory.copy(HISTORY, HISTORY + ((<usize>n) << 2), (<usize>QMF_MEMORY) << 1);
  Concealment_resume(PCM, n << 1);
  remember(n);
  return n << 1;
}

/**
 * Replaces a lost frame of `count` samples, and codes the replacement, so that predictors and scales are near those
 * of the sender when it is heard again.
 */
export function conceal(count: i32): void {
  const n = bounded(count >> 1);
  Concealment_conceal(PCM, n << 1);
  memory.copy(PLAYED + ((<usize>QMF_MEMORY) << 1), PCM, (<usize>n) << 2);
  split(PLAYED, LOW, HIGH, n);
  for (let i: usize = 0; i < <usize>n; i += 1) {
    const octet = quantisePair(load<i32>(LOW + (i << 2)), load<i32>(HIGH + (i << 2)));
    store<i32>(INPUT + (i << 2), <i32>rotl<u32>(<u32>decodePair(octet, 1), 16));
  }
  memory.copy(HISTORY, HISTORY + ((<usize>n) << 2), (<usize>QMF_MEMORY) << 1);
  remember(n);
}

/** Keeps the end of `n` pairs in the PCM buffer. */
// @ts-ignore: decorator
@inline
function remember(n: i32): void {
  if (n >= QMF_MEMORY >> 1) {
    memory.copy(PLAYED, PCM + ((<usize>n) << 2) - ((<usize>QMF_MEMORY) << 1), (<usize>QMF_MEMORY) << 1);
  }
}

// @ts-ignore: decorator
@inline
function bounded(count: i32): i32 {
  return max(0, min(count, MAX_PAIRS));
}
