/** Square root by table and interpolation (reference's sqrt_l). */
import { at, L_msu } from '../amr/basic-op';
import { norm_l } from '../amr/called-op';
import { SQRT_L_TBL } from './tables';

/** How far the last root is shifted left, times two. */
export let sqrtExponent: i32 = 0;

/** @returns the root, to be shifted right by sqrtExponent / 2 */
export function sqrt_l_exp(x: i32): i32 {
  if (x <= 0) {
    sqrtExponent = 0;
    return 0;
  }
  const e = norm_l(x) & ~1;
  sqrtExponent = e;
  const mantissa = (x << e) >> 10;
  let i = (mantissa >> 15) & 63;
  if (i > 15) i -= 16;
  const left = at(SQRT_L_TBL, i);
  return L_msu(left << 16, left - at(SQRT_L_TBL, i + 1), mantissa & 0x7fff);
}
