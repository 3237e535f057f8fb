import { multiplyRounded, saturate, sumOf } from './arithmetic';
import { FAC, NRFAC } from './tables';

/** x[0..39] of §5.2.14, and the 13 pulses chosen from it. */
const X: usize = memory.data(80, 16);
const PULSES: usize = memory.data(32, 16);

/** Of the last sub-frame encoded. */
export let grid: i32 = 0;
export let blockMaximum: i32 = 0;

/**
 * EN 300 961 §5.2.14-5.2.16: codes the 40 samples at `e` (8 zero words before and behind) as 13 pulses on one of four grids.
 * Writes xMc[0..12] to `codes`.
 */
export function quantisePulses(e: usize, codes: usize): void {
  weight(e);
  grid = selectGrid();
  let greatest = 0;
  const from = X + ((<usize>grid) << 1);
  for (let i: usize = 0; i < 13; i += 1) {
    const x = <i32>load<i16>(from + i * 6);
    store<i16>(PULSES + (i << 1), x);
    greatest = max(greatest, min<i32>(32767, abs<i32>(x)));
  }
  let exponent = 0;
  for (let rest = greatest >> 9; rest > 0 && exponent < 6; rest >>= 1) exponent += 1;
  blockMaximum = (greatest >> (exponent + 5)) + (exponent << 3);
  const scale = scaleOf(blockMaximum);
  const factor = <i32>load<i16>(NRFAC + ((<usize>(scale & 7)) << 1));
  const shift = 6 - (scale >> 3);
  for (let i: usize = 0; i < 26; i += 2) {
    const normal = <i32>(<i16>(<i32>load<i16>(PULSES + i) << shift));
    store<i16>(codes + i, (((normal * factor) >> 15) >> 12) + 4);
  }
}

/** §5.2.15: exponent (-4..6, times 8) and mantissa (0..7) of a coded block maximum. */
// @ts-ignore: decorator
@inline
function scaleOf(maximum: i32): i32 {
  let exponent = maximum > 15 ? (maximum >> 3) - 1 : 0;
  let mantissa = maximum - (exponent << 3);
  if (mantissa === 0) {
    exponent = -4;
    mantissa = 7;
  } else {
    while (mantissa <= 7) {
      mantissa = (mantissa << 1) | 1;
      exponent -= 1;
    }
    mantissa -= 8;
  }
  return (exponent << 3) + mantissa;
}

/** §5.2.16, 5.2.17: the excitation, 40 samples at `excitation`, that 13 codes stand for. */
export function dequantisePulses(codes: usize, gridCode: i32, maximum: i32, excitation: usize): void {
  for (let i: usize = 0; i < 80; i += 16) v128.store(excitation + i, i16x8.splat(0));
  const scale = scaleOf(maximum);
  const factor = <i32>load<i16>(FAC + ((<usize>(scale & 7)) << 1));
  const shift = 6 - (scale >> 3);
  const half = shift > 0 ? 1 << (shift - 1) : 0;
  const to = excitation + ((<usize>gridCode) << 1);
  for (let i: usize = 0; i < 13; i += 1) {
    const code = ((<i32>load<i16>(codes + (i << 1)) << 1) - 7) << 12;
    store<i16>(to + i * 6, saturate(multiplyRounded(factor, code) + half) >> shift);
  }
}

// @ts-ignore: decorator
@inline
function pair(low: i32, high: i32): v128 {
  return i32x4.splat((low & 0xffff) | (high << 16));
}

