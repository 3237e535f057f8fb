/** Energies that the gain quantizers weigh (TS 26.090 §5.8): mantissas and exponents. */
import { at, div_s, dot, hi, L_mac, L_shl, put } from '../amr/basic-op';
import { norm_l, sat } from '../amr/called-op';
import { L_SUBFR, MR475, MR795 } from './frame';

const SCALED_Y2: usize = memory.data(96, 16);

/** Unquantized gain of the code. */
export let codeGainFraction: i32 = 0;
export let codeGainExponent: i32 = 0;
/** Energy of the target. */
export let targetFraction: i32 = 0;
export let targetExponent: i32 = 0;

// @ts-ignore: decorator
@inline
function normalized(x: i32, shift: i32): i32 {
  return hi(L_shl(x, shift));
}

/** @param g from G_pitch; @param fraction and @param exponent: five coefficients come back */
export function calc_filt_energies(mode: i32, xn: usize, xn2: usize, y1: usize, y2: usize, g: usize, fraction: usize, exponent: usize): void {
  const unquantized = mode == MR795 || mode == MR475;
  const start = unquantized ? 0 : 1;
  let s1 = start;
  let s2 = start;
  let s3 = start;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const y = at(y2, i) >> 3;
    put(SCALED_Y2, i, y);
    s1 = L_mac(s1, y, y);
    s2 = L_mac(s2, at(xn, i), y);
    s3 = L_mac(s3, at(y1, i), y);
  }
  put(fraction, 0, at(g, 0));
  put(exponent, 0, at(g, 1));
  put(fraction, 1, sat(-at(g, 2)));
  put(exponent, 1, at(g, 3) + 1);
  let shift = norm_l(s1);
  put(fraction, 2, normalized(s1, shift));
  put(exponent, 2, -3 - shift);
  shift = norm_l(s2);
  put(fraction, 3, sat(-normalized(s2, shift)));
  put(exponent, 3, 7 - shift);
  shift = norm_l(s3);
  put(fraction, 4, normalized(s3, shift));
  put(exponent, 4, 7 - shift);
  if (!unquantized) return;
  s1 = dot(xn2, SCALED_Y2, L_SUBFR) << 1;
  shift = norm_l(s1);
  const mantissa = normalized(s1, shift);
  if (mantissa <= 0) {
    codeGainFraction = 0;
    codeGainExponent = 0;
  } else {
    codeGainFraction = div_s(mantissa >> 1, at(fraction, 2));
    codeGainExponent = 6 - shift - at(exponent, 2) - 14;
  }
}

export function calc_target_energy(xn: usize): void {
  let sum = dot(xn, xn, L_SUBFR);
  if (sum < 0) sum = i32.MAX_VALUE;
  const shift = norm_l(sum);
  targetFraction = normalized(sum, shift);
  targetExponent = 16 - shift;
}
