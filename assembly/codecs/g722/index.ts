/**
 * G.722 at 64 kbit/s (ITU-T G.722), bit exact: two samples at 16 kHz ↔ an octet. Static buffers, no allocation, no
 * traps; one instance per direction of a call.
 */
import { Concealment_conceal, Concealment_init, Concealment_resume } from '../../dsp/concealment';
import { join, QMF_MEMORY, split } from './qmf';
import { decodePair, encodePair, SubBands_reset } from './sub-bands';

/** 120 ms. */
const MAX_PAIRS: i32 = 960;
const OCTETS: usize = memory.data(960, 16);
const PCM: usize = memory.data(3840, 16);
/** The filter's memory and its input; a filter of full vectors reads beyond. */
const HISTORY: usize = memory.data(3920, 16);
const INPUT: usize = HISTORY + ((<usize>QMF_MEMORY) << 1);
const LOW: usize = memory.data(3856, 16);
const HIGH: usize = memory.data(3856, 16);

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

export function reset(): void {
  SubBands_reset();
  memory.fill(HISTORY, 0, 3920);
  Concealment_init(16000);
}

/** Encodes `count` pairs of samples, 0..960. */
export function encode(count: i32): void {
  const n = bounded(count);
  memory.copy(INPUT, PCM, <usize>n << 2);
  analyse(n);
  for (let i: usize = 0; i < <usize>n; i += 1) {
    store<u8>(OCTETS + i, <u8>encodePair(load<i32>(LOW + (i << 2)), load<i32>(HIGH + (i << 2))));
  }
}

function analyse(n: i32): void {
  split(HISTORY, LOW, HIGH, n);
  memory.copy(HISTORY, HISTORY + (<usize>n << 2), (<usize>QMF_MEMORY) << 1);
}

/** Decodes `count` octets, 0..960. @param mode 1: 64, 2: 56, 3: 48 kbit/s of speech in each 64 */
export function decode(count: i32, mode: i32): void {
  const n = bounded(count);
  for (let i: usize = 0; i < <usize>n; i += 1) {
    const pair = decodePair(load<u8>(OCTETS + i), mode);
    store<i32>(INPUT + (i << 2), <i32>rotl<u32>(<u32>pair, 16));
  }
  join(HISTORY, PCM, n);
  memory.copy(HISTORY, HISTORY + (<usize>n << 2), (<usize>QMF_MEMORY) << 1);
}

/** Tells concealment about `count` good samples in the PCM buffer, and fades from a concealed stretch into them. */
export function received(count: i32): void {
  Concealment_resume(PCM, bounded(count >> 1) << 1);
}

/** Replaces a lost frame of `count` samples in the PCM buffer. */
export function conceal(count: i32): void {
  Concealment_conceal(PCM, bounded(count >> 1) << 1);
}

// @ts-ignore: decorator
@inline
function bounded(count: i32): i32 {
  return max(0, min(count, MAX_PAIRS));
}
