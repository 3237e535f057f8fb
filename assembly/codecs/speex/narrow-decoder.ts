/** The narrow-band decoder: 160 samples a frame, alone or as the lower half of a wider band. */
import { clear, copy, get, put } from '../../dsp/floats';
import { read, remaining, skip } from './bits';
import { enhance } from './enhancement';
import { expandBandwidth, highPass, level, settle, synthesize, TAPS } from './filters';
import { readInnovation } from './innovation-decode';
import { readPitch, forcePitch, GAIN, pitch } from './long-term-decode';
import { gainAtPi, interpolate, readNarrow, toFilter } from './lsp';
import { noise } from './random';
import {
  coarseLsp, combGain, frameGain, framePitch, gainBits, PITCH_END, PITCH_START, useNarrowShapes,
} from './submodes'; // prettier-ignore
import { ATTENUATION_FLOAT, EXC_GAIN_QUANT_SCAL1_FLOAT, EXC_GAIN_QUANT_SCAL3_FLOAT, WB_SKIP_TABLE } from './tables';

const FRAME: i32 = 160;
const SUBFRAME: i32 = 40;
const ORDER: i32 = 10;
const HISTORY: i32 = 2 * PITCH_END + SUBFRAME + 6;
const LSP_MARGIN: f32 = 0.002;

const BUFFER: usize = memory.data(4 * 512, 16);
const EXCITATION: usize = BUFFER + (HISTORY << 2);
const LSP: usize = memory.data(48, 16);
const LSP_OLD: usize = memory.data(48, 16);
const LSP_BETWEEN: usize = memory.data(48, 16);
/** The filter of the subframe before: the speech lags one subframe behind the excitation. */
const FILTER: usize = memory.data(48, 16);
const NEXT_FILTER: usize = memory.data(48, 16);
const SYNTHESIS_MEMORY: usize = memory.data(48, 16);
const HIGH_PASS_MEMORY: usize = memory.data(16, 16);
const PREDICTION: usize = memory.data(4 * SUBFRAME, 16);
const SEED: usize = memory.data(4, 16);
const RECENT_GAINS: usize = memory.data(16, 16);

/** Innovation of the frame, and the gain of each subframe's filter at 4 kHz: what a high band is made from. */
export const INNOVATION: usize = memory.data(4 * FRAME, 16);
export const GAIN_AT_PI: usize = memory.data(16, 16);

/** The sender says that it is silent. */
export let silent: bool = false;
/** Whether the enhancement runs. */
let enhancing: bool = true;
let submode = 5;
let first: bool = true;
let lost = 0;
let lastPitch = 40;
let lastPitchGain: f32 = 0;
let recent = 0;
let framePitchLag = 0;
let framePitchGain: f32 = 0;
let frameLevel: f32 = 0;
let bestPitch = 40;
let bestPitchGain: f32 = 0;
let pulseAt = 0;
let lastPulse: f32 = 0;
let lastNoise: f32 = 0;
let mean: f32 = 0;

export function lastSubmode(): i32 {
  return submode;
}

export function setEnhancement(on: bool): void {
  enhancing = on;
}

export function resetNarrow(): void {
  clear(BUFFER, 512);
  clear(LSP_OLD, TAPS);
  clear(FILTER, TAPS);
  clear(NEXT_FILTER, TAPS);
  clear(SYNTHESIS_MEMORY, TAPS);
  clear(HIGH_PASS_MEMORY, 2);
  clear(RECENT_GAINS, 3);
  clear(INNOVATION, FRAME);
  store<u32>(SEED, 1000);
  silent = false;
  submode = 5;
  first = true;
  lost = 0;
  lastPitch = 40;
  lastPitchGain = 0;
  recent = 0;
  pulseAt = 0;
  lastPulse = 0;
  lastNoise = 0;
  mean = 0;
}

/** Level of each subframe's excitation. */
export function excitationLevel(subframe: i32): f32 {
  return level(EXCITATION + ((subframe * SUBFRAME) << 2), SUBFRAME);
}

/** Finds the next frame. @returns its submode, -1 at the end, -2 for what cannot be */
function readSubmode(): i32 {
  while (true) {
    if (remaining() < 5) return -1;
    // Layers of a wider band than ours are passed over.
    for (let layers = 0; read(1) != 0; layers++) {
      if (layers == 2) return -2;
      const bits = load<i32>(WB_SKIP_TABLE + ((read(3) as usize) << 2));
      if (bits == 0) return -2;
      skip(bits - 4);
      if (remaining() < 5) return -1;
    }
    const id = read(4);
    if (id <= 8) return id;
    if (id == 15) return -1;
    if (id == 14) {
      const request = read(4);
      skip(request < 2 ? 1 : request < 8 ? 4 : request < 10 ? 8 : request < 12 ? 16 : request < 14 ? 32 : 64);
    } else if (id == 13) skip(8 * read(4) + 5);
    else return -2;
  }
}

