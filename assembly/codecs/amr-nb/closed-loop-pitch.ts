/** Adaptive codebook search (TS 26.090 §5.6): integer lags by normalized correlation, then fractions. */
import { at, div_s, dot, hi, lo, Mpy_32, norm_l, put, ref, round, sat, shr, zero } from '../amr/basic-op';
import { Inv_sqrt } from '../amr/math-op';
import { Convolve } from './convolve';
import { L_SUBFR, MR122, MR475, MR515, MR67, MR795, PIT_MAX, PIT_MIN, PIT_MIN_MR122 } from './frame';
import { INTER_6 } from './tables';

const L_INTER_SRCH: i32 = 4;

/** Filtered excitation with room for the sample before it. */
const EXCF: usize = memory.data(112, 16);
const CORR: usize = memory.data(128, 16);

export let pitchFraction: i32 = 0;
/** The lag's index in the frame. */
export let pitchIndex: i32 = 0;
let previousT0: i32 = 0;
let t0Min: i32 = 0;
let t0Max: i32 = 0;

export function pitch_reset(): void {
  previousT0 = 0;
}

/** Correlations of the target with the filtered past at lags tMin..tMax → CORR. */
function Norm_Corr(exc: usize, xn: usize, h: usize, tMin: i32, tMax: i32): void {
  const excf = EXCF + 16;
  Convolve(ref(exc, -tMin), h, excf);
  const scaled = dot(excf, excf, L_SUBFR) > 67108864 >> 1;
  const shift = scaled ? 14 : 12;
  if (scaled) for (let i = 0; i < L_SUBFR; i += 1) put(excf, i, at(excf, i) >> 2);
  for (let t = tMin; t <= tMax; t += 1) {
    const correlation = dot(xn, excf, L_SUBFR) << 1;
    const inverse = Inv_sqrt(dot(excf, excf, L_SUBFR) << 1);
    put(CORR, t - tMin, Mpy_32(hi(correlation), lo(correlation), hi(inverse), lo(inverse)));
    if (t == tMax) break;
    const sample = at(exc, -t - 1);
    const factor = i16x8.splat(<i16>sample);
    for (let j: usize = 64; ; j -= 16) {
      const response = v128.load(h + j);
      const low = i32x4.shr_s(i32x4.extmul_low_i16x8_s(factor, response), shift);
      const high = i32x4.shr_s(i32x4.extmul_high_i16x8_s(factor, response), shift);
      v128.store(excf + j, i16x8.add(v128.load(excf + j - 2), i16x8.narrow_i32x4_s(low, high)));
      if (j == 0) break;
    }
    put(excf, 0, scaled ? sample >> 2 : sample);
  }
}

/** Correlation between integer lags. */
function Interpol_3or6(x: usize, frac: i32, thirds: bool): i32 {
  let phase = thirds ? frac << 1 : frac;
  if (phase < 0) {
    phase += 6;
    x -= 2;
  }
  let sum = 0x4000;
  for (let i = 0; i < L_INTER_SRCH; i += 1) sum += at(x, -i) * at(INTER_6, phase + 6 * i) + at(x, 1 + i) * at(INTER_6, 6 - phase + 6 * i);
  return <i32>(<i16>(sum >> 15));
}

/** @returns the lag; the fraction is pitchFraction */
function searchFrac(lag: i32, first: i32, last: i32, corr: usize, thirds: bool): i32 {
  let frac = first;
  let most = Interpol_3or6(ref(corr, lag), frac, thirds);
  for (let i = first + 1; i <= last; i += 1) {
    const x = Interpol_3or6(ref(corr, lag), i, thirds);
    if (x > most) {
      most = x;
      frac = i;
    }
  }
  if (!thirds) {
    if (frac == -3) {
      frac = 3;
      lag -= 1;
    }
  } else if (frac == -2) {
    frac = 1;
    lag -= 1;
  } else if (frac == 2) {
    frac = -1;
    lag += 1;
  }
  pitchFraction = frac;
  return lag;
}

function getRange(T0: i32, low: i32, range: i32, least: i32): void {
  t0Min = max(T0 - low, least);
  t0Max = t0Min + range;
  if (t0Max > PIT_MAX) {
    t0Max = PIT_MAX;
    t0Min = PIT_MAX - range;
  }
}

/** The lag that four-bit indices are coded around. */
function centre(): i32 {
  let lag = previousT0;
  if (lag - t0Min > 5) lag = t0Min + 5;
  if (t0Max - lag > 4) lag = t0Max - 4;
  return lag;
}

function Enc_lag3(T0: i32, frac: i32, delta: bool, four: bool): i32 {
  if (!delta) return T0 <= 85 ? 3 * T0 - 58 + frac : T0 + 112;
  if (!four) return 3 * (T0 - t0Min) + 2 + frac;
  const middle = centre();
  const fine = 3 * T0 + frac;
  const lower = 3 * (middle - 2);
  if (lower >= fine) return T0 - middle + 5;
  return 3 * (middle + 1) > fine ? fine - lower + 3 : T0 - middle + 11;
}

function Enc_lag6(T0: i32, frac: i32, delta: bool): i32 {
  if (delta) return 6 * (T0 - t0Min) + 3 + frac;
  return T0 <= 94 ? 6 * T0 - 105 + frac : T0 + 368;
}

