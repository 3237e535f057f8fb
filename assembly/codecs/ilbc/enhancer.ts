/**
 * The enhancer (RFC 3951 §4.6): smooths the residual along the pitch within a twentieth of its energy,
 * and blends a concealed stretch into the frame after it. Delays by 40 (20 ms frames) or 80 samples.
 */
import { clear, copy, dot, get, put, slidingDots, slidingEnergies } from '../../dsp/floats';
import { blockl, mode } from './frame';
import { smooth, SEQUENCES } from './smoothing';
import { ENH_PLOCSTBL, LPFILT_COEFSTBL, POLYPHASERTBL } from './tables';

const ENH_BLOCKL: i32 = 80;
const ENH_BUFL: i32 = 640;
const ENH_NBLOCKS_TOT: i32 = 8;
/** Sequences on either side. */
const ENH_HL: i32 = 3;

/** The residual, with zeros before and behind. */
const BUFFER: usize = memory.data(4 * 704, 16) + 64;
/** Pitch periods of the blocks, samples. */
const PERIOD: usize = memory.data(32, 16);
/** Where each period lies when seen from the block before. */
const LOCATIONS: usize = memory.data(32, 16);
const DOWNSAMPLED: usize = memory.data(4 * 224, 16);
const DOTS: usize = memory.data(4 * 80, 16);
const ENERGIES: usize = memory.data(4 * 80, 16);
const UPSAMPLED: usize = memory.data(4 * 24, 16);
const BACKWARD: usize = memory.data(4 * 96, 16);

// @ts-ignore: decorator
@inline
function sample(p: usize, i: i32): usize {
  return p + ((i as usize) << 2);
}

export function resetEnhancer(): void {
  clear(BUFFER - 64, 704);
  for (let i = 0; i < ENH_NBLOCKS_TOT; i++) put(PERIOD, i, 40);
}

/**
 * @param out `blockl` samples, enhanced and delayed
 * @param afterLoss the frame before was concealed and this one is good or not
 * @returns twice the lag last searched for, the pitch for concealment
 */
export function enhance(out: usize, residual: usize, afterLoss: bool): i32 {
  const offset = mode == 20 ? 1 : 0;
  const first = 5 + offset;
  copy(BUFFER, sample(BUFFER, blockl), ENH_BUFL - blockl);
  copy(sample(BUFFER, ENH_BUFL - blockl), residual, blockl);
  copy(PERIOD, sample(PERIOD, 3 - offset), ENH_NBLOCKS_TOT - 3 + offset);
  let lag = estimatePitch(first);
  if (afterLoss) lag = blendConcealed(residual, first);
  for (let i = 0; i < ENH_NBLOCKS_TOT; i++) put(LOCATIONS, i, get(ENH_PLOCSTBL, i) - get(PERIOD, i));
  const begin = mode == 20 ? 5 * ENH_BLOCKL + 40 : 4 * ENH_BLOCKL;
  for (let i = 0; i < blockl; i += ENH_BLOCKL) {
    collectSequences(begin + i);
    smooth(sample(out, i));
  }
  return 2 * lag;
}

/** Pitch of the new blocks, at half the sampling rate (§4.6.1). @returns the last block's lag at that rate */
function estimatePitch(first: i32): i32 {
  downsample(sample(BUFFER, first * ENH_BLOCKL - 120), ENH_BUFL - first * ENH_BLOCKL + 120);
  let lag = 10;
  for (let block = first; block < ENH_NBLOCKS_TOT; block++) {
    const target = sample(DOWNSAMPLED, 60 + (block - first) * 40);
    slidingDots(DOTS, target, target - 4 * 59, 40, 50);
    slidingEnergies(ENERGIES, target - 4 * 59, 40, 50);
    lag = 10;
    let best: f32 = 0;
    for (let candidate = 10; candidate < 60; candidate++) {
      const match = similarity(get(DOTS, 59 - candidate), get(ENERGIES, 59 - candidate));
      if (match > best) {
        best = match;
        lag = candidate;
      }
    }
    put(PERIOD, block, (lag * 2) as f32);
  }
  return lag;
}

// @ts-ignore: decorator
@inline
function similarity(cross: f32, energy: f32): f32 {
  return cross > 0 ? (cross * cross) / energy : 0;
}

/** Low-pass filter and every second sample; what lies behind the end counts as zero. */
function downsample(x: usize, length: i32): void {
  let out = DOWNSAMPLED;
  for (let i = 3; i < length + 2; i += 2, out += 4) {
    let sum: f32 = 0;
    for (let j = max(0, i - length + 1); j < 7; j++) sum += get(LPFILT_COEFSTBL, j) * get(x, i - j);
    store<f32>(out, sum);
  }
}

