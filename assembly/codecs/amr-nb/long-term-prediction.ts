/** Adaptive codebook: lag decoding and fractional interpolation (TS 26.090 §5.6, §6.1). */
import { at, dot, put, ref, sat } from '../amr/basic-op';
import { PIT_MAX, PIT_MIN_MR122 } from './frame';
import { INTER_6_PRED_LT } from './tables';

/** Fraction of the last decoded lag, in thirds or sixths. */
export let lagFraction: i32 = 0;

const COEFFICIENTS: usize = memory.data(48, 16);

/** Past excitation at lag T0 + frac/3 (or /6) → exc[0..count). */
export function Pred_lt_3or6(exc: usize, T0: i32, frac: i32, count: i32, thirds: bool): void {
  let phase = -frac;
  if (thirds) phase <<= 1;
  let x = ref(exc, -T0 - 9);
  if (phase < 0) {
    phase += 6;
    x -= 2;
  }
  for (let k = 0; k < 10; k += 1) {
    put(COEFFICIENTS, 9 - k, at(INTER_6_PRED_LT, phase + 6 * k));
    put(COEFFICIENTS, 10 + k, at(INTER_6_PRED_LT, 6 - phase + 6 * k));
  }
  for (let i = 0; i < count; i += 1) put(exc, i, sat((dot(ref(x, i), COEFFICIENTS, 24) + 0x4000) >> 15));
}

/** Lag of a mode with thirds. @param wide the subframe codes the whole range. @returns T0; the fraction is `lagFraction` */
export function Dec_lag3(index: i32, t0Min: i32, t0Max: i32, wide: bool, previous: i32, flag4: bool): i32 {
  if (wide) {
    if (index < 197) {
      const T0 = (((index + 2) * 10923) >> 15) + 19;
      lagFraction = index - 3 * T0 + 58;
      return T0;
    }
    lagFraction = 0;
    return index - 112;
  }
  if (!flag4) {
    const i = (((index + 2) * 10923) >> 15) - 1;
    lagFraction = index - 2 - 3 * i;
    return i + t0Min;
  }
  let lag = previous;
  if (lag - t0Min > 5) lag = t0Min + 5;
  if (t0Max - lag > 4) lag = t0Max - 4;
  if (index < 4) {
    lagFraction = 0;
    return lag - 5 + index;
  }
  if (index < 12) {
    const i = (((index - 5) * 10923) >> 15) - 1;
    lagFraction = index - 9 - 3 * i;
    return i + lag;
  }
  lagFraction = 0;
  return index - 12 + lag + 1;
}

/** Lag of 12.2 kbit/s, with sixths. @param previous lag of the subframe before */
export function Dec_lag6(index: i32, wide: bool, previous: i32): i32 {
  if (wide) {
    if (index < 463) {
      const T0 = (((index + 5) * 5462) >> 15) + 17;
      lagFraction = index - 6 * T0 + 105;
      return T0;
    }
    lagFraction = 0;
    return index - 368;
  }
  let t0Min = max(previous - 5, PIT_MIN_MR122);
  if (t0Min + 9 > PIT_MAX) t0Min = PIT_MAX - 9;
  const i = (((index + 5) * 5462) >> 15) - 1;
  lagFraction = index - 3 - 6 * i;
  return i + t0Min;
}
