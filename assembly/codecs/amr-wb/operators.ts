/** What the wide-band reference computes in another way than the narrow-band one. */
import { at, dot64, L_msu, norm_l, sat32 } from '../amr/basic-op';
import { INV_SQRT_TBL, POW2_TBL } from '../amr/tables';

/** Exponent that goes with the last result of Dot_product12 or one_ov_sqrt_norm. */
export let exponent: i32 = 0;

/** Sum of x[i] y[i], normalized: Q31 with `exponent`. `count` is a multiple of 8. */
export function Dot_product12(x: usize, y: usize, count: i32): i32 {
  const sum = sat32((dot64(x, y, count) << 1) + 1);
  const shift = norm_l(sum);
  exponent = 30 - shift;
  return sum << shift;
}

/** 1 / sqrt of a normalized number and its exponent; the new one is `exponent`. */
export function one_ov_sqrt_norm(fraction: i32, power: i32): i32 {
  if (fraction <= 0) {
    exponent = 0;
    return i32.MAX_VALUE;
  }
  const mantissa = ((power & 1) == 1 ? fraction >> 1 : fraction) >> 9;
  exponent = -((power - 1) >> 1);
  const i = (mantissa >> 16) - 16;
  const left = at(INV_SQRT_TBL, i);
  return L_msu(left << 16, left - at(INV_SQRT_TBL, i + 1), (mantissa >> 1) & 0x7fff);
}

/** 2 to the power of exponent + fraction (Q15). */
export function power_of_2(power: i32, fraction: i32): i32 {
  const i = fraction >> 10;
  const left = at(POW2_TBL, i);
  const x = (left << 15) - (left - at(POW2_TBL, i + 1)) * ((fraction << 5) & 0x7fff);
  const shift = 29 - power;
  if (shift <= 0) return x;
  return shift > 31 ? 0 : (x >> shift) + ((x >> (shift - 1)) & 1);
}

/** (a * b) >> 16 of a 32-bit and a 16-bit number. */
// @ts-ignore: decorator
@inline
export function fxp_mul32_by_16(a: i32, b: i32): i32 {
  return <i32>((<i64>a * <i64>b) >> 16);
}

/** (hi, lo) times a word. */
// @ts-ignore: decorator
@inline
export function mul_32by16(hi: i32, lo: i32, n: i32): i32 {
  return (hi * n + ((lo * n) >> 15)) << 1;
}

/** Upper word, rounded, where the encoder's reference lets the sum wrap. */
// @ts-ignore: decorator
@inline
export function wrapRound(x: i32): i32 {
  return (x + 0x8000) >> 16;
}
