import { greatestOf, magnitudes, sumOf } from './arithmetic';
import { DLB, QLB } from './tables';

const SHORTEST: i32 = 40;
const LONGEST: i32 = 120;

/** Of the last sub-frame searched. */
export let lag: i32 = SHORTEST;
export let gainCode: i32 = 0;

/**
 * EN 300 961 §5.2.11: finds the lag and gain by which the reconstructed residual before `dp` predicts the 40
 * samples at `d`. The lags go by fours; a lane keeps the first of its greatest correlations.
 */
export function search(d: usize, dp: usize): void {
  const d0 = v128.load(d);
  const d1 = v128.load(d, 16);
  const d2 = v128.load(d, 32);
  const d3 = v128.load(d, 48);
  const d4 = v128.load(d, 64);
  const peak = i16x8.max_s(
    i16x8.max_s(i16x8.max_s(magnitudes(d0), magnitudes(d1)), i16x8.max_s(magnitudes(d2), magnitudes(d3))),
    magnitudes(d4),
  );
  const greatest = greatestOf(peak);
  const norm = greatest === 0 ? 0 : clz<i32>(greatest << 16) - 1;
  const scale = norm > 6 ? 0 : 6 - norm;
  const w0 = i16x8.shr_s(d0, scale);
  const w1 = i16x8.shr_s(d1, scale);
  const w2 = i16x8.shr_s(d2, scale);
  const w3 = i16x8.shr_s(d3, scale);
  const w4 = i16x8.shr_s(d4, scale);

  let best = i32x4.splat(0);
  let bestLags = i32x4.splat(SHORTEST);
  let lags = i32x4(40, 41, 42, 43);
  for (let at = dp - 86, end = dp - 240; at > end; at -= 8) {
    const sums = transposedSum(
      correlate(w0, w1, w2, w3, w4, at + 6),
      correlate(w0, w1, w2, w3, w4, at + 4),
      correlate(w0, w1, w2, w3, w4, at + 2),
      correlate(w0, w1, w2, w3, w4, at),
    );
    const better = i32x4.gt_s(sums, best);
    best = i32x4.max_s(sums, best);
    bestLags = v128.bitselect(lags, bestLags, better);
    lags = i32x4.add(lags, i32x4.splat(4));
  }
  let correlation = i32x4.extract_lane(best, 0);
  lag = i32x4.extract_lane(bestLags, 0);
  for (let i = 0; i < 3; i += 1) {
    best = v128.shuffle<i32>(best, best, 1, 2, 3, 0);
    bestLags = v128.shuffle<i32>(bestLags, bestLags, 1, 2, 3, 0);
    const value = i32x4.extract_lane(best, 0);
    const at = i32x4.extract_lane(bestLags, 0);
    if (value > correlation || (value === correlation && at < lag)) {
      correlation = value;
      lag = at;
    }
  }
  const last = sumOf(correlate(w0, w1, w2, w3, w4, dp - ((<usize>LONGEST) << 1)));
  if (last > correlation) {
    correlation = last;
    lag = LONGEST;
  }
  gainCode = quantiseGain((correlation << 1) >> (6 - scale), dp - ((<usize>lag) << 1));
}

// @ts-ignore: decorator
@inline
function correlate(w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, at: usize): v128 {
  return i32x4.add(
    i32x4.add(
      i32x4.add(i32x4.dot_i16x8_s(w0, v128.load(at)), i32x4.dot_i16x8_s(w1, v128.load(at, 16))),
      i32x4.add(i32x4.dot_i16x8_s(w2, v128.load(at, 32)), i32x4.dot_i16x8_s(w3, v128.load(at, 48))),
    ),
    i32x4.dot_i16x8_s(w4, v128.load(at, 64)),
  );
}

/** The sums of the lanes of each of four vectors. */
// @ts-ignore: decorator
@inline
function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** §5.2.12: the gain code for a correlation and the 40 samples that were found. */
// @ts-ignore: decorator
@inline
function quantiseGain(correlation: i32, found: usize): i32 {
  if (correlation <= 0) return 0;
  let energy = i32x4.splat(0);
  for (let i: usize = 0; i < 80; i += 16) {
    const x = i16x8.shr_s(v128.load(found + i), 3);
    energy = i32x4.add(energy, i32x4.dot_i16x8_s(x, x));
  }
  const power = sumOf(energy) << 1;
  if (correlation >= power) return 3;
  const norm = clz(power) - 1;
  const r = (correlation << norm) >> 16;
  const s = (power << norm) >> 16;
  for (let code: usize = 0; code < 3; code += 1) {
    if (r <= (s * <i32>load<i16>(DLB + (code << 1))) >> 15) return <i32>code;
  }
  return 3;
}

/**
 * §5.2.13: writes what `from`, the samples a lag ago, predict to `prediction`, and what is left of `d` to `e`.
 */
export function subtractPrediction(d: usize, from: usize, gain: i32, prediction: usize, e: usize): void {
  const b = v128.load16_splat(QLB + ((<usize>gain) << 1));
  for (let i: usize = 0; i < 80; i += 16) {
    const p = i16x8.q15mulr_sat_s(b, v128.load(from + i));
    v128.store(prediction + i, p);
    v128.store(e + i, i16x8.sub_sat_s(v128.load(d + i), p));
  }
}

/** §5.2.18: `dp` = `prediction` + the quantised excitation. */
export function reconstruct(dp: usize, prediction: usize, excitation: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    v128.store(dp + i, i16x8.add_sat_s(v128.load(prediction + i), v128.load(excitation + i)));
  }
}

/** §5.3.2: the same in the decoder, where nothing predicted it yet. */
export function synthesiseLongTerm(dp: usize, from: usize, gain: i32, excitation: usize): void {
  const b = v128.load16_splat(QLB + ((<usize>gain) << 1));
  for (let i: usize = 0; i < 80; i += 16) {
    const p = i16x8.q15mulr_sat_s(b, v128.load(from + i));
    v128.store(dp + i, i16x8.add_sat_s(v128.load(excitation + i), p));
  }
}
