/** Line spectral frequencies (RFC 3951 §3.2.3 to §3.2.6). */
import { lsfIndices } from './bitstream';
import { copy, get, put } from '../../dsp/floats';
import { LPC_FILTERORDER, LPC_LENGTH, lpcN, mode, nsub } from './frame';
import { DIM_LSFCBTBL, LSFCBTBL, LSF_WEIGHTTBL_20MS, LSF_WEIGHTTBL_30MS, SIZE_LSFCBTBL } from './tables';

const TWO_PI: f32 = 6.283185307;
const PI2: f32 = 0.159154943;

const BETWEEN: usize = memory.data(40, 16);
/** cos of five frequencies, then of the five between them. */
const COSINES: usize = memory.data(40, 16);
/** Two delays of the five sections of both polynomials. */
const DELAYS: usize = memory.data(80, 16);

/** Looks up the vectors of a frame. @param lsf room for one or two vectors of ten */
export function dequantize(lsf: usize): void {
  let to = lsf;
  for (let analysis = 0; analysis < lpcN; analysis++) {
    let codebook = LSFCBTBL;
    for (let split = 0; split < 3; split++) {
      const dimension: i32 = load<i32>(DIM_LSFCBTBL + ((split as usize) << 2));
      const index = load<i32>(lsfIndices() + (((analysis * 3 + split) as usize) << 2));
      copy(to, codebook + (((index * dimension) as usize) << 2), dimension);
      to += (dimension as usize) << 2;
      codebook += ((load<i32>(SIZE_LSFCBTBL + ((split as usize) << 2)) * dimension) as usize) << 2;
    }
  }
}

/** Keeps neighbours 50 Hz apart, in two rounds (§3.2.5). */
export function stabilize(lsf: usize): void {
  const eps: f32 = 0.039;
  const eps2: f32 = 0.0195;
  const maxLsf: f32 = 3.14;
  const minLsf: f32 = 0.01;
  for (let round = 0; round < 2; round++) {
    for (let m = 0; m < lpcN; m++) {
      for (let k = 0; k < LPC_FILTERORDER - 1; k++) {
        const i = m * LPC_FILTERORDER + k;
        const low = get(lsf, i);
        const high = get(lsf, i + 1);
        if (high - low < eps) {
          if (high < low) {
            put(lsf, i + 1, low + eps2);
            put(lsf, i, get(lsf, i + 1) - eps2);
          } else {
            put(lsf, i, low - eps2);
            put(lsf, i + 1, high + eps2);
          }
        }
        put(lsf, i, max(min(get(lsf, i), maxLsf), minLsf));
      }
    }
  }
}

/**
 * Filters of every sub-block by interpolation between the last vector and the new one(s) (§3.2.6, §3.2.7).
 * @param lpc room for `nsub` filters of eleven
 * @param old the last vector of the frame before; becomes that of this frame
 */
export function interpolateFilters(lpc: usize, old: usize, lsf: usize): void {
  for (let i = 0; i < nsub; i++) {
    const long = mode == 30;
    const weight = get(long ? LSF_WEIGHTTBL_30MS : LSF_WEIGHTTBL_20MS, i);
    const from = long && i > 0 ? lsf : old;
    const to = long && i > 0 ? lsf + 40 : lsf;
    const rest: f32 = 1 - weight;
    for (let k = 0; k < LPC_FILTERORDER; k++) put(BETWEEN, k, weight * get(from, k) + rest * get(to, k));
    lsfToLpc(lpc + (((i * LPC_LENGTH) as usize) << 2), BETWEEN);
  }
  copy(old, lsf + (((lpcN - 1) * LPC_FILTERORDER) << 2), LPC_FILTERORDER);
}

/** @param lsf radians; is changed */
function lsfToLpc(a: usize, lsf: usize): void {
  for (let i = 0; i < LPC_FILTERORDER; i++) put(lsf, i, get(lsf, i) * PI2);
  const last = LPC_FILTERORDER - 1;
  if (get(lsf, 0) <= 0 || get(lsf, last) >= 0.5) {
    if (get(lsf, 0) <= 0) put(lsf, 0, 0.022);
    if (get(lsf, last) >= 0.5) put(lsf, last, 0.499);
    const step = (get(lsf, last) - get(lsf, 0)) / (last as f32);
    for (let i = 1; i < LPC_FILTERORDER; i++) put(lsf, i, get(lsf, i - 1) + step);
  }
  for (let i = 0; i < 5; i++) {
    put(COSINES, i, cosine(TWO_PI * get(lsf, 2 * i)));
    put(COSINES, i + 5, cosine(TWO_PI * get(lsf, 2 * i + 1)));
  }
  memory.fill(DELAYS, 0, 80);
  // The impulse response of both polynomials, each as five sections 1 - 2 cos(w) z^-1 + z^-2.
  cascade(0.25, 0.25);
  put(a, 0, 1);
  for (let j = 0; j < LPC_FILTERORDER; j++) {
    put(a, j + 1, 2 * (j == 0 ? cascade(0.25, -0.25) : cascade(0, 0)));
  }
}

/** @returns the sum of what comes out of both cascades */
function cascade(p: f32, q: f32): f32 {
  for (let i: usize = 0; i < 20; i += 4) {
    const delays = DELAYS + (i << 2);
    const p1 = load<f32>(delays);
    const q1 = load<f32>(delays, 8);
    const nextP = p - 2 * load<f32>(COSINES + i) * p1 + load<f32>(delays, 4);
    const nextQ = q - 2 * load<f32>(COSINES + i, 20) * q1 + load<f32>(delays, 12);
    store<f32>(delays, p1, 4);
    store<f32>(delays, p);
    store<f32>(delays, q1, 12);
    store<f32>(delays, q, 8);
    p = nextP;
    q = nextQ;
  }
  return p + q;
}

// @ts-ignore: decorator
@inline
export function cosine(x: f32): f32 {
  return NativeMath.cos(x as f64) as f32;
}