/** @param open open-loop lag of the half frame. @returns the lag; pitchFraction and pitchIndex go with it */
export function Pitch_fr(mode: i32, subframe: i32, open: i32, exc: usize, xn: usize, h: usize): i32 {
  const is122 = mode == MR122;
  const least = is122 ? PIT_MIN_MR122 : PIT_MIN;
  const single = mode == MR475 || mode == MR515;
  const delta = (subframe & 1) == 1 || (subframe == 2 && single);
  if (!delta) getRange(open, single ? 5 : 3, single ? 10 : 6, least);
  else getRange(previousT0, mode == MR795 ? 10 : 5, mode == MR795 ? 19 : 9, least);
  const tMin = t0Min - L_INTER_SRCH;
  Norm_Corr(exc, xn, h, tMin, t0Max + L_INTER_SRCH);
  const corr = ref(CORR, -tMin);
  let lag = t0Min;
  for (let i = t0Min + 1; i <= t0Max; i += 1) if (at(corr, i) >= at(corr, lag)) lag = i;
  const first = is122 ? -3 : -2;
  const last = -first;
  const four = mode <= MR67;
  if (!delta && lag > (is122 ? 94 : 84)) {
    pitchFraction = 0;
  } else if (delta && four) {
    const middle = centre();
    if (lag == middle || lag == middle - 1) lag = searchFrac(lag, first, last, corr, true);
    else if (lag == middle - 2) lag = searchFrac(lag, 0, last, corr, true);
    else if (lag == middle + 1) lag = searchFrac(lag, first, 0, corr, true);
    else pitchFraction = 0;
  } else {
    lag = searchFrac(lag, first, last, corr, !is122);
  }
  pitchIndex = is122 ? Enc_lag6(lag, pitchFraction, delta) : Enc_lag3(lag, pitchFraction, delta, four);
  previousT0 = lag;
  return lag;
}

/** Sum that fits, normalized: mantissa in the upper half; its exponent is `sumExponent`. */
let sumExponent: i32 = 0;

function normalizedSum(x: usize, y: usize): i32 {
  // y is scaled down when the sum of products does not fit.
  let sum: i64 = 0;
  let fits = true;
  const squares = x == y;
  for (let i = 0; i < L_SUBFR; i += 1) {
    sum += at(x, i) * at(y, i);
    if (sum > 0x7fffffff || sum < -0x80000000) fits = false;
  }
  if (squares && sum >= 0x40000000) fits = false;
  let offset = 0;
  let total = <i32>sum;
  if (!fits) {
    offset = 4;
    total = 0;
    for (let i = 0; i < L_SUBFR; i += 1) total += (squares ? at(x, i) >> 2 : at(x, i)) * (at(y, i) >> 2);
  }
  total = (total << 1) + 1;
  const shift = norm_l(total);
  sumExponent = shift - offset;
  return round(total << shift);
}

/** Gain of the adaptive codevector, Q14. @param g four numbers for the quantizer come back: yy, its exponent, xy, its exponent */
export function G_pitch(mode: i32, xn: usize, y1: usize, g: usize): i32 {
  const yy = normalizedSum(y1, y1);
  const yyExponent = sumExponent;
  const xy = normalizedSum(xn, y1);
  const xyExponent = sumExponent;
  put(g, 0, yy);
  put(g, 1, 15 - yyExponent);
  put(g, 2, xy);
  put(g, 3, 15 - xyExponent);
  if (xy < 4) return 0;
  const gain = min(shr(div_s(xy >> 1, yy), xyExponent - yyExponent), 19661);
  return mode == MR122 ? gain & ~3 : gain;
}

const GP_CLIP: i32 = 15565;
const PAST_GAINS: usize = memory.data(16, 16);
let resonances: i32 = 0;

export function ton_stab_reset(): void {
  resonances = 0;
  zero(PAST_GAINS, 7);
}

/** Whether the spectrum has been tonal for long (TS 26.090 §5.6, stability). */
export function check_lsp(lsp: usize): bool {
  let distance1 = 32767;
  let distance2 = 32767;
  for (let i = 3; i < 8; i += 1) distance1 = min(distance1, at(lsp, i) - at(lsp, i + 1));
  for (let i = 1; i < 3; i += 1) distance2 = min(distance2, at(lsp, i) - at(lsp, i + 1));
  const limit = at(lsp, 1) > 32000 ? 600 : at(lsp, 1) > 30500 ? 800 : 1100;
  resonances = distance1 < 1500 || distance2 < limit ? min(resonances + 1, 12) : 0;
  return resonances >= 12;
}

/** Whether the gain is to be clipped, because its mean is high. */
export function check_gp_clipping(gain: i32): bool {
  if (gain <= GP_CLIP) return false;
  let sum = gain >> 3;
  for (let i = 0; i < 7; i += 1) sum = sat(sum + at(PAST_GAINS, i));
  return sum > GP_CLIP;
}

export function update_gp_clipping(gain: i32): void {
  for (let i = 0; i < 6; i += 1) put(PAST_GAINS, i, at(PAST_GAINS, i + 1));
  put(PAST_GAINS, 6, gain >> 3);
}
