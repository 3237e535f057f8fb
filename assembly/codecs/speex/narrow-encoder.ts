/** The narrow-band encoder: 160 samples a frame, coded with 40 samples of look-ahead. */
import { clear, copy, get, put } from '../../dsp/floats';
import { rate } from './activity';
import { findLsp } from './analysis';
import { write } from './bits';
import { complexity } from './complexity';
import { analyze, expandBandwidth, highPass, level, settle, synthesize, TAPS, weight } from './filters';
import { writeInnovation } from './innovation-search';
import { forcePitchOut, resetPitchSearch, weightedSynthesis, writePitch } from './long-term-search';
import { gainAtPi, interpolate, toFilter } from './lsp';
import { writeNarrow } from './lsp-quantize';
import { findPitch, GAINS, withoutMultiples } from './pitch';
import { chooseNarrow, expectedNarrow, inSilence, rated } from './rate-control';
import { coarseLsp, frameGain, framePitch, gainBits, PITCH_END, PITCH_START, useNarrowShapes } from './submodes';
import {
  EXC_GAIN_QUANT_SCAL1_BOUND_FLOAT, EXC_GAIN_QUANT_SCAL1_FLOAT, EXC_GAIN_QUANT_SCAL3_BOUND_FLOAT, EXC_GAIN_QUANT_SCAL3_FLOAT,
} from './tables'; // prettier-ignore

const FRAME: i32 = 160;
const SUBFRAME: i32 = 40;
const ORDER: i32 = 10;
const PAST: i32 = PITCH_END + 4;
const LSP_MARGIN: f32 = 0.002;
const GAMMA_1: f32 = 0.92;
const GAMMA_2: f32 = 0.6;

/** Excitation and weighted speech with their past. */
const EXCITATION: usize = memory.data(4 * (PAST + FRAME + 32), 16) + (PAST << 2);
const WEIGHTED: usize = memory.data(4 * (PAST + FRAME + 32), 16) + (PAST << 2);
/** The last 40 samples of the frame before, then the new ones: the first 160 are coded. */
const SPEECH: usize = memory.data(4 * 200, 16);
const LSP: usize = memory.data(48, 16);
const LSP_OLD: usize = memory.data(48, 16);
const QUANTIZED: usize = memory.data(48, 16);
const QUANTIZED_OLD: usize = memory.data(48, 16);
const BETWEEN: usize = memory.data(48, 16);
const LPC: usize = memory.data(48, 16);
const QUANTIZED_LPC: usize = memory.data(48, 16);
const WEIGHT_1: usize = memory.data(48, 16);
const WEIGHT_2: usize = memory.data(48, 16);
const RESPONSE: usize = memory.data(160, 16);
const TARGET: usize = memory.data(160, 16);
const RINGING: usize = memory.data(160, 16);
const PREDICTION: usize = memory.data(160, 16);
const INNOVATION: usize = memory.data(160, 16);
const RESIDUAL: usize = memory.data(4 * FRAME, 16);
const SCRATCH: usize = memory.data(48, 16);

// Memories of the filters.
const HIGH_PASS: usize = memory.data(16, 16);
const OPEN_LOOP: usize = memory.data(48, 16);
const WHOLE_RESIDUAL: usize = memory.data(48, 16);
const SUBFRAME_RESIDUAL: usize = memory.data(48, 16);
const SYNTHESIS: usize = memory.data(48, 16);
const WEIGHTING: usize = memory.data(48, 16);

/** For the band above, by subframe: filter gain at 4 kHz, levels of excitation and innovation. */
export const GAIN_AT_PI: usize = memory.data(16, 16);
export const LEVELS: usize = memory.data(16, 16);
export const INNOVATION_LEVELS: usize = memory.data(16, 16);

let first = true;
let boundedPitch = true;
let openLoopPitch = 0;
let openLoopGain: f32 = 0;
let frameLevel: f32 = 0;

export function resetNarrowEncoder(): void {
  clear(EXCITATION - (PAST << 2), PAST + FRAME);
  clear(WEIGHTED - (PAST << 2), PAST + FRAME);
  clear(SPEECH, 200);
  for (let i = 0; i < ORDER; i++) {
    const even: f32 = ((3.14159265 as f32) * ((i + 1) as f32)) / ((ORDER + 1) as f32);
    put(LSP_OLD, i, even);
    put(LSP, i, even);
  }
  clear(HIGH_PASS, 4);
  clear(OPEN_LOOP, TAPS);
  clear(WHOLE_RESIDUAL, TAPS);
  clear(SUBFRAME_RESIDUAL, TAPS);
  clear(SYNTHESIS, TAPS);
  clear(WEIGHTING, TAPS);
  resetPitchSearch();
  first = true;
  boundedPitch = true;
}