/** §5.2.13: the weighting filter H, whose third and ninth taps are 0. */
function weight(e: usize): void {
  const h0 = pair(-134, -374);
  const h3 = pair(2054, 5741);
  const h5 = pair(8192, 5741);
  const h7 = pair(2054, 0);
  const h9 = pair(-374, -134);
  for (let i: usize = 0; i < 80; i += 16) {
    const at = e + i - 10;
    let low = i32x4.splat(4096);
    let high = low;
    let a = v128.load(at);
    let b = v128.load(at, 2);
    low = i32x4.add(low, i32x4.dot_i16x8_s(interleavedLow(a, b), h0));
    high = i32x4.add(high, i32x4.dot_i16x8_s(interleavedHigh(a, b), h0));
    a = v128.load(at, 6);
    b = v128.load(at, 8);
    low = i32x4.add(low, i32x4.dot_i16x8_s(interleavedLow(a, b), h3));
    high = i32x4.add(high, i32x4.dot_i16x8_s(interleavedHigh(a, b), h3));
    a = v128.load(at, 10);
    b = v128.load(at, 12);
    low = i32x4.add(low, i32x4.dot_i16x8_s(interleavedLow(a, b), h5));
    high = i32x4.add(high, i32x4.dot_i16x8_s(interleavedHigh(a, b), h5));
    a = v128.load(at, 14);
    low = i32x4.add(low, i32x4.dot_i16x8_s(interleavedLow(a, a), h7));
    high = i32x4.add(high, i32x4.dot_i16x8_s(interleavedHigh(a, a), h7));
    a = v128.load(at, 18);
    b = v128.load(at, 20);
    low = i32x4.add(low, i32x4.dot_i16x8_s(interleavedLow(a, b), h9));
    high = i32x4.add(high, i32x4.dot_i16x8_s(interleavedHigh(a, b), h9));
    v128.store(X + i, i16x8.narrow_i32x4_s(i32x4.shr_s(low, 13), i32x4.shr_s(high, 13)));
  }
}

/** §5.2.14: the first grid of the greatest energy. Grids 0 and 3 differ in their ends only. */
// @ts-ignore: decorator
@inline
function selectGrid(): i32 {
  const first = i16x8(-1, 0, 0, -1, 0, 0, -1, 0);
  const second = i16x8(0, -1, 0, 0, -1, 0, 0, -1);
  const third = i16x8(0, 0, -1, 0, 0, -1, 0, 0);
  const x0 = i16x8.shr_s(v128.load(X), 2);
  const x1 = i16x8.shr_s(v128.load(X, 16), 2);
  const x2 = i16x8.shr_s(v128.load(X, 32), 2);
  const x3 = i16x8.shr_s(v128.load(X, 48), 2);
  const x4 = i16x8.shr_s(v128.load(X, 64), 2);
  const head = i16x8.extract_lane_s(x0, 0);
  const tail = i16x8.extract_lane_s(x4, 7);
  const all = energy(x0, x1, x2, x3, x4, first, second, third);
  const energies1 = energy(x0, x1, x2, x3, x4, second, third, first);
  const energies2 = energy(x0, x1, x2, x3, x4, third, first, second);
  const tailEnergy = <i32>tail * <i32>tail;
  let best = all - tailEnergy;
  let chosen = 0;
  if (energies1 > best) {
    best = energies1;
    chosen = 1;
  }
  if (energies2 > best) {
    best = energies2;
    chosen = 2;
  }
  if (all - <i32>head * <i32>head > best) chosen = 3;
  return chosen;
}

// @ts-ignore: decorator
@inline
function energy(x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, m0: v128, m1: v128, m2: v128): i32 {
  return sumOf(
    i32x4.add(
      i32x4.add(
        i32x4.add(i32x4.dot_i16x8_s(x0, v128.and(x0, m0)), i32x4.dot_i16x8_s(x1, v128.and(x1, m1))),
        i32x4.add(i32x4.dot_i16x8_s(x2, v128.and(x2, m2)), i32x4.dot_i16x8_s(x3, v128.and(x3, m0))),
      ),
      i32x4.dot_i16x8_s(x4, v128.and(x4, m1)),
    ),
  );
}

// @ts-ignore: decorator
@inline
function interleavedLow(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function interleavedHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
