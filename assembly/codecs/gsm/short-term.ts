import { magnitudes } from './arithmetic';
import { B, INVA, MIC } from './tables';

/** LAR'' of the frame before. */
const PREVIOUS: usize = memory.data(16, 16);
/** Memory of the analysis filter: u[0..7]. */
const U: usize = memory.data(16, 16);
/** Memory of the synthesis filter: v[7..0], for the stages 8 to 1. */
const V: usize = memory.data(16, 16);

/** Eight lanes from its element 7 - t on: those up to t. */
const LADDER: usize = memory.data<i16>([-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0], 16);

export function ShortTerm_reset(): void {
  v128.store(PREVIOUS, i16x8.splat(0));
  v128.store(U, i16x8.splat(0));
  v128.store(V, i16x8.splat(0));
}

// @ts-ignore: decorator
@inline
function lanesUpTo(t: usize): v128 {
  return v128.load(LADDER + 14 - (t << 1));
}

/** §5.2.8: LARc → LAR''. */
// @ts-ignore: decorator
@inline
function dequantise(larc: usize): v128 {
  const code = i16x8.shl(i16x8.add(v128.load(larc), v128.load(MIC)), 10);
  const scaled = i16x8.q15mulr_sat_s(v128.load(INVA), i16x8.sub_sat_s(code, i16x8.shl(v128.load(B), 1)));
  return i16x8.add_sat_s(scaled, scaled);
}

/** §5.2.9.2: LAR' → reflection coefficients. */
// @ts-ignore: decorator
@inline
function reflection(lar: v128): v128 {
  const a = magnitudes(lar);
  const high = i16x8.add_sat_s(i16x8.shr_s(a, 2), i16x8.splat(26112));
  const middle = i16x8.add_sat_s(a, i16x8.splat(11059));
  const value = v128.bitselect(
    i16x8.shl(a, 1),
    v128.bitselect(middle, high, i16x8.lt_s(a, i16x8.splat(20070))),
    i16x8.lt_s(a, i16x8.splat(11059)),
  );
  const sign = i16x8.shr_s(lar, 15);
  return i16x8.sub(v128.xor(value, sign), sign);
}

/** Short-term residual of the 160 samples at `s`, in place (§5.2.8-5.2.10). */
export function analyse(s: usize, larc: usize): void {
  const previous = v128.load(PREVIOUS);
  const lar = dequantise(larc);
  v128.store(PREVIOUS, lar);
  analyseWith(reflection(firstQuarter(previous, lar)), s, 26);
  analyseWith(reflection(half(previous, lar)), s + 26, 28);
  analyseWith(reflection(firstQuarter(lar, previous)), s + 54, 26);
  analyseWith(reflection(lar), s + 80, 240);
}

/** Speech from the short-term residual of 160 samples at `s`, in place (§5.3.4). */
export function synthesise(s: usize, larc: usize): void {
  const previous = v128.load(PREVIOUS);
  const lar = dequantise(larc);
  v128.store(PREVIOUS, lar);
  synthesiseWith(reversed(reflection(firstQuarter(previous, lar))), s, 26);
  synthesiseWith(reversed(reflection(half(previous, lar))), s + 26, 28);
  synthesiseWith(reversed(reflection(firstQuarter(lar, previous))), s + 54, 26);
  synthesiseWith(reversed(reflection(lar)), s + 80, 240);
}

/** Table 4.1 of §5.2.9.1: three parts of `near`, one of `far`. */
// @ts-ignore: decorator
@inline
function firstQuarter(near: v128, far: v128): v128 {
  return i16x8.add_sat_s(i16x8.add_sat_s(i16x8.shr_s(near, 2), i16x8.shr_s(far, 2)), i16x8.shr_s(near, 1));
}

// @ts-ignore: decorator
@inline
function half(a: v128, b: v128): v128 {
  return i16x8.add_sat_s(i16x8.shr_s(a, 1), i16x8.shr_s(b, 1));
}

