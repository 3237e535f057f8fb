/** Linear prediction analysis: windowing, autocorrelation, Levinson-Durbin (TS 26.090 §5.2.1, §5.2.2). */
import { abs_s, at, copy, Div_32, dot, hi, L_shl, L_sub, lo, MAX_32, Mpy_32, norm_l, put, ref, zero } from '../amr/basic-op';
import { M, MP1, MR122 } from './frame';
import { LAG_H, LAG_L, WINDOW_160_80, WINDOW_200_40, WINDOW_232_8 } from './tables';

const L_WINDOW: i32 = 240;

/** Windowed speech, and zeros that the last lags read. */
const Y: usize = memory.data(512, 16);
const RH: usize = memory.data(32, 16);
const RL: usize = memory.data(32, 16);
const AH: usize = memory.data(32, 16);
const AL: usize = memory.data(32, 16);
const ANH: usize = memory.data(32, 16);
const ANL: usize = memory.data(32, 16);
/** The last stable filter. */
const OLD_A: usize = memory.data(32, 16);

export function lpc_reset(): void {
  zero(OLD_A, MP1);
  put(OLD_A, 0, 4096);
}

function Autocorr(x: usize, window: usize): void {
  let energy: i64 = 0;
  for (let i = 0; i < L_WINDOW; i += 1) {
    const sample = (at(x, i) * at(window, i) + 0x4000) >> 15;
    put(Y, i, sample);
    energy += sample * sample;
  }
  // Scale down by 4 until twice the energy fits.
  while (energy >= 0x40000000) {
    energy = 0;
    for (let i = 0; i < L_WINDOW; i += 1) {
      const sample = at(Y, i) >> 2;
      put(Y, i, sample);
      energy += sample * sample;
    }
  }
  let sum = ((<i32>energy) << 1) + 1;
  const norm = norm_l(sum);
  sum <<= norm;
  put(RH, 0, hi(sum));
  put(RL, 0, lo(sum));
  for (let i = 1; i <= M; i += 1) {
    sum = dot(Y, ref(Y, i), L_WINDOW) << (norm + 1);
    // Lag window, 60 Hz of widening.
    const lagged = Mpy_32(hi(sum), lo(sum), at(LAG_H, i - 1), at(LAG_L, i - 1));
    put(RH, i, hi(lagged));
    put(RL, i, lo(lagged));
  }
}

// @ts-ignore: decorator
@inline
function magnitude(x: i32): i32 {
  return x == i32.MIN_VALUE ? MAX_32 : x < 0 ? -x : x;
}

/** 1 - k². */
// @ts-ignore: decorator
@inline
function complement(kh: i32, kl: i32): i32 {
  return L_sub(MAX_32, magnitude(Mpy_32(kh, kl, kh, kl)));
}

function Levinson(a: usize): void {
  let t = (at(RH, 1) << 16) + (at(RL, 1) << 1);
  let k = Div_32(magnitude(t), at(RH, 0), at(RL, 0));
  if (t > 0) k = -k;
  put(AH, 1, hi(k >> 4));
  put(AL, 1, lo(k >> 4));
  t = complement(hi(k), lo(k));
  t = Mpy_32(at(RH, 0), at(RL, 0), hi(t), lo(t));
  let alphaExponent = norm_l(t);
  t <<= alphaExponent;
  let alphaH = hi(t);
  let alphaL = lo(t);
  for (let i = 2; i <= M; i += 1) {
    t = 0;
    for (let j = 1; j < i; j += 1) {
      const ah = at(AH, i - j);
      t += (at(RH, j) * at(AL, i - j)) >> 15;
      t += (at(RL, j) * ah) >> 15;
      t += at(RH, j) * ah;
    }
    t = (t << 5) + (at(RH, i) << 16) + (at(RL, i) << 1);
    k = Div_32(magnitude(t), alphaH, alphaL);
    if (t > 0) k = -k;
    k = L_shl(k, alphaExponent);
    const kh = hi(k);
    const kl = lo(k);
    if (abs_s(kh) > 32750) {
      copy(a, OLD_A, MP1);
      return;
    }
    for (let j = 1; j < i; j += 1) {
      const ah = at(AH, i - j);
      const sum = ((kh * at(AL, i - j)) >> 15) + ((kl * ah) >> 15) + kh * ah + (at(AH, j) << 15) + at(AL, j);
      put(ANH, j, sum >> 15);
      put(ANL, j, sum & 0x7fff);
    }
    put(ANH, i, k >> 20);
    put(ANL, i, (k >> 5) & 0x7fff);
    t = complement(kh, kl);
    const ch = hi(t);
    const cl = lo(t);
    t = (((alphaH * cl) >> 15) + ((alphaL * ch) >> 15) + alphaH * ch) << 1;
    const shift = norm_l(t);
    t <<= shift;
    alphaH = hi(t);
    alphaL = lo(t);
    alphaExponent += shift;
    copy(ref(AH, 1), ref(ANH, 1), i);
    copy(ref(AL, 1), ref(ANL, 1), i);
  }
  put(a, 0, 4096);
  for (let i = 1; i <= M; i += 1) put(a, i, ((at(AH, i) << 15) + at(AL, i) + 0x2000) >> 14);
  copy(OLD_A, a, MP1);
}

/** Coefficients of the last subframe, at 12.2 kbit/s of the second too. @param x last 240 samples; @param x12k2 the ones 40 earlier */
export function lpc(mode: i32, x: usize, x12k2: usize, a: usize): void {
  if (mode == MR122) {
    Autocorr(x12k2, WINDOW_160_80);
    Levinson(ref(a, MP1));
    Autocorr(x12k2, WINDOW_232_8);
  } else {
    Autocorr(x, WINDOW_200_40);
  }
  Levinson(ref(a, MP1 * 3));
}
