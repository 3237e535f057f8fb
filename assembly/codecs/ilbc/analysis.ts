/** LPC analysis and quantization (RFC 3951 §3.2). */
import { lsfIndices } from './bitstream';
import { clear, copy, get, put, slidingDots } from '../../dsp/floats';
import { blockl, BLOCKL_MAX, LPC_FILTERORDER, LPC_LENGTH, lpcN, mode, nsub } from './frame';
import { lpcToLsf } from './lpc-to-lsf';
import { dequantize, interpolateFilters, stabilize } from './lsf';
import {
  DIM_LSFCBTBL, LPC_ASYMWINTBL, LPC_LAGWINTBL, LPC_WINTBL, LSFCBTBL, LSFMEANTBL, SIZE_LSFCBTBL,
} from './tables'; // prettier-ignore

const LPC_LOOKBACK: i32 = 60;
const LPC_CHIRP_SYNTDENUM: f32 = 0.9025;
const LPC_CHIRP_WEIGHTDENUM: f32 = 0.4222;
const EPS: f32 = 2.220446049250313e-16;

/** The signal under the windows, 300 samples. */
const SIGNAL: usize = memory.data(4 * 300, 16);
const WINDOWED: usize = memory.data(4 * 272, 16);
const CORRELATION: usize = memory.data(64, 16);
const LPC: usize = memory.data(48, 16);
const LSF: usize = memory.data(80, 16);
const LSF_OLD: usize = memory.data(40, 16);
const QUANTIZED: usize = memory.data(80, 16);
const QUANTIZED_OLD: usize = memory.data(40, 16);

export function resetAnalysis(): void {
  clear(SIGNAL, 300);
  copy(LSF_OLD, LSFMEANTBL, LPC_FILTERORDER);
  copy(QUANTIZED_OLD, LSFMEANTBL, LPC_FILTERORDER);
}

/**
 * @param synthesis filters from the quantized frequencies, as the decoder has them
 * @param weighting filters from the unquantized ones, their bandwidth expanded (§3.4)
 */
export function analyze(synthesis: usize, weighting: usize, speech: usize): void {
  copy(SIGNAL + ((LPC_LOOKBACK + BLOCKL_MAX - blockl) << 2), speech, blockl);
  for (let k = 0; k < lpcN; k++) {
    const last = k == lpcN - 1;
    applyWindow(last ? LPC_ASYMWINTBL : LPC_WINTBL, last ? SIGNAL + (LPC_LOOKBACK << 2) : SIGNAL);
    slidingDots(CORRELATION, WINDOWED, WINDOWED, BLOCKL_MAX, LPC_LENGTH);
    for (let i = 0; i < LPC_LENGTH; i++) put(CORRELATION, i, get(CORRELATION, i) * get(LPC_LAGWINTBL, i));
    levinsonDurbin(LPC, CORRELATION);
    expandBandwidth(LPC, LPC_CHIRP_SYNTDENUM);
    lpcToLsf(LSF + ((k * LPC_FILTERORDER) << 2), LPC);
  }
  copy(SIGNAL, SIGNAL + (blockl << 2), LPC_LOOKBACK + BLOCKL_MAX - blockl);
  quantize();
  dequantize(QUANTIZED);
  stabilize(QUANTIZED);
  interpolateFilters(synthesis, QUANTIZED_OLD, QUANTIZED);
  interpolateFilters(weighting, LSF_OLD, LSF);
  for (let i = 0; i < nsub; i++) expandBandwidth(weighting + ((i * LPC_LENGTH) << 2), LPC_CHIRP_WEIGHTDENUM);
}

function applyWindow(window: usize, signal: usize): void {
  for (let i: usize = 0; i < 960; i += 16) {
    v128.store(WINDOWED + i, f32x4.mul(v128.load(signal + i), v128.load(window + i)));
  }
}

function levinsonDurbin(a: usize, r: usize): void {
  clear(a, LPC_LENGTH);
  put(a, 0, 1);
  if (get(r, 0) < EPS) return;
  let k = -get(r, 1) / get(r, 0);
  put(a, 1, k);
  let error = get(r, 0) + get(r, 1) * k;
  for (let m = 1; m < LPC_FILTERORDER; m++) {
    let sum = get(r, m + 1);
    for (let i = 0; i < m; i++) sum += get(a, i + 1) * get(r, m - i);
    k = -sum / error;
    error += k * sum;
    for (let i = 0; i < (m + 1) >> 1; i++) {
      const low = get(a, i + 1) + k * get(a, m - i);
      put(a, m - i, get(a, m - i) + k * get(a, i + 1));
      put(a, i + 1, low);
    }
    put(a, m + 1, k);
  }
}

function expandBandwidth(a: usize, chirp: f32): void {
  let factor = chirp;
  for (let i = 1; i < LPC_LENGTH; i++) {
    put(a, i, factor * get(a, i));
    factor *= chirp;
  }
}

/** Split vector quantization of every LSF vector (§3.2.4). */
function quantize(): void {
  let vector = LSF;
  let index = lsfIndices();
  for (let k = 0; k < lpcN; k++) {
    let codebook = LSFCBTBL;
    for (let split: usize = 0; split < 12; split += 4) {
      const dimension = load<i32>(DIM_LSFCBTBL + split);
      const size = load<i32>(SIZE_LSFCBTBL + split);
      store<i32>(index, nearest(vector, codebook, dimension, size));
      index += 4;
      vector += (dimension as usize) << 2;
      codebook += ((dimension * size) as usize) << 2;
    }
  }
}

function nearest(vector: usize, codebook: usize, dimension: i32, size: i32): i32 {
  let best = 0;
  let least: f32 = 1.0e37;
  for (let j = 0; j < size; j++, codebook += (dimension as usize) << 2) {
    let distance: f32 = 0;
    for (let i = 0; i < dimension; i++) {
      const difference = get(vector, i) - get(codebook, i);
      distance += difference * difference;
    }
    if (distance < least) {
      least = distance;
      best = j;
    }
  }
  return best;
}
