/** Logarithm, power and roots of the references, by table and linear interpolation. Tables are shared by AMR and AMR-WB. */
import { at, L_msu, L_mult, L_shr_r, norm_l, word } from './basic-op';
import { INV_SQRT_TBL, LOG2_TBL, POW2_TBL } from './tables';

/** Fraction of the last `Log2`, Q15. */
export let logFraction: i32 = 0;

/** log2 of a number that was normalized by `shift`. @returns the exponent; the fraction is `logFraction` */
export function Log2_norm(x: i32, shift: i32): i32 {
  if (x <= 0) {
    logFraction = 0;
    return 0;
  }
  const i = (x >> 25) - 32;
  const a = (x >> 10) & 0x7fff;
  const left = at(LOG2_TBL, i);
  logFraction = word(((left << 16) - (((left - at(LOG2_TBL, i + 1)) * a) << 1)) >> 16);
  return 30 - shift;
}

export function Log2(x: i32): i32 {
  const shift = norm_l(x);
  return Log2_norm(x << shift, shift);
}

/** 2 to the power of exponent + fraction (Q15). */
export function Pow2(exponent: i32, fraction: i32): i32 {
  const x = L_mult(fraction, 32);
  const i = (x >> 16) & 31;
  const a = (x >> 1) & 0x7fff;
  const left = at(POW2_TBL, i);
  return L_shr_r(L_msu(left << 16, left - at(POW2_TBL, i + 1), a), 30 - exponent);
}

/** 1 / sqrt(x), Q30 in, Q31 out of the norm's own scaling. */
export function Inv_sqrt(x: i32): i32 {
  if (x <= 0) return 0x3fffffff;
  let exponent = norm_l(x);
  let mantissa = x << exponent;
  exponent = 30 - exponent;
  if ((exponent & 1) == 0) mantissa >>= 1;
  mantissa >>= 9;
  const i = (mantissa >> 16) - 16;
  const a = (mantissa >> 1) & 0x7fff;
  const left = at(INV_SQRT_TBL, i);
  return ((left << 16) - (((left - at(INV_SQRT_TBL, i + 1)) * a) << 1)) >> ((exponent >> 1) + 1);
}
