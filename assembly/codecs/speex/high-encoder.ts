/** Encoder of a high band: a coarse filter and gains, and either the lower band folded up or a codebook. */
import { clear, copy, get, put } from '../../dsp/floats';
import { findLsp } from './analysis';
import { write } from './bits';
import { analyze, expandBandwidth, level, settle, synthesize, TAPS, weight } from './filters';
import { writeInnovation } from './innovation-search';
import { weightedSynthesis } from './long-term-search';
import { gainAtPi, gainAtZero, interpolate, toFilter } from './lsp';
import { writeHigh } from './lsp-quantize';
import { useHighShapes } from './submodes';
import { FOLD_QUANT_BOUND_FLOAT, GC_QUANT_BOUND_FLOAT } from './tables';

const ORDER: i32 = 8;
const LSP_MARGIN: f32 = 0.05;
const GAMMA_1: f32 = 0.9;
const GAMMA_2: f32 = 0.6;

/** State of one high band. */
@unmanaged
export class HighBandCoder {
  /** Samples of a subframe: 40 or 80. */
  subframe: i32;
  first: bool;
  /** 63 samples of the past for the band filter. */
  partMemory: usize;
  /** A subframe of the past, then the frame. */
  speech: usize;
  lspOld: usize;
  quantizedOld: usize;
  synthesis: usize;
  weighting: usize;
  residual: usize;
  /** Filter of the last subframe: it rings on when nothing is sent. */
  filter: usize;
  /** For the band above, by subframe. */
  gainAtPi: usize;
  levels: usize;
  innovationLevels: usize;
}

const SPACE: usize = memory.data(2 * 4096, 16);
const LSP: usize = memory.data(48, 16);
const QUANTIZED: usize = memory.data(48, 16);
const BETWEEN: usize = memory.data(48, 16);
const LPC: usize = memory.data(48, 16);
const QUANTIZED_LPC: usize = memory.data(48, 16);
const WEIGHT_1: usize = memory.data(48, 16);
const WEIGHT_2: usize = memory.data(48, 16);
const SCRATCH: usize = memory.data(48, 16);
const RESPONSE: usize = memory.data(320, 16);
const TARGET: usize = memory.data(320, 16);
const RINGING: usize = memory.data(320, 16);
const RESIDUAL: usize = memory.data(320, 16);
const SILENCE: usize = memory.data(320, 16);

export function highBandCoder(above: i32): HighBandCoder {
  return changetype<HighBandCoder>(SPACE + ((above * 4096) as usize));
}

export function resetHighEncoder(above: i32): void {
  const base = SPACE + ((above * 4096) as usize);
  memory.fill(base, 0, 4096);
  const band = highBandCoder(above);
  band.subframe = above == 0 ? 40 : 80;
  band.first = true;
  band.lspOld = base + 64;
  band.quantizedOld = base + 112;
  band.synthesis = base + 160;
  band.weighting = base + 208;
  band.residual = base + 256;
  band.gainAtPi = base + 304;
  band.levels = base + 320;
  band.innovationLevels = base + 336;
  band.partMemory = base + 384;
  band.speech = base + 640;
  band.filter = base + 2304;
  for (let i = 0; i < ORDER; i++) put(band.lspOld, i, ((3.14159265 as f32) * ((i + 1) as f32)) / ((ORDER + 1) as f32));
}

/** Address for the frame's new samples of this band. */
export function highBandInput(band: HighBandCoder): usize {
  // One subframe is kept of the past: it is coded now, and the last one of these with the next frame.
  copy(band.speech, band.speech + ((4 * band.subframe) << 2), band.subframe);
  return band.speech + (band.subframe << 2);
}

/** The frame that has just come in. */
export function newest(band: HighBandCoder): usize {
  return band.speech + (band.subframe << 2);
}

/** An empty layer: the decoder's filter rings on, and the next frame begins anew. */
function encodeNothing(band: HighBandCoder): void {
  write(1, 1);
  write(0, 3);
  clear(RINGING, band.subframe);
  for (let sub = 0; sub < 4; sub++) {
    synthesize(SILENCE, RINGING, band.filter, band.subframe, band.synthesis);
    put(band.innovationLevels, sub, 0);
    put(band.levels, sub, 0);
  }
  settle(band.synthesis);
  clear(band.weighting, TAPS);
  band.first = true;
}