function shiftHistory(): void {
  copy(BUFFER, BUFFER + (FRAME << 2), 2 * PITCH_END + SUBFRAME + 12);
}

/** @returns 0, or -1 at the end of the packet, or -2 when the octets cannot be meant */
export function decodeNarrow(out: usize, wide: bool): i32 {
  const id = readSubmode();
  if (id < 0) return id;
  submode = id;
  shiftHistory();
  if (id == 0) {
    makeComfortNoise(out);
    return 0;
  }
  readNarrow(LSP, coarseLsp(id));
  if (lost > 0) {
    let distance: f32 = 0;
    for (let i = 0; i < ORDER; i++) distance += abs(get(LSP_OLD, i) - get(LSP, i));
    const factor = (0.6 as f32) * NativeMathf.exp((-0.2 as f32) * distance);
    for (let i = 0; i < ORDER; i++) put(SYNTHESIS_MEMORY, i, factor * get(SYNTHESIS_MEMORY, i));
  }
  if (first || lost > 0) copy(LSP_OLD, LSP, ORDER);
  if (framePitch(id)) framePitchLag = PITCH_START + read(7);
  framePitchGain = frameGain(id) ? (0.066667 as f32) * (read(4) as f32) : 0;
  frameLevel = NativeMath.exp((read(5) as f64) / 3.5) as f32;
  silent = id == 1 && read(4) == 15;
  bestPitch = 40;
  bestPitchGain = 0;
  let gains: f32 = 0;
  for (let sub = 0; sub < 4; sub++) gains += decodeSubframe(sub);
  shape(out);
  synthesizeFrame(out);
  highPass(out, FRAME, wide ? 3 : 1, HIGH_PASS_MEMORY);
  copy(LSP_OLD, LSP, ORDER);
  first = false;
  lost = 0;
  lastPitch = bestPitch;
  lastPitchGain = (0.25 as f32) * gains;
  rememberGain(lastPitchGain);
  return 0;
}

function rememberGain(gain: f32): void {
  put(RECENT_GAINS, recent, gain);
  recent = recent == 2 ? 0 : recent + 1;
}

/** @returns the subframe's pitch gain as one tap */
function decodeSubframe(sub: i32): f32 {
  const offset = sub * SUBFRAME;
  const excitation = EXCITATION + (offset << 2);
  const innovation = INNOVATION + (offset << 2);
  clear(excitation, SUBFRAME);
  if (frameGain(submode)) forcePitch(PREDICTION, excitation, framePitchLag, framePitchGain);
  else {
    readPitch(PREDICTION, excitation, submode, framePitchLag, lost > 0 && lost >= 4, lost > 0 ? lastPitchGain : -1, offset);
  }
  const gain = asOneTap();
  notePitch(gain);
  const bits = gainBits(submode);
  const scale: f32 =
    bits == 3
      ? get(EXC_GAIN_QUANT_SCAL3_FLOAT, read(3)) * frameLevel
      : bits == 1
        ? get(EXC_GAIN_QUANT_SCAL1_FLOAT, read(1)) * frameLevel
        : frameLevel;
  clear(innovation, SUBFRAME);
  if (useNarrowShapes(submode)) {
    readInnovation(innovation, scale);
    if (submode == 7) readInnovation(innovation, (0.454545 as f32) * scale);
    for (let i = 0; i < SUBFRAME; i++) put(excitation, i, get(PREDICTION, i) + get(innovation, i));
  } else {
    for (let i = 0; i < SUBFRAME; i++) put(innovation, i, noise(1, SEED) * scale);
    vocode(excitation, innovation);
  }
  return gain;
}

function asOneTap(): f32 {
  const low = get(GAIN, 0);
  const high = get(GAIN, 2);
  return abs(get(GAIN, 1)) + (low > 0 ? low : (-0.5 as f32) * low) + (high > 0 ? high : (-0.5 as f32) * high);
}

/** Keeps the pitch with the greatest gain, and of its multiples the likelier one. */
function notePitch(gain: f32): void {
  const fraction = near(2 * bestPitch, 3) || near(3 * bestPitch, 4) || near(4 * bestPitch, 5);
  const multiple = abs(bestPitch - 2 * pitch) < 3 || abs(bestPitch - 3 * pitch) < 4 || abs(bestPitch - 4 * pitch) < 5;
  if (
    (gain > bestPitchGain && !fraction) ||
    (gain > (0.6 as f32) * bestPitchGain && multiple) ||
    ((0.67 as f32) * gain > bestPitchGain && fraction)
  ) {
    bestPitch = pitch;
    bestPitchGain = max<f32>(bestPitchGain, gain);
  }
}

// @ts-ignore: decorator
@inline
function near(value: i32, tolerance: i32): bool {
  return abs(value - pitch) < tolerance;
}

