/** Open-loop lag from the weighted speech (TS 26.090 §5.3). */
import { at, at32, div_s, dot, dot64, energy, hi, L_msu, L_shl, L_shr, L_sub, lo, MAX_32, Mpy_32, Mpy_32_16, norm_l, put, put32, ref, round, sat32, shl, shr, word } from '../amr/basic-op';
import { Inv_sqrt } from '../amr/math-op';
import { MR122, PIT_MAX, PIT_MIN, PIT_MIN_MR122 } from './frame';
import { gmed_n } from '../amr/median';
import { CORRWEIGHT } from './tables';
import { vad_complex_detection_update, vad_tone_detection, vad_tone_detection_update } from './vad';

const THRESHOLD: i32 = 27853;

/** Correlation at each lag. */
const CORR: usize = memory.data(640, 16);
const SCALED: usize = memory.data(640, 16);
/** Lags of the last five half frames, 10.2 kbit/s. */
export const OLD_LAGS: usize = memory.data(16, 16);

/** Whether the half frames were voiced, 10.2 kbit/s. */
export let gainFlag0: i32 = 0;
export let gainFlag1: i32 = 0;
let oldMedian: i32 = 40;
let adaptation: i32 = 0;
let weighted: bool = false;
let bestCorrelation: i32 = 0;

export function open_loop_reset(): void {
  oldMedian = 40;
  adaptation = 0;
  weighted = false;
  gainFlag0 = 0;
  gainFlag1 = 0;
  for (let i = 0; i < 5; i += 1) put(OLD_LAGS, i, 40);
}

export function clearGainFlags(): void {
  gainFlag0 = 0;
  gainFlag1 = 0;
}

/** Copies the signal and its past, scaled so that correlations fit. @returns how far it is shifted right */
function scaleSignal(signal: usize, count: i32): i32 {
  const start = ref(signal, -PIT_MAX);
  let sum: i64 = 0;
  for (let i = 0; i < PIT_MAX + count; i += 1) {
    const x = at(start, i);
    sum += x * x;
  }
  sum <<= 1;
  const shift = sum >= 0x7fffffff ? 3 : sum < 1048576 ? -3 : 0;
  for (let i = 0; i < PIT_MAX + count; i += 1) put(SCALED, i, shift > 0 ? at(start, i) >> 3 : shift < 0 ? at(start, i) << 3 : at(start, i));
  return shift;
}

function comp_corr(signal: usize, count: i32, least: i32): void {
  for (let lag = least; lag <= PIT_MAX; lag += 1) put32(CORR, lag, dot(signal, ref(signal, -lag), count) << 1);
}

/** Highest peak of the second difference of the correlation: how tonal the signal is. */
function hp_max(signal: usize, count: i32, least: i32): void {
  let most = i32.MIN_VALUE;
  for (let i = PIT_MAX - 1; i > least; i -= 1) {
    const x = L_sub(L_sub(L_shl(at32(CORR, i), 1), at32(CORR, i + 1)), at32(CORR, i - 1));
    most = max(most, x == i32.MIN_VALUE ? MAX_32 : x < 0 ? -x : x);
  }
  const power = sat32(dot64(signal, signal, count) << 1);
  const next = sat32(dot64(signal, ref(signal, -1), count) << 1);
  let whole = L_sub(L_shl(power, 1), L_shl(next, 1));
  whole = whole == i32.MIN_VALUE ? MAX_32 : whole < 0 ? -whole : whole;
  const shift1 = norm_l(most) - 1;
  const shift2 = norm_l(whole);
  const denominator = hi(L_shl(whole, shift2));
  const ratio = denominator != 0 ? div_s(hi(L_shl(most, shift1)), denominator) : 0;
  const shift = shift1 - shift2;
  vad_complex_detection_update(shift >= 0 ? shr(ratio, shift) : shl(ratio, -shift));
}