/** Writes one frame. @param x 160 samples, 16-bit range; is changed @param bands above this one @returns its submode, 0 .. 8 */
export function encodeNarrow(x: usize, bands: i32): i32 {
  copy(EXCITATION - (PAST << 2), EXCITATION + ((FRAME - PAST) << 2), PAST);
  copy(WEIGHTED - (PAST << 2), WEIGHTED + ((FRAME - PAST) << 2), PAST);
  highPass(x, FRAME, bands > 0 ? 2 : 0, HIGH_PASS);
  copy(SPEECH, SPEECH + (FRAME << 2), SUBFRAME);
  copy(SPEECH + (SUBFRAME << 2), x, FRAME);
  if (!findLsp(LSP, SPEECH, 1, ORDER)) copy(LSP, LSP_OLD, ORDER);
  let submode = expectedNarrow(bands > 0);
  analyzeWhole(submode);
  if (rated()) {
    let moved: f32 = 0;
    for (let i = 0; i < ORDER; i++) moved += (get(LSP_OLD, i) - get(LSP, i)) * (get(LSP_OLD, i) - get(LSP, i));
    submode = chooseNarrow(rate(x, openLoopGain), moved, bands);
  }
  write(0, 1);
  write(submode, 4);
  if (submode == 0) beSilent();
  else encodeSpeech(submode);
  return submode;
}

/** Nothing is sent: the next frame begins anew. */
function beSilent(): void {
  clear(EXCITATION, FRAME);
  clear(WEIGHTED, FRAME);
  clear(WEIGHTING, TAPS);
  clear(SYNTHESIS, TAPS);
  first = true;
  boundedPitch = true;
}

function encodeSpeech(submode: i32): void {
  if (first) copy(LSP_OLD, LSP, ORDER);
  writeNarrow(QUANTIZED, LSP, coarseLsp(submode));
  if (framePitch(submode)) write(openLoopPitch - PITCH_START, 7);
  if (frameGain(submode)) {
    const index = max(0, min(15, floor<f32>((0.5 as f32) + (15 * 0.9 as f32) * openLoopGain) as i32));
    write(index, 4);
    openLoopGain = (0.066667 as f32) * (index as f32);
  }
  const index = max(0, min(31, NativeMath.floor(0.5 + 3.5 * NativeMath.log(frameLevel as f64)) as i32));
  write(index, 5);
  frameLevel = NativeMath.exp((index as f64) / 3.5) as f32;
  if (submode == 1) write(inSilence() ? 15 : 0, 4);
  if (first) copy(QUANTIZED_OLD, QUANTIZED, ORDER);
  for (let sub = 0; sub < 4; sub++) encodeSubframe(sub, submode);
  settle(SYNTHESIS);
  settle(WEIGHTING);
  settle(OPEN_LOOP);
  settle(WHOLE_RESIDUAL);
  settle(SUBFRAME_RESIDUAL);
  copy(LSP_OLD, LSP, ORDER);
  copy(QUANTIZED_OLD, QUANTIZED, ORDER);
  first = false;
  // After a vocoder frame the decoder's past is not ours.
  boundedPitch = submode == 1;
}

/** Pitch, and level of the residual, of the whole frame. */
function analyzeWhole(submode: i32): void {
  if (first) copy(BETWEEN, LSP, ORDER);
  else interpolate(BETWEEN, LSP_OLD, LSP, ORDER, 0.625, LSP_MARGIN);
  toFilter(LPC, BETWEEN, ORDER);
  expandBandwidth(WEIGHT_1, LPC, 0.9, ORDER);
  expandBandwidth(WEIGHT_2, LPC, 0.55, ORDER);
  // Where the pitch is searched by subframe and its gain has a level of its own, that of the frame is of no use.
  const pitched = rated() || framePitch(submode) || (gainBits(submode) < 3 && complexity > 2);
  if (pitched) {
    weight(WEIGHTED, SPEECH, WEIGHT_1, WEIGHT_2, FRAME, OPEN_LOOP);
    findPitch(WEIGHTED, PITCH_START, PITCH_END, FRAME, 6, true);
    openLoopGain = get(GAINS, 0);
    openLoopPitch = withoutMultiples(6, 0.85);
  }
  analyze(RESIDUAL, SPEECH, LPC, FRAME, WHOLE_RESIDUAL);
  frameLevel = level(RESIDUAL, FRAME);
  if (pitched && submode != 1) {
    frameLevel *= (1.1 as f32) * sqrt<f32>(max<f32>((1 as f32) - (0.8 as f32) * openLoopGain * openLoopGain, 0));
  }
}