// @ts-ignore: decorator
@inline
function reversed(x: v128): v128 {
  return v128.shuffle<i16>(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** `x` with each lane one further, and `first` (in all lanes) as the first. */
// @ts-ignore: decorator
@inline
function pushed(x: v128, first: v128): v128 {
  return v128.shuffle<i16>(first, x, 7, 8, 9, 10, 11, 12, 13, 14);
}

/**
 * The lattice as a wave: at time t the lane i works on sample t - i, so that its eight stages, one after the other
 * for one sample, go side by side. Lanes that have no sample yet, or no more, keep their memory.
 */
function analyseWith(rp: v128, s: usize, octets: usize): void {
  let u = v128.load(U);
  let d = i16x8.splat(0);
  let x = d;
  for (let t: usize = 0; t < 7; t += 1) {
    const sample = v128.load16_splat(s + (t << 1));
    d = pushed(d, sample);
    x = pushed(x, sample);
    const next = i16x8.add_sat_s(u, i16x8.q15mulr_sat_s(rp, d));
    d = i16x8.add_sat_s(d, i16x8.q15mulr_sat_s(rp, u));
    u = v128.bitselect(x, u, lanesUpTo(t));
    x = next;
  }
  for (let at = s + 14, end = s + octets; at < end; at += 2) {
    const sample = v128.load16_splat(at);
    d = pushed(d, sample);
    x = pushed(x, sample);
    const next = i16x8.add_sat_s(u, i16x8.q15mulr_sat_s(rp, d));
    d = i16x8.add_sat_s(d, i16x8.q15mulr_sat_s(rp, u));
    u = x;
    x = next;
    v128.store_lane<i16>(at - 14, d, 7);
  }
  for (let t: usize = 0; t < 7; t += 1) {
    d = pushed(d, d);
    x = pushed(x, x);
    const next = i16x8.add_sat_s(u, i16x8.q15mulr_sat_s(rp, d));
    d = i16x8.add_sat_s(d, i16x8.q15mulr_sat_s(rp, u));
    u = v128.bitselect(u, x, lanesUpTo(t));
    x = next;
    v128.store_lane<i16>(s + octets - 14 + (t << 1), d, 7);
  }
  v128.store(U, u);
}

/**
 * The inverse lattice: the eight products of a sample at once, then its eight saturated differences one after the other,
 * each kept by the lanes behind it.
 */
function synthesiseWith(rp: v128, s: usize, octets: usize): void {
  let v = v128.load(V);
  for (let at = s, end = s + octets; at < end; at += 2) {
    const p = i16x8.q15mulr_sat_s(rp, v);
    let signal = i16x8.sub_sat_s(v128.load16_splat(at), from0(p));
    signal = i16x8.sub_sat_s(signal, from1(p));
    signal = i16x8.sub_sat_s(signal, from2(p));
    signal = i16x8.sub_sat_s(signal, from3(p));
    signal = i16x8.sub_sat_s(signal, from4(p));
    signal = i16x8.sub_sat_s(signal, from5(p));
    signal = i16x8.sub_sat_s(signal, from6(p));
    signal = i16x8.sub_sat_s(signal, v128.and(p, i16x8(0, 0, 0, 0, 0, 0, 0, -1)));
    v128.store_lane<i16>(at, signal, 7);
    const next = i16x8.add_sat_s(v, i16x8.q15mulr_sat_s(rp, signal));
    v = v128.shuffle<i16>(next, signal, 1, 2, 3, 4, 5, 6, 7, 15);
  }
  v128.store(V, v);
}

/** Lane 0 in all lanes; below, lane n in itself and those behind it, 0 before. */
// @ts-ignore: decorator
@inline
function from0(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1));
}

// @ts-ignore: decorator
@inline
function from1(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function from2(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, -1, -1, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5));
}

// @ts-ignore: decorator
@inline
function from3(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, -1, -1, -1, -1, 6, 7, 6, 7, 6, 7, 6, 7, 6, 7));
}

// @ts-ignore: decorator
@inline
function from4(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, -1, -1, -1, -1, -1, -1, 8, 9, 8, 9, 8, 9, 8, 9));
}

// @ts-ignore: decorator
@inline
function from5(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 10, 11, 10, 11, 10, 11));
}

// @ts-ignore: decorator
@inline
function from6(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 12, 13, 12, 13));
}
