/** Search of the adaptive codebook in three stages (RFC 3951 §3.6.4), and the gain correction of §3.7. */
import { codebookIndices, gainIndices } from './bitstream';
import { augmentedVector, CB_MEML, expand, MEMORY, toSentIndex } from './codebook';
import { allPole } from './filters';
import { clear, copy, dot, get, put, slidingDots } from '../../dsp/floats';
import { SUBL } from './frame';
import { dequantizeGain, quantizeGain } from './gains';
import { GAIN_SQ5TBL, SEARCH_RANGETBL } from './tables';

const CB_RESRANGE: i32 = 34;
const CB_MAXGAIN: f32 = 1.3;
const NOTHING: f32 = -10000000.0;
const EPS: f32 = 2.220446049250313e-16;

/** What the codebook must match: 22, 23 or 40 samples of the residual. */
export const TARGET: usize = memory.data(4 * 48, 16);
/** Zeros as filter state, then memory and target, both weighted, and slack. */
const WEIGHTED: usize = memory.data(4 * 272, 16) + 64;
/** The weighted memory alone between zeros, and what the expanding filter makes of it. */
const PADDED: usize = memory.data(4 * 192, 16) + 32;
const EXPANDED: usize = memory.data(4 * 192, 16) + 32;
const DOTS: usize = memory.data(4 * 160, 16);
const ENERGY: usize = memory.data(4 * 256, 16);
const INVERSE: usize = memory.data(4 * 256, 16);
const AUGMENTED: usize = memory.data(4 * 48, 16);
const CHOSEN: usize = memory.data(4 * 48, 16);

// Of the block at hand.
let length = SUBL;
let memoryLength = CB_MEML;
/** Vectors of one section, and those of them that slide. */
let section = 128;
let sliding = 108;
/** Ends of the weighted and of the expanded memory. */
let end: usize = 0;
let expandedEnd: usize = 0;

// The best so far.
let stage = 0;
let bestIndex = 0;
let bestMeasure: f32 = 0;
let bestGain: f32 = 0;

/**
 * Finds the indices and gains of a block for the target in `TARGET` and the memory in `MEMORY`.
 * @param block 0 for the 22/23-sample block, then 1 .. @param weighting all-pole filter
 */
export function searchVector(block: i32, memorySize: i32, targetLength: i32, weighting: usize): void {
  prepare(memorySize, targetLength, weighting);
  const target = end;
  const energy = dot(target, target, length);
  clear(CHOSEN, SUBL);
  let gain: f32 = 1;
  let first: f32 = 0;
  for (stage = 0; stage < 3; stage++) {
    const range = load<i32>(SEARCH_RANGETBL + (((block * 3 + stage) as usize) << 2));
    bestMeasure = NOTHING;
    bestGain = 0;
    bestIndex = 0;
    if (stage == 0) measureEnergies(0, end, range);
    searchSliding(0, end, 0, range);
    if (length == SUBL) searchAugmented(section - 20, end, 20, 39);
    searchExpanded(range);
    const place = (stage as usize) << 2;
    if (stage == 0) bestGain = min<f32>(max<f32>(bestGain, 0), CB_MAXGAIN);
    const gainIndex = quantizeGain(stage, bestGain, gain);
    gain = dequantizeGain(stage, gainIndex, gain);
    if (stage == 0) first = gain;
    store<i32>(codebookIndices(block) + place, toSentIndex(block, stage, bestIndex));
    store<i32>(gainIndices(block) + place, gainIndex);
    subtract(target, weightedVector(bestIndex), gain);
  }
  correctGain(gainIndices(block), energy, first);
}

function prepare(memorySize: i32, targetLength: i32, weighting: usize): void {
  length = targetLength;
  memoryLength = memorySize;
  sliding = memorySize - targetLength + 1;
  section = targetLength == SUBL ? sliding + 20 : sliding;
  end = WEIGHTED + ((memorySize as usize) << 2);
  expandedEnd = EXPANDED + ((memorySize as usize) << 2);
  clear(WEIGHTED - 40, 10);
  copy(WEIGHTED, MEMORY, memorySize);
  copy(end, TARGET, length);
  allPole(WEIGHTED, weighting, memorySize + length);
  clear(PADDED - 32, 8);
  copy(PADDED, WEIGHTED, memorySize);
  clear(PADDED + ((memorySize as usize) << 2), 8);
  expand(EXPANDED, PADDED, 0, memorySize);
}

/** Compares one vector with the best. @param cross its product with the target */
// @ts-ignore: decorator
@inline
function consider(index: i32, cross: f32): void {
  // A negative gain cannot be sent for the first stage.
  if (stage == 0 && !(cross > 0)) return;
  const inverse = get(INVERSE, index);
  const measure = cross * cross * inverse;
  if (!(measure > bestMeasure)) return;
  const gain = cross * inverse;
  if (!(abs(gain) < CB_MAXGAIN)) return;
  bestIndex = index;
  bestMeasure = measure;
  bestGain = gain;
}