/** Mixes the concealed look-ahead with one that is predicted backwards from the new frame. */
function blendConcealed(residual: usize, first: i32): i32 {
  const length = mode == 30 ? ENH_BLOCKL : 40;
  const about = get(PERIOD, first) as i32;
  let lag = about - 1;
  let best: f32 = -1;
  for (let candidate = about - 1; candidate <= about + 1; candidate++) {
    const regressor = sample(residual, candidate);
    const match = similarity(dot(residual, regressor, length), dot(regressor, regressor, length));
    if (match > best) {
      best = match;
      lag = candidate;
    }
  }
  put(PERIOD, first - 1, lag as f32);
  const end = sample(BUFFER, ENH_BUFL - blockl);
  const taken = min(lag, length);
  copy(sample(BACKWARD, length - taken), sample(residual, lag - taken), taken);
  copy(BACKWARD, sample(end, -(length - taken)), length - taken);
  limitEnergy(length, end);
  for (let i = 0; i < length; i++) {
    const p = sample(end, -1 - i);
    const weight = ((i + 1) as f32) / ((length + 1) as f32);
    store<f32>(p, load<f32>(p) * weight + ((1 as f32) - weight) * get(BACKWARD, length - 1 - i));
  }
  return lag;
}

/** The prediction may be at most twice as loud as what was concealed, except towards its end. */
function limitEnergy(length: i32, end: usize): void {
  let concealed: f32 = 0;
  for (let i = 0; i < length; i++) concealed += get(end, -1 - i) * get(end, -1 - i);
  const ours = sqrt((dot(BACKWARD, BACKWARD, length) / (length as f32)) as f64) as f32;
  const theirs = sqrt((concealed / (length as f32)) as f64) as f32;
  if (!(ours > 2 * theirs && ours > 0)) return;
  const scale = ((2 as f32) * theirs) / ours;
  for (let i = 0; i < length - 10; i++) put(BACKWARD, i, get(BACKWARD, i) * scale);
  for (let i = length - 10; i < length; i++) {
    const factor = (((i - length + 10) as f32) * ((1 as f32) - scale)) / 10 + scale;
    put(BACKWARD, i, get(BACKWARD, i) * factor);
  }
}

/** Finds the pitch-synchronous sequences around a block (§4.6.2). */
function collectSequences(begin: i32): void {
  copy(sample(SEQUENCES, ENH_HL * ENH_BLOCKL), sample(BUFFER, begin), ENH_BLOCKL);
  const center = (0.5 as f32) * ((begin + begin + ENH_BLOCKL - 1) as f32);
  let position = begin as f32;
  let block = nearest(ENH_PLOCSTBL, center);
  for (let q = ENH_HL - 1; q >= 0; q--) {
    const period = get(PERIOD, block);
    position -= period;
    block = nearest(ENH_PLOCSTBL, position + 40 - period);
    if (position - 2 >= 0) position = refine(q, begin, position);
    else clear(sample(SEQUENCES, q * ENH_BLOCKL), ENH_BLOCKL);
  }
  position = begin as f32;
  for (let q = ENH_HL + 1; q <= 2 * ENH_HL; q++) {
    block = nearest(LOCATIONS, position + 40);
    position += get(PERIOD, block);
    if (position + 82 < (ENH_BUFL as f32)) position = refine(q, begin, position);
    else clear(sample(SEQUENCES, q * ENH_BLOCKL), ENH_BLOCKL);
  }
}

function nearest(places: usize, value: f32): i32 {
  let index = 0;
  let least = (get(places, 0) - value) * (get(places, 0) - value);
  for (let i = 1; i < ENH_NBLOCKS_TOT; i++) {
    const distance = (get(places, i) - value) * (get(places, i) - value);
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  return index;
}

/**
 * Finds, to a quarter of a sample, where near `estimate` the residual is most like the block at `begin`,
 * and stores it as sequence `q`. @returns the place found
 */
function refine(q: i32, begin: i32, estimate: f32): f32 {
  const rounded = ((estimate as f64) - 0.5) as i32;
  const from = max(0, rounded - 2);
  const to = rounded + 2 + ENH_BLOCKL >= ENH_BUFL ? ENH_BUFL - ENH_BLOCKL - 1 : rounded + 2;
  const count = to - from + 1;
  slidingDots(DOTS, sample(BUFFER, begin), sample(BUFFER, from), ENH_BLOCKL, count);
  upsample(count);
  let place = 0;
  let best = get(UPSAMPLED, 0);
  for (let i = 1; i < 4 * count; i++) {
    if (get(UPSAMPLED, i) > best) {
      best = get(UPSAMPLED, i);
      place = i;
    }
  }
  const whole = (place + 3) >> 2;
  const fraction = 4 * whole - place;
  const out = SEQUENCES + ((q * ENH_BLOCKL) << 2);
  interpolate(out, sample(BUFFER, from + whole - 3), sample(POLYPHASERTBL, 7 * fraction));
  return (from as f32) + (place as f32) / 4 + 1;
}

/** Correlations at a quarter of a sample: the middle five taps, and zeros outside (at most five values go in). */
function upsample(count: i32): void {
  for (let i = 0; i < count; i++) {
    for (let phase = 0; phase < 4; phase++) {
      let sum: f32 = 0;
      for (let k = max(0, i + 3 - count); k <= min(4, i + 2); k++) {
        sum += get(DOTS, i + 2 - k) * get(POLYPHASERTBL, 7 * phase + 1 + k);
      }
      put(UPSAMPLED, 4 * i + phase, sum);
    }
  }
}

/** A block through the seven taps of one phase; four samples at a time. */
function interpolate(out: usize, x: usize, taps: usize): void {
  for (let i: usize = 0; i < 320; i += 16) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < 28; j += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(x + i + j), v128.load_splat<f32>(taps + j)));
    }
    v128.store(out + i, sum);
  }
}
