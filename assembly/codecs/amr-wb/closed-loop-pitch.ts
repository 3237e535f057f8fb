/** Adaptive codebook search in quarters of a sample (TS 26.190 §5.6). */
import { at, div_s, dot, hi, L_mult, L_shl, norm_l, put, ref, round, shl } from '../amr/basic-op';
import { Convolve } from './encoder-filter';
import { L_SUBFR, PIT_MIN } from './frame';
import { Dot_product12, exponent, one_ov_sqrt_norm, wrapRound } from './operators';
import { INTER4_1 } from './tables';

const EXCF: usize = memory.data(160, 16);
const CORR: usize = memory.data(96, 16);

export let pitchFraction: i32 = 0;

function Norm_Corr(exc: usize, xn: usize, h: usize, tMin: i32, tMax: i32): void {
  const excf = EXCF + 16;
  Convolve(ref(exc, -tMin), h, excf);
  const scale = -((32 - norm_l((dot(xn, xn, L_SUBFR) << 1) + 1)) >> 1);
  for (let t = tMin; t <= tMax; t += 1) {
    let correlation = (dot(xn, excf, L_SUBFR) << 1) + 1;
    let power = (dot(excf, excf, L_SUBFR) << 1) + 1;
    const shift = norm_l(correlation);
    correlation = hi(correlation << shift);
    const powerShift = norm_l(power);
    power = hi(one_ov_sqrt_norm(power << powerShift, 30 - powerShift));
    const product = L_mult(correlation, power);
    const places = 30 - shift + exponent + scale;
    put(CORR, t - tMin, wrapRound(places < 0 ? product >> min(-places, 31) : product << places));
    if (t == tMax) break;
    const factor = i16x8.splat(<i16>at(exc, -t - 1));
    for (let j: usize = 112; ; j -= 16) {
      const response = v128.load(h + j);
      const low = i32x4.shr_s(i32x4.extmul_low_i16x8_s(factor, response), 15);
      const high = i32x4.shr_s(i32x4.extmul_high_i16x8_s(factor, response), 15);
      v128.store(excf + j, i16x8.add(v128.load(excf + j - 2), i16x8.narrow_i32x4_s(low, high)));
      if (j == 0) break;
    }
    put(excf, 0, (at(exc, -t - 1) * at(h, 0)) >> 15);
  }
}

function Interpol_4(x: usize, frac: i32): i32 {
  if (frac < 0) {
    frac += 4;
    x -= 2;
  }
  return round(L_shl(dot(ref(x, -3), ref(INTER4_1, (3 - frac) * 8), 8), 2));
}

/** @param wide the subframe codes the whole range. @returns the lag; its quarters are pitchFraction */
export function Pitch_fr4(exc: usize, xn: usize, h: usize, t0Min: i32, t0Max: i32, wide: bool, fr2: i32, fr1: i32): i32 {
  const tMin = t0Min - 4;
  Norm_Corr(exc, xn, h, tMin, t0Max + 4);
  const corr = ref(CORR, -tMin);
  let lag = t0Min;
  for (let i = t0Min + 1; i <= t0Max; i += 1) if (at(corr, i) >= at(corr, lag)) lag = i;
  pitchFraction = 0;
  if (wide && lag >= fr1) return lag;
  const halves = fr2 == PIT_MIN || (wide && lag >= fr2);
  const step = halves ? 2 : 1;
  let fraction = lag == t0Min ? 0 : halves ? -2 : -3;
  let most = Interpol_4(ref(corr, lag), fraction);
  for (let i = fraction + step; i <= 3; i += step) {
    const x = Interpol_4(ref(corr, lag), i);
    if (x > most) {
      most = x;
      fraction = i;
    }
  }
  if (fraction < 0) {
    fraction += 4;
    lag -= 1;
  }
  pitchFraction = fraction;
  return lag;
}

/** Gain of the adaptive codevector, Q14. @param g four numbers for the quantizer come back */
export function G_pitch(xn: usize, y1: usize, g: usize): i32 {
  const xy = hi(Dot_product12(xn, y1, L_SUBFR));
  const xyExponent = exponent;
  const yy = hi(Dot_product12(y1, y1, L_SUBFR));
  put(g, 0, yy);
  put(g, 1, exponent);
  put(g, 2, xy);
  put(g, 3, xyExponent);
  if (xy < 0) return 0;
  return min(shl(div_s(xy >> 1, yy), xyExponent - exponent), 19661);
}