/** Submode 1 is a vocoder: pulses at the pitch, and noise. */
function vocode(excitation: usize, innovation: usize): void {
  const voicing = min<f32>(max<f32>((1.5 as f32) * (framePitchGain - (0.2 as f32)), 0), 1);
  clear(excitation, SUBFRAME);
  for (; pulseAt < SUBFRAME; pulseAt += framePitchLag) {
    if (pulseAt >= 0) put(excitation, pulseAt, sqrt<f32>((framePitchLag << 1) as f32) * voicing * frameLevel);
  }
  pulseAt -= SUBFRAME;
  for (let i = 0; i < SUBFRAME; i++) {
    const pulse = get(excitation, i);
    const random = get(innovation, i);
    const value =
      (0.7 as f32) * pulse +
      (0.3 as f32) * lastPulse +
      ((1 as f32) - (0.85 as f32) * voicing) * random -
      (0.15 as f32) * voicing * lastNoise;
    lastPulse = pulse;
    lastNoise = random;
    mean = (0.8 as f32) * mean + (0.2 as f32) * value;
    put(excitation, i, value - mean);
  }
}

/** The excitation that is heard: enhanced, or after a loss no louder than the frame says. */
function shape(out: usize): void {
  const behind = EXCITATION - (SUBFRAME << 2);
  if (lost > 0) {
    const gain = min<f32>(frameLevel / (level(EXCITATION, FRAME) + 1), 2);
    for (let i = 0; i < FRAME; i++) put(EXCITATION, i, gain * get(EXCITATION, i));
    copy(out, behind, FRAME);
  } else if (enhancing && combGain(submode) > 0) {
    enhance(out, behind, combGain(submode), bestPitch);
    enhance(out + 320, EXCITATION + (SUBFRAME << 2), combGain(submode), bestPitch);
  } else copy(out, behind, FRAME);
}

function synthesizeFrame(out: usize): void {
  for (let sub = 0; sub < 4; sub++) {
    interpolate(LSP_BETWEEN, LSP_OLD, LSP, ORDER, ((sub + 1) as f32) / 4, LSP_MARGIN);
    toFilter(NEXT_FILTER, LSP_BETWEEN, ORDER);
    put(GAIN_AT_PI, sub, gainAtPi(NEXT_FILTER, ORDER));
    const speech = out + ((sub * SUBFRAME) << 2);
    synthesize(speech, speech, FILTER, SUBFRAME, SYNTHESIS_MEMORY);
    copy(FILTER, NEXT_FILTER, ORDER);
  }
  settle(SYNTHESIS_MEMORY);
}

/** Nothing is sent: noise of the last level goes on. */
export function makeComfortNoise(out: usize): void {
  expandBandwidth(NEXT_FILTER, FILTER, 0.93, ORDER);
  const deviation = level(EXCITATION, FRAME);
  for (let i = 0; i < FRAME; i++) put(EXCITATION, i, noise(deviation, SEED));
  clear(INNOVATION, FRAME);
  first = true;
  synthesize(out, EXCITATION, NEXT_FILTER, FRAME, SYNTHESIS_MEMORY);
  settle(SYNTHESIS_MEMORY);
  lost = 0;
}

/** A frame is missing: the pitch goes on, fades, and gives way to noise. */
export function concealNarrow(out: usize): void {
  if (silent) {
    shiftHistory();
    makeComfortNoise(out);
    return;
  }
  const fading: f32 = lost < 10 ? get(ATTENUATION_FLOAT, lost) : 0;
  lastPitchGain = min<f32>(lastPitchGain, median(get(RECENT_GAINS, 0), get(RECENT_GAINS, 1), get(RECENT_GAINS, 2)));
  const gain = fading * min<f32>(lastPitchGain, 0.85);
  const deviation = level(EXCITATION, FRAME) * fading * ((1 as f32) - gain * gain);
  shiftHistory();
  const jitter = noise((lost + 1) as f32, SEED) as i32;
  const delay = max(PITCH_START, min(PITCH_END, lastPitch + jitter));
  for (let i = 0; i < FRAME; i++) put(EXCITATION, i, gain * get(EXCITATION, i - delay) + noise(deviation, SEED));
  expandBandwidth(FILTER, FILTER, 0.98, ORDER);
  synthesize(out, EXCITATION - (SUBFRAME << 2), FILTER, FRAME, SYNTHESIS_MEMORY);
  settle(SYNTHESIS_MEMORY);
  // That of the narrow band in every band: what the decoders in the field do.
  highPass(out, FRAME, 1, HIGH_PASS_MEMORY);
  clear(INNOVATION, FRAME);
  first = false;
  lost = min(lost + 1, 1000);
  rememberGain(gain);
}

function median(a: f32, b: f32, c: f32): f32 {
  return max<f32>(min<f32>(a, b), min<f32>(max<f32>(a, b), c));
}