function encodeSubframe(sub: i32, submode: i32): void {
  const offset = sub * SUBFRAME;
  const excitation = EXCITATION + (offset << 2);
  const weighted = WEIGHTED + (offset << 2);
  const speech = SPEECH + (offset << 2);
  prepareFilters(sub);
  // What the past still rings, and what is wanted beyond it.
  clear(RINGING, SUBFRAME);
  copy(SCRATCH, SYNTHESIS, TAPS);
  synthesize(RINGING, RINGING, QUANTIZED_LPC, SUBFRAME, SCRATCH);
  copy(SCRATCH, WEIGHTING, TAPS);
  weight(RINGING, RINGING, WEIGHT_1, WEIGHT_2, SUBFRAME, SCRATCH);
  copy(SCRATCH, WEIGHTING, TAPS);
  weight(weighted, speech, WEIGHT_1, WEIGHT_2, SUBFRAME, SCRATCH);
  for (let i = 0; i < SUBFRAME; i++) put(TARGET, i, get(weighted, i) - get(RINGING, i));
  analyze(RESIDUAL, speech, QUANTIZED_LPC, SUBFRAME, SUBFRAME_RESIDUAL);

  const whole = framePitch(submode);
  const low = whole ? openLoopPitch : PITCH_START;
  let high = whole ? openLoopPitch : PITCH_END;
  if (boundedPitch) high = min(high, offset);
  if (frameGain(submode)) {
    forcePitchOut(PREDICTION, TARGET, excitation, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2, openLoopPitch, openLoopGain);
  } else {
    writePitch(
      PREDICTION, TARGET, weighted, excitation, RESPONSE, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2, submode, low, high,
    ); // prettier-ignore
  }
  for (let i = 0; i < SUBFRAME; i++) put(RESIDUAL, i, get(RESIDUAL, i) - get(PREDICTION, i));
  const scale = writeGain(submode);
  encodeInnovation(submode, scale);
  for (let i = 0; i < SUBFRAME; i++) put(excitation, i, get(PREDICTION, i) + get(INNOVATION, i));
  put(LEVELS, sub, level(excitation, SUBFRAME));
  put(INNOVATION_LEVELS, sub, level(INNOVATION, SUBFRAME));
  synthesize(weighted, excitation, QUANTIZED_LPC, SUBFRAME, SYNTHESIS);
  weight(weighted, weighted, WEIGHT_1, WEIGHT_2, SUBFRAME, WEIGHTING);
}

function prepareFilters(sub: i32): void {
  const part = ((sub + 1) as f32) / 4;
  interpolate(BETWEEN, LSP_OLD, LSP, ORDER, part, LSP_MARGIN);
  toFilter(LPC, BETWEEN, ORDER);
  interpolate(BETWEEN, QUANTIZED_OLD, QUANTIZED, ORDER, part, LSP_MARGIN);
  toFilter(QUANTIZED_LPC, BETWEEN, ORDER);
  put(GAIN_AT_PI, sub, gainAtPi(QUANTIZED_LPC, ORDER));
  expandBandwidth(WEIGHT_1, LPC, GAMMA_1, ORDER);
  expandBandwidth(WEIGHT_2, LPC, GAMMA_2, ORDER);
  clear(RESPONSE, SUBFRAME);
  put(RESPONSE, 0, 1);
  weightedSynthesis(RESPONSE, RESPONSE, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2);
}

/** Writes how the subframe's level differs from the frame's. @returns its level */
function writeGain(submode: i32): f32 {
  const bits = gainBits(submode);
  if (bits == 0) return frameLevel;
  const relative = level(RESIDUAL, SUBFRAME) / frameLevel;
  const bounds = bits == 3 ? EXC_GAIN_QUANT_SCAL3_BOUND_FLOAT : EXC_GAIN_QUANT_SCAL1_BOUND_FLOAT;
  let index = 0;
  while (index < (1 << bits) - 1 && relative > get(bounds, index)) index++;
  write(index, bits);
  return frameLevel * get(bits == 3 ? EXC_GAIN_QUANT_SCAL3_FLOAT : EXC_GAIN_QUANT_SCAL1_FLOAT, index);
}

function encodeInnovation(submode: i32, scale: f32): void {
  clear(INNOVATION, SUBFRAME);
  if (!useNarrowShapes(submode)) {
    // Noise stands for it at the other side; here what would be right keeps our filters right.
    clear(SCRATCH, TAPS);
    weight(INNOVATION, TARGET, QUANTIZED_LPC, WEIGHT_1, SUBFRAME, SCRATCH);
    clear(SCRATCH, TAPS);
    analyze(INNOVATION, INNOVATION, WEIGHT_2, SUBFRAME, SCRATCH);
    return;
  }
  const inverse = (1 as f32) / scale;
  for (let i = 0; i < SUBFRAME; i++) put(TARGET, i, inverse * get(TARGET, i));
  writeInnovation(INNOVATION, TARGET, RESPONSE, 1);
  if (submode == 7) {
    weightedSynthesis(RINGING, INNOVATION, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2);
    for (let i = 0; i < SUBFRAME; i++) put(TARGET, i, (2.2 as f32) * (get(TARGET, i) - get(RINGING, i)));
    writeInnovation(INNOVATION, TARGET, RESPONSE, 0.454545);
  }
  for (let i = 0; i < SUBFRAME; i++) put(INNOVATION, i, scale * get(INNOVATION, i));
}