/** Writes the layer. @param submode 0 (nothing) .. 4, for the ultra-wide band at most 1 @param low.. of the band below, by subframe */
export function encodeHigh(band: HighBandCoder, submode: i32, lowGains: usize, lowLevels: usize, lowInnovationLevels: usize): void {
  if (submode == 0) {
    encodeNothing(band);
    return;
  }
  if (!findLsp(LSP, band.speech, band.subframe / 40, ORDER)) copy(LSP, band.lspOld, ORDER);
  write(1, 1);
  write(submode, 3);
  writeHigh(QUANTIZED, LSP);
  if (band.first) {
    copy(band.lspOld, LSP, ORDER);
    copy(band.quantizedOld, QUANTIZED, ORDER);
  }
  for (let sub = 0; sub < 4; sub++) {
    encodeSubframe(band, sub, submode, get(lowGains, sub), get(lowLevels, sub), get(lowInnovationLevels, sub));
  }
  settle(band.synthesis);
  settle(band.weighting);
  settle(band.residual);
  copy(band.filter, QUANTIZED_LPC, TAPS);
  copy(band.lspOld, LSP, ORDER);
  copy(band.quantizedOld, QUANTIZED, ORDER);
  band.first = false;
}

function quantize(value: f32, bounds: usize, count: i32): i32 {
  let index = 0;
  while (index < count - 1 && value > get(bounds, index)) index++;
  return index;
}

function encodeSubframe(
  band: HighBandCoder, sub: i32, submode: i32, lowGain: f32, lowLevel: f32, lowInnovationLevel: f32,
): void {
  const n = band.subframe;
  const speech = band.speech + ((n * sub) << 2);
  const part = ((sub + 1) as f32) / 4;
  interpolate(BETWEEN, band.lspOld, LSP, ORDER, part, LSP_MARGIN);
  toFilter(LPC, BETWEEN, ORDER);
  interpolate(BETWEEN, band.quantizedOld, QUANTIZED, ORDER, part, LSP_MARGIN);
  toFilter(QUANTIZED_LPC, BETWEEN, ORDER);
  expandBandwidth(WEIGHT_1, LPC, GAMMA_1, ORDER);
  expandBandwidth(WEIGHT_2, LPC, GAMMA_2, ORDER);
  put(band.gainAtPi, sub, gainAtZero(QUANTIZED_LPC, ORDER));
  const ratio = (lowGain + (0.01 as f32)) / (gainAtPi(QUANTIZED_LPC, ORDER) + (0.01 as f32));
  analyze(RESIDUAL, speech, QUANTIZED_LPC, n, band.residual);
  const own = level(RESIDUAL, n);
  if (useHighShapes(submode)) {
    encodeShapes(band, submode, speech, ratio, own, lowLevel);
    put(band.innovationLevels, sub, (0.70711 as f32) * level(RESIDUAL, n));
    put(band.levels, sub, level(RESIDUAL, n));
  } else {
    write(quantize((ratio * own) / ((1 as f32) + lowInnovationLevel), FOLD_QUANT_BOUND_FLOAT, 32), 5);
    put(band.innovationLevels, sub, own);
    put(band.levels, sub, own);
  }
  synthesize(RINGING, RESIDUAL, QUANTIZED_LPC, n, band.synthesis);
  weight(RINGING, RINGING, WEIGHT_1, WEIGHT_2, n, band.weighting);
}

/** Gain and codebook; leaves the excitation in RESIDUAL. Subframes of forty samples. */
function encodeShapes(band: HighBandCoder, submode: i32, speech: usize, ratio: f32, own: f32, lowLevel: f32): void {
  const n = band.subframe;
  const index = quantize((ratio * ((1 as f32) + own)) / ((1 as f32) + lowLevel), GC_QUANT_BOUND_FLOAT, 16);
  write(index, 4);
  const scale = (((0.8736 as f32) * get(GC_QUANT_BOUND_FLOAT, index)) / max<f32>(ratio, 1e-15)) * ((1 as f32) + lowLevel);
  clear(RESPONSE, n);
  put(RESPONSE, 0, 1);
  weightedSynthesis(RESPONSE, RESPONSE, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2);
  clear(RINGING, n);
  copy(SCRATCH, band.synthesis, TAPS);
  synthesize(RINGING, RINGING, QUANTIZED_LPC, n, SCRATCH);
  copy(SCRATCH, band.weighting, TAPS);
  weight(RINGING, RINGING, WEIGHT_1, WEIGHT_2, n, SCRATCH);
  copy(SCRATCH, band.weighting, TAPS);
  weight(TARGET, speech, WEIGHT_1, WEIGHT_2, n, SCRATCH);
  const inverse = (1 as f32) / scale;
  for (let i = 0; i < n; i++) put(TARGET, i, inverse * (get(TARGET, i) - get(RINGING, i)));
  clear(RESIDUAL, n);
  writeInnovation(RESIDUAL, TARGET, RESPONSE, 1);
  if (submode == 4) {
    weightedSynthesis(RINGING, RESIDUAL, QUANTIZED_LPC, WEIGHT_1, WEIGHT_2);
    for (let i = 0; i < n; i++) put(TARGET, i, (2.5 as f32) * (get(TARGET, i) - get(RINGING, i)));
    writeInnovation(RESIDUAL, TARGET, RESPONSE, 0.4);
  }
  for (let i = 0; i < n; i++) put(RESIDUAL, i, scale * get(RESIDUAL, i));
}
