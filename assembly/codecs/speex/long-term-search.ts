/** Search of pitch and pitch gains by analysis by synthesis. */
import { clear, copy, get, put } from '../../dsp/floats';
import { write } from './bits';
import { pitchCandidates } from './complexity';
import { product, synthesize, TAPS, weight } from './filters';
import { predict } from './long-term-decode';
import { findPitch, lag } from './pitch';
import { framePitch, pitchGainBits, pitchGains, PITCH_START } from './submodes';

const SUBFRAME: i32 = 40;

/** Contributions of the three taps, weighted. */
const TAP: usize = memory.data(3 * 160, 16);
const MEMORY: usize = memory.data(48, 16);
const LEFT: usize = memory.data(160, 16);
const BEST_LEFT: usize = memory.data(160, 16);
const TERMS: usize = memory.data(48, 16);
const GAIN: usize = memory.data(16, 16);

/** How much the gains of late have amplified an error of the past. */
let accumulated: f32 = 1024;
let bestGains = 0;

export function resetPitchSearch(): void {
  accumulated = 1024;
}

/** A vector through the weighted synthesis from rest. */
export function weightedSynthesis(out: usize, x: usize, lpc: usize, num: usize, den: usize): void {
  clear(MEMORY, TAPS);
  synthesize(out, x, lpc, SUBFRAME, MEMORY);
  clear(MEMORY, TAPS);
  weight(out, out, num, den, SUBFRAME, MEMORY);
}

/**
 * Writes pitch and gains, and takes their contribution out of the target.
 * @param out the contribution to the excitation @param weighted the weighted speech after its past
 */
export function writePitch(
  out: usize, target: usize, weighted: usize, excitation: usize, response: usize,
  lpc: usize, num: usize, den: usize, submode: i32, low: i32, high: i32,
): void {
  const bits = framePitch(submode) ? 0 : 7;
  if (high < low) {
    write(0, bits);
    write(0, pitchGainBits(submode));
    // What the decoder makes of these zeros.
    quantized(pitchGains(submode));
    clear(out, SUBFRAME);
    return;
  }
  const count = min(pitchCandidates(), high - low + 1);
  if (high > low) findPitch(weighted, low, high, SUBFRAME, count, false);
  let best: f32 = -1;
  let bestLag = low;
  let gains = 0;
  for (let i = 0; i < count; i++) {
    const candidate = high > low ? lag(i) : low;
    const error = tryPitch(candidate, target, excitation, response, lpc, num, den, submode);
    if (best < 0 || error < best) {
      best = error;
      bestLag = candidate;
      gains = bestGains;
      copy(BEST_LEFT, LEFT, SUBFRAME);
    }
  }
  write(bestLag - low, bits);
  write(gains, pitchGainBits(submode));
  const chosen = pitchGains(submode) + ((gains << 2) as usize);
  accumulated = (0.03125 as f32) * max<f32>(1024, accumulated) * (load<i8>(chosen, 3) as f32);
  quantized(chosen);
  predict(out, excitation, bestLag, GAIN);
  copy(target, BEST_LEFT, SUBFRAME);
}

function quantized(gains: usize): void {
  for (let i = 0; i < 3; i++) put(GAIN, i, (0.015625 as f32) * (load<i8>(gains + (i as usize)) as f32) + (0.5 as f32));
}

/** @returns energy of the target that is left, in LEFT */
function tryPitch(
  pitch: i32, target: usize, excitation: usize, response: usize, lpc: usize, num: usize, den: usize, submode: i32,
): f32 {
  const last = TAP + 320;
  const delay = pitch - 1;
  for (let j = 0; j < SUBFRAME; j++) {
    put(last, j, j < delay ? get(excitation, j - delay) : j < delay + pitch ? get(excitation, j - delay - pitch) : 0);
  }
  weightedSynthesis(last, last, lpc, num, den);
  for (let i = 1; i >= 0; i--) {
    const x = TAP + ((i * 160) as usize);
    const newest = get(excitation, i - pitch - 1);
    put(x, 0, get(response, 0) * newest);
    for (let j = 0; j < SUBFRAME - 1; j++) put(x, j + 1, get(x, 160 / 4 + j) + get(response, j + 1) * newest);
  }
  const x0 = TAP;
  const x1 = TAP + 160;
  const half: f32 = 0.5 * 1.04;
  put(TERMS, 0, (64 as f32) * product(last, target, SUBFRAME));
  put(TERMS, 1, (64 as f32) * product(x1, target, SUBFRAME));
  put(TERMS, 2, (64 as f32) * product(x0, target, SUBFRAME));
  put(TERMS, 3, product(last, x1, SUBFRAME));
  put(TERMS, 4, product(x1, x0, SUBFRAME));
  put(TERMS, 5, product(last, x0, SUBFRAME));
  put(TERMS, 6, half * product(last, last, SUBFRAME));
  put(TERMS, 7, half * product(x1, x1, SUBFRAME));
  put(TERMS, 8, half * product(x0, x0, SUBFRAME));
  chooseGains(submode);
  quantized(pitchGains(submode) + ((bestGains << 2) as usize));
  for (let j = 0; j < SUBFRAME; j++) {
    put(LEFT, j, get(target, j) - get(GAIN, 0) * get(last, j) - get(GAIN, 1) * get(x1, j) - get(GAIN, 2) * get(x0, j));
  }
  return product(LEFT, LEFT, SUBFRAME);
}

/** The gains that leave least; where errors have grown for long, only gains that let them die. */
function chooseGains(submode: i32): void {
  const most = accumulated > 262144 ? 31 : 128;
  let best: f32 = -1e30;
  bestGains = 0;
  let gains = pitchGains(submode);
  for (let k = 0; k < 1 << pitchGainBits(submode); k++, gains += 4) {
    const a = ((load<i8>(gains) as i32) + 32) as f32;
    const b = ((load<i8>(gains, 1) as i32) + 32) as f32;
    const c = ((load<i8>(gains, 2) as i32) + 32) as f32;
    const linear = a * get(TERMS, 0) + b * get(TERMS, 1) + c * get(TERMS, 2);
    const crossed = a * b * get(TERMS, 3) + b * c * get(TERMS, 4) + a * c * get(TERMS, 5);
    const square = a * a * get(TERMS, 6) + b * b * get(TERMS, 7) + c * c * get(TERMS, 8);
    const measure = linear - crossed - square;
    if (measure > best && (load<i8>(gains, 3) as i32) <= most) {
      best = measure;
      bestGains = k;
    }
  }
}

/** One forced tap for the whole frame: nothing to search. */
export function forcePitchOut(out: usize, target: usize, excitation: usize, lpc: usize, num: usize, den: usize, pitch: i32, gain: f32): void {
  const tap = min<f32>(gain, 0.99);
  for (let i = 0; i < SUBFRAME; i++) put(out, i, tap * (i < pitch ? get(excitation, i - pitch) : get(out, i - pitch)));
  weightedSynthesis(LEFT, out, lpc, num, den);
  for (let i = 0; i < SUBFRAME; i++) put(target, i, get(target, i) - get(LEFT, i));
}
