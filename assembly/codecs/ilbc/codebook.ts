/**
 * The adaptive codebook (RFC 3951 §3.6.3): windows that slide over the memory, vectors of short delay made by
 * interpolation, and the same of the memory through a filter.
 */
import { codebookIndices, gainIndices } from './bitstream';
import { clear, copy, get, put } from '../../dsp/floats';
import { SUBL } from './frame';
import { dequantizeGain } from './gains';
import { CBFILTERSTBL } from './tables';

/** Longest memory; the one of the 22/23-sample block is shorter. */
export const CB_MEML: i32 = 147;
export const ST_MEML: i32 = 85;

/** The memory of the block at hand, as decoded: eight zeros, `CB_MEML` samples, room for a sub-block and slack. */
export const MEMORY: usize = memory.data(4 * 256, 16) + 32;
const FILTERED: usize = memory.data(4 * 256, 16) + 32;
const VECTOR: usize = memory.data(4 * 64, 16);

/**
 * Filters `count` samples from place `from` on of a memory that has zeros before and behind it.
 * Writes up to 3 values more, at the same places of `out`.
 */
export function expand(out: usize, memory: usize, from: i32, count: i32): void {
  const start = (from as usize) << 2;
  for (let i = start, end = start + ((count as usize) << 2); i < end; i += 16) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < 32; j += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(memory + i + j - 12), v128.load_splat<f32>(CBFILTERSTBL + 28 - j)));
    }
    v128.store(out + i, sum);
  }
}

/** Vector of delay 20 .. 39, or a little more for the short block: its middle is interpolated (§3.6.3.3). */
export function augmentedVector(out: usize, end: usize, delay: i32, length: i32): void {
  const from = end - ((delay as usize) << 2);
  copy(out, from, length);
  copy(out + ((delay as usize) << 2), from, length - delay);
  let alpha: f32 = 0;
  for (let j = delay - 5; j < delay; j++) {
    put(out, j, ((1 as f32) - alpha) * get(from, j) + alpha * get(from, j - delay));
    alpha += 0.2;
  }
}

/** Gives the address of the vector with that index. @param length 22, 23 or 40 */
export function codebookVector(index: i32, memoryLength: i32, length: i32): usize {
  const sliding = memoryLength - length + 1;
  const base = length == SUBL ? sliding + 20 : sliding;
  const end = MEMORY + ((memoryLength as usize) << 2);
  if (index < sliding) return end - (((index + length) as usize) << 2);
  if (index < base) {
    augmentedVector(VECTOR, end, index - sliding + 20, length);
    return VECTOR;
  }
  index -= base;
  const filtered = FILTERED + ((memoryLength as usize) << 2);
  if (index < sliding) {
    expand(FILTERED, MEMORY, memoryLength - index - length, length);
    return filtered - (((index + length) as usize) << 2);
  }
  // No bit pattern leads beyond the table but one of the 23-sample block's; it is taken as the first of these.
  const delay = index - sliding + (length >> 1);
  expand(FILTERED, MEMORY, memoryLength - 2 * delay, 2 * delay);
  augmentedVector(VECTOR, filtered, delay, length);
  return VECTOR;
}

/**
 * Second and third stage of the first sub-block have half a codebook (table 3.1): their indices leave out those
 * beyond its range.
 */
export function fromSentIndex(block: i32, stage: i32, index: i32): i32 {
  if (block != 1 || stage == 0) return index;
  if (index >= 44 && index < 108) return index + 64;
  return index >= 108 && index < 128 ? index + 128 : index;
}

export function toSentIndex(block: i32, stage: i32, index: i32): i32 {
  if (block != 1 || stage == 0) return index;
  if (index >= 108 && index < 172) return index - 64;
  return index >= 236 ? index - 128 : index;
}

/** Decodes a vector of a block from its parameters and the memory (§4.4). */
export function constructVector(out: usize, block: i32, memoryLength: i32, length: i32): void {
  clear(MEMORY - 32, 8);
  clear(MEMORY + ((memoryLength as usize) << 2), 8);
  let gain: f32 = 1;
  for (let stage = 0; stage < 3; stage++) {
    const place = (stage as usize) << 2;
    const index = fromSentIndex(block, stage, load<i32>(codebookIndices(block) + place));
    gain = dequantizeGain(stage, load<i32>(gainIndices(block) + place), gain);
    const vector = codebookVector(index, memoryLength, length);
    if (stage == 0) for (let j = 0; j < length; j++) put(out, j, gain * get(vector, j));
    else for (let j = 0; j < length; j++) put(out, j, get(out, j) + gain * get(vector, j));
  }
}
