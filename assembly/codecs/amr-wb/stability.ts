import { at, hi, L_mac, L_shl, mult, sat, shl } from '../amr/basic-op';
import { M } from './frame';

/** How steady the spectrum is, Q15 (TS 26.190 §6.1). @param isf of this frame @param before of the last one */
export function stability(isf: usize, before: usize): i32 {
  let sum = 0;
  for (let i = 0; i < M - 1; i += 1) {
    const difference = sat(at(isf, i) - at(before, i));
    sum = L_mac(sum, difference, difference);
  }
  return max(shl(20480 - mult(hi(L_shl(sum, 8)), 26214), 1), 0);
}