// @ts-ignore: decorator
@inline
function setEnergy(index: i32, energy: f32): void {
  put(ENERGY, index, energy);
  put(INVERSE, index, energy > 0 ? (1 as f32) / (energy + EPS) : 0);
}

/** Sliding vectors `from` .. `to` - 1 of a section. @param first index of the section @param last where its memory ends */
function searchSliding(first: i32, last: usize, from: i32, to: i32): void {
  if (to <= from) return;
  // In memory the vectors stand from the longest delay to the shortest.
  slidingDots(DOTS, end, last - (((length + to - 1) as usize) << 2), length, to - from);
  for (let i = from; i < to; i++) consider(first + i, get(DOTS, to - 1 - i));
}

/** Energies of the sliding vectors, each from the one before it. */
function measureEnergies(first: i32, last: usize, count: i32): void {
  const newest = last - ((length as usize) << 2);
  let energy = dot(newest, newest, length);
  setEnergy(first, energy);
  for (let i = 1; i < count; i++) {
    const enters = get(newest, -i);
    const leaves = get(last, -i);
    energy = energy + enters * enters - leaves * leaves;
    setEnergy(first + i, energy);
  }
}

/** Interpolated vectors of delays `low` .. `high`. @param first index of the one of delay 20 */
function searchAugmented(first: i32, last: usize, low: i32, high: i32): void {
  let head: f32 = 0;
  for (let j = 1 - low; j <= -5; j++) head += get(last, j) * get(last, j);
  for (let delay = low; delay <= high; delay++) {
    const vector = last - ((delay as usize) << 2);
    head += get(vector, 0) * get(vector, 0);
    let energy = head;
    let cross: f32 = 0;
    for (let j = 0; j < delay - 4; j++) cross += get(end, j) * get(vector, j);
    let alpha: f32 = 0.2;
    for (let j = delay - 4; j < delay; j++) {
      const value = ((1 as f32) - alpha) * get(vector, j) + alpha * get(vector, j - delay);
      energy += value * value;
      cross += get(end, j) * value;
      alpha += 0.2;
    }
    for (let j = delay; j < SUBL; j++) {
      const value = get(vector, j - delay);
      energy += value * value;
      cross += get(end, j) * value;
    }
    const index = first + delay - 20;
    setEnergy(index, energy);
    consider(index, cross);
  }
}

/** The expanded section is searched only around the best vector of the first one (§3.6.4.1). */
function searchExpanded(range: i32): void {
  let from = bestIndex - CB_RESRANGE / 2;
  let to = from + CB_RESRANGE;
  let low = 0;
  let high = 39;
  if (length != SUBL) {
    if (from < 0) {
      to -= from;
      from = 0;
    }
    if (to > range) {
      from -= to - range;
      to = range;
    }
  } else if (from < 0) {
    // The shortest sliding delays lie beside the longest interpolated ones.
    low = 40 + from;
    from = 0;
  } else if (bestIndex < sliding) {
    if (to > range) {
      from -= to - range;
      to = range;
    }
  } else if (from < sliding) {
    low = 20;
    from = 0;
    to = 14;
  } else {
    low = 20 + from - sliding;
    from = 0;
    to = CB_RESRANGE - (high - low + 1);
  }
  if (stage == 0) measureEnergies(section, expandedEnd, range);
  searchSliding(section, expandedEnd, from, to);
  if (low != 0) searchAugmented(2 * section - 20, expandedEnd, low, high);
}

/** The vector with that index, weighted. */
function weightedVector(index: i32): usize {
  const last = index < section ? end : expandedEnd;
  if (index >= section) index -= section;
  if (index < sliding) return last - (((length + index) as usize) << 2);
  augmentedVector(AUGMENTED, last, index - sliding + 20, SUBL);
  return AUGMENTED;
}

function subtract(target: usize, vector: usize, gain: f32): void {
  for (let j = 0; j < length; j++) {
    const value = gain * get(vector, j);
    put(CHOSEN, j, get(CHOSEN, j) + value);
    put(target, j, get(target, j) - value);
  }
}

/** Makes up for the energy that the coding lost by a greater first gain, of at most twice the size (§3.7). */
function correctGain(gains: usize, energy: f32, first: f32): void {
  const chosen = dot(CHOSEN, CHOSEN, length);
  const limit = energy * first * first;
  let index = load<i32>(gains);
  for (let i = index; i < 32; i++) {
    const gain = get(GAIN_SQ5TBL, i);
    if (chosen * gain * gain < limit && get(GAIN_SQ5TBL, index) < 2 * first) index = i;
  }
  store<i32>(gains, index);
}
