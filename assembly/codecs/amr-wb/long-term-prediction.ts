import { dot, put, ref, sat } from '../amr/basic-op';
import { L_INTERPOL } from './frame';
import { INTER4_2 } from './tables';

/** Past excitation at lag T0 + frac/4 → exc[0..count) (TS 26.190 §5.7). */
export function Pred_lt4(exc: usize, T0: i32, frac: i32, count: i32): void {
  let phase = -frac;
  let x = ref(exc, -T0 - (L_INTERPOL - 2));
  if (phase < 0) {
    phase += 4;
    x -= 2;
  }
  const taps = ref(INTER4_2, (3 - phase) * 32);
  for (let i = 0; i < count; i += 1) put(exc, i, sat((dot(ref(x, i), taps, 32) + 0x2000) >> 14));
}
