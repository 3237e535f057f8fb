/** The start state (RFC 3951 §3.5.2, §4.2): scalar samples, dispersed by an all-pass filter. */
import { stateIndices, STATE_SAMPLES, STATE_SCALE } from './bitstream';
import { clear, get, put } from '../../dsp/floats';
import { allPole, allZero } from './filters';
import { LPC_FILTERORDER, stateShortLen } from './frame';
import { STATE_FRGQTBL, STATE_SQ3TBL } from './tables';

/** Ten zeros, then twice the state and slack. */
const IN: usize = memory.data(4 * 136, 16) + 40;
const OUT: usize = memory.data(4 * 136, 16) + 40;
const NUMERATOR: usize = memory.data(48, 16);

/** Input of the all-pass filter: `stateShortLen` samples. */
export function allPassInput(): usize {
  return IN;
}

/** Runs the all-pass filter A(1/z)/A(z) over the input and as many zeros. @returns its output */
export function allPass(lpc: usize): usize {
  const n = stateShortLen;
  for (let k = 0; k <= LPC_FILTERORDER; k++) put(NUMERATOR, k, get(lpc, LPC_FILTERORDER - k));
  clear(IN + ((n as usize) << 2), n + 4);
  allZero(OUT, IN, NUMERATOR, 2 * n);
  allPole(OUT, lpc, 2 * n);
  return OUT;
}

/** Largest amplitude by its index. */
export function stateMaximum(index: i32): f32 {
  return NativeMath.pow(10, get(STATE_FRGQTBL, index & 63) as f64) as f32;
}

/** Decodes the scalar part of the state. @param lpc filter of the sub-block in which it begins */
export function constructState(out: usize, lpc: usize): void {
  const n = stateShortLen;
  const indices = stateIndices();
  const scale = stateMaximum(load<i32>(indices + STATE_SCALE)) / 4.5;
  for (let k = 0; k < n; k++) {
    const index = load<i32>(indices + STATE_SAMPLES + (((n - 1 - k) as usize) << 2));
    put(IN, k, scale * get(STATE_SQ3TBL, index & 7));
  }
  const filtered = allPass(lpc);
  for (let k = 0; k < n; k++) put(out, k, get(filtered, n - 1 - k) + get(filtered, 2 * n - 1 - k));
}
