/** Frequencies of the high band, extrapolated from the low one: 6.60 kbit/s (TS 26.190 §6.3.2). */
import { at, div_s, hi, L_add, L_mac, L_mult, lo, Mpy_32, mult, norm_s, put, round, sat, shl } from '../amr/basic-op';
import { M, M16k } from './frame';
import { Isf_isp } from './isp';

const DIFFERENCE: usize = memory.data(32, 16);

function correlation(lag: i32, mean: i32): i32 {
  let sum = 0;
  for (let i = 7; i < M - 2; i += 1) {
    const x = L_mult(sat(at(DIFFERENCE, i) - mean), sat(at(DIFFERENCE, i - lag) - mean));
    sum = L_add(sum, Mpy_32(hi(x), lo(x), hi(x), lo(x)));
  }
  return sum;
}

/** @param isf 16 frequencies; 20 pairs come back */
export function isf_extrapolation(isf: usize): void {
  put(isf, M16k - 1, at(isf, M - 1));
  let sum = 0;
  let most = 0;
  for (let i = 1; i < M - 1; i += 1) {
    const difference = sat(at(isf, i) - at(isf, i - 1));
    put(DIFFERENCE, i - 1, difference);
    if (i >= 3) sum = L_mac(sum, difference, 2731);
    most = max(most, difference);
  }
  const scale = norm_s(most);
  for (let i = 0; i < M - 2; i += 1) put(DIFFERENCE, i, shl(at(DIFFERENCE, i), scale));
  const mean = shl(round(sum), scale);
  const c0 = correlation(2, mean);
  const c1 = correlation(3, mean);
  const lag = correlation(4, mean) > max(c0, c1) ? 3 : c0 > c1 ? 1 : 2;
  for (let i = M - 1; i < M16k - 1; i += 1) put(isf, i, sat(at(isf, i - 1) + sat(at(isf, i - 1 - lag) - at(isf, i - 2 - lag))));
  // The last frequency is bounded by the spectrum's tilt.
  let target = min(mult(sat(at(isf, 2) - sat(at(isf, 4) + at(isf, 3))), 5461) + 20390, 19456);
  target = sat(target - at(isf, M - 2));
  const reached = sat(at(isf, M16k - 2) - at(isf, M - 2));
  const reachedShift = norm_s(reached);
  const targetShift = norm_s(target) - 1;
  const factor = div_s(shl(target, targetShift), shl(reached, reachedShift));
  const shift = reachedShift - targetShift;
  for (let i = M - 1; i < M16k - 1; i += 1) put(DIFFERENCE, i - (M - 1), shl(mult(sat(at(isf, i) - at(isf, i - 1)), factor), shift));
  for (let i = 1; i < M16k - M; i += 1) {
    const a = at(DIFFERENCE, i);
    const b = at(DIFFERENCE, i - 1);
    if (a + b >= 1280) continue;
    if (a > b) put(DIFFERENCE, i - 1, 1280 - a);
    else put(DIFFERENCE, i, 1280 - b);
  }
  for (let i = M - 1; i < M16k - 1; i += 1) put(isf, i, sat(at(isf, i - 1) + at(DIFFERENCE, i - (M - 1))));
  // From 12.8 to 16 kHz.
  for (let i = 0; i < M16k - 1; i += 1) put(isf, i, mult(at(isf, i), 26214));
  Isf_isp(isf, isf, M16k);
}
