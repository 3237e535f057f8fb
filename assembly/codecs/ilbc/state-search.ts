/** Scale and samples of the start state (RFC 3951 §3.5.2, §3.5.3). */
import { stateIndices, STATE_SAMPLES, STATE_SCALE } from './bitstream';
import { allPole } from './filters';
import { clear, copy, get, put } from '../../dsp/floats';
import { LPC_LENGTH, stateShortLen, SUBL } from './frame';
import { allPass, allPassInput, stateMaximum } from './state';
import { STATE_FRGQTBL, STATE_SQ3TBL } from './tables';

/** Ten zeros, then the weighted state as quantized so far. */
const QUANTIZED: usize = memory.data(4 * 80, 16) + 64;

/** @param lpc, weighting filters of the sub-block in which the state begins; those of the next one follow */
export function quantizeState(residual: usize, lpc: usize, weighting: usize, first: bool): void {
  const n = stateShortLen;
  copy(allPassInput(), residual, n);
  const state = allPass(lpc);
  let maximum: f32 = 0;
  for (let k = 0; k < n; k++) {
    const value = get(state, k) + get(state, k + n);
    put(state, k, value);
    maximum = max<f32>(maximum, abs(value));
  }
  const scale = quantizeScalar(NativeMath.log10(max<f32>(maximum, 10) as f64) as f32, STATE_FRGQTBL, 64);
  store<i32>(stateIndices() + STATE_SCALE, scale);
  const factor = (4.5 as f32) / stateMaximum(scale);
  for (let k = 0; k < n; k++) put(state, k, get(state, k) * factor);
  quantizeSamples(state, weighting, first ? SUBL : n - SUBL);
}

/** Noise-shaping quantization: each sample's error is weighted into those after it. @param change where the next filter begins */
function quantizeSamples(state: usize, weighting: usize, change: i32): void {
  const n = stateShortLen;
  const next = weighting + (LPC_LENGTH << 2);
  allPole(state, weighting, change);
  allPole(state + ((change as usize) << 2), next, n - change);
  clear(QUANTIZED - 64, 16);
  for (let i = 0; i < n; i++) {
    const filter = i < change ? weighting : next;
    const p = QUANTIZED + ((i as usize) << 2);
    store<f32>(p, 0);
    allPole(p, filter, 1);
    const index = quantizeScalar(get(state, i) - load<f32>(p), STATE_SQ3TBL, 8);
    store<i32>(stateIndices() + STATE_SAMPLES + ((i as usize) << 2), index);
    store<f32>(p, get(STATE_SQ3TBL, index));
    allPole(p, filter, 1);
  }
}

/** The nearest of rising levels. */
function quantizeScalar(x: f32, levels: usize, count: i32): i32 {
  if (x <= get(levels, 0)) return 0;
  let i = 0;
  while (x > get(levels, i) && i < count - 1) i++;
  return x > (get(levels, i) + get(levels, i - 1)) / 2 ? i : i - 1;
}
