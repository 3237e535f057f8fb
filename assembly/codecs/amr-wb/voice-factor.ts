import { div_s, hi, L_mult, mult, norm_l, norm_s, shl } from '../amr/basic-op';
import { L_SUBFR } from './frame';
import { Dot_product12, exponent } from './operators';

/** -1 unvoiced ... 1 voiced, Q15 (reference's voice_factor). */
export function voice_factor(exc: usize, Q: i32, pitch: i32, code: usize, gain: i32): i32 {
  let energy1 = hi(Dot_product12(exc, exc, L_SUBFR));
  let exponent1 = exponent - (Q << 1);
  const square = L_mult(pitch, pitch);
  let shift = norm_l(square);
  energy1 = mult(energy1, hi(square << shift));
  exponent1 -= shift + 10;
  let energy2 = hi(Dot_product12(code, code, L_SUBFR));
  let exponent2 = exponent;
  shift = norm_s(gain);
  const mantissa = shl(gain, shift);
  energy2 = mult(energy2, mult(mantissa, mantissa));
  exponent2 -= shift << 1;
  const difference = exponent1 - exponent2;
  if (difference >= 0) {
    energy1 >>= 1;
    energy2 >>= min(difference + 1, 31);
  } else {
    energy1 >>= min(1 - difference, 31);
    energy2 >>= 1;
  }
  const balance = energy1 - energy2;
  const total = energy1 + energy2 + 1;
  return balance >= 0 ? div_s(balance, total) : -div_s(-balance, total);
}