/** Best lag of a range; its normalized correlation is `bestCorrelation`. */
function Lag_max(signal: usize, scale: i32, is122: bool, count: i32, from: i32, to: i32, dtx: bool): i32 {
  let most = i32.MIN_VALUE;
  let lag = from;
  for (let i = from; i >= to; i -= 1) {
    if (at32(CORR, i) >= most) {
      most = at32(CORR, i);
      lag = i;
    }
  }
  const past = ref(signal, -lag);
  let x = dot(past, past, count) << 1;
  if (dtx) vad_tone_detection(most, x);
  x = Inv_sqrt(x);
  if (is122) x = x > 0x3fffffff ? MAX_32 : x << 1;
  x = Mpy_32(hi(most), lo(most), hi(x), lo(x));
  if (is122) {
    x = L_shr(x, scale);
    bestCorrelation = x > 0xffff ? 32767 : x < -65536 ? -32768 : x >> 1;
  } else {
    bestCorrelation = word(x);
  }
  return lag;
}

/** Three ranges of lags; shorter ones are preferred. @param last whether this completes the frame */
export function Pitch_ol(mode: i32, signal: usize, count: i32, last: bool, oneLag: bool, dtx: bool): i32 {
  const is122 = mode == MR122;
  const least = is122 ? PIT_MIN_MR122 : PIT_MIN;
  if (dtx) vad_tone_detection_update(oneLag);
  const scale = scaleSignal(signal, count);
  const scaled = ref(SCALED, PIT_MAX);
  comp_corr(scaled, count, least);
  let lag = Lag_max(scaled, scale, is122, count, PIT_MAX, least << 2, dtx);
  let best = bestCorrelation;
  const lag2 = Lag_max(scaled, scale, is122, count, (least << 2) - 1, least << 1, dtx);
  const best2 = bestCorrelation;
  const lag3 = Lag_max(scaled, scale, is122, count, (least << 1) - 1, least, dtx);
  const best3 = bestCorrelation;
  if (dtx && last) hp_max(scaled, count, least);
  if ((best * THRESHOLD) >> 15 < best2) {
    best = best2;
    lag = lag2;
  }
  return (best * THRESHOLD) >> 15 < best3 ? lag3 : lag;
}

/** Weighted search of 10.2 kbit/s: low lags, and lags near the last voiced ones, are preferred. @param half 0 or 1 */
export function Pitch_ol_wgh(signal: usize, count: i32, half: i32, dtx: bool): i32 {
  scaleSignal(signal, count);
  const scaled = ref(SCALED, PIT_MAX);
  comp_corr(scaled, count, PIT_MIN);
  let most = i32.MIN_VALUE;
  let lag = PIT_MAX;
  for (let i = PIT_MAX; i >= PIT_MIN; i -= 1) {
    const x = at32(CORR, i);
    let t = Mpy_32_16(hi(x), lo(x), at(CORRWEIGHT, 250 - PIT_MAX + i));
    if (weighted) t = Mpy_32_16(hi(t), lo(t), at(CORRWEIGHT, 123 + i - oldMedian));
    if (t >= most) {
      most = t;
      lag = i;
    }
  }
  const past = ref(scaled, -lag);
  const t0 = sat32(dot64(scaled, past, count) << 1);
  const t1 = energy(past, count);
  if (dtx) {
    vad_tone_detection_update(false);
    vad_tone_detection(t0, t1);
  }
  const flag = round(L_msu(t0, round(t1), 13107));
  if (half == 0) gainFlag0 = flag;
  else gainFlag1 = flag;
  if (flag > 0) {
    for (let i = 4; i > 0; i -= 1) put(OLD_LAGS, i, at(OLD_LAGS, i - 1));
    put(OLD_LAGS, 0, lag);
    oldMedian = gmed_n(OLD_LAGS, 5);
    adaptation = 32767;
  } else {
    oldMedian = lag;
    adaptation = (adaptation * 29491) >> 15;
  }
  weighted = adaptation >= 9830;
  if (dtx && half == 1) hp_max(scaled, count, PIT_MIN);
  return lag;
}
