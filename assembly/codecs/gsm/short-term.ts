import { magnitudes } from './arithmetic';
import { B, INVA, MIC } from './tables';

/** LAR'' of the frame before. */
const PREVIOUS: usize = memory.data(16, 16);
/** Memory of the analysis filter: u[0..7]. */
const U: usize = memory.data(16, 16);
/** Memory of the synthesis filter: v[8..1], and v[0] in a variable. */
const V: usize = memory.data(16, 16);
let v0: i32 = 0;

/** Loaded 2 t octets before its middle: the lanes up to t - 1. */
const LADDER: usize = memory.data<i16>([-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0], 16);

export function ShortTerm_reset(): void {
  v128.store(PREVIOUS, i16x8.splat(0));
  v128.store(U, i16x8.splat(0));
  v128.store(V, i16x8.splat(0));
  v0 = 0;
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
 * The inverse lattice as a wave: lane j is stage 8 - j, and works on sample k at time 2 k + j; it takes the signal
 * from lane j - 1 and the memory from lane j + 1, both of the time before. Every second lane idles; what it computes
 * reaches only idle lanes.
 */
function synthesiseWith(rp: v128, s: usize, octets: usize): void {
  const kept = v128.load(V);
  let v = kept;
  let signal = i16x8.splat(0);
  let last = i16x8.splat(<i16>v0);
  for (let t: usize = 0; t < 8; t += 1) {
    signal = pushed(signal, v128.load16_splat(s + (t & ~1)));
    v = pulled(v, last);
    signal = i16x8.sub_sat_s(signal, i16x8.q15mulr_sat_s(rp, v));
    v = v128.bitselect(i16x8.add_sat_s(v, i16x8.q15mulr_sat_s(rp, signal)), kept, lanesUpTo(t));
  }
  let older = signal;
  for (let at = s + 8, end = s + octets; at < end; at += 2) {
    v128.store_lane<i16>(at - 8, signal, 7);
    signal = pushed(signal, v128.load16_splat(at));
    v = pulled(v, older);
    signal = i16x8.sub_sat_s(signal, i16x8.q15mulr_sat_s(rp, v));
    v = i16x8.add_sat_s(v, i16x8.q15mulr_sat_s(rp, signal));
    signal = pushed(signal, signal);
    v = pulled(v, older);
    signal = i16x8.sub_sat_s(signal, i16x8.q15mulr_sat_s(rp, v));
    v = i16x8.add_sat_s(v, i16x8.q15mulr_sat_s(rp, signal));
    older = signal;
  }
  finish(rp, s + octets - 8, v, signal);
}

/** `x` with each lane one back, and the last lane of `last` as the last. */
// @ts-ignore: decorator
@inline
function pulled(x: v128, last: v128): v128 {
  return v128.shuffle<i16>(x, last, 1, 2, 3, 4, 5, 6, 7, 15);
}

/** The last three and a half samples of a wave, whose lanes finish one after the other. */
// @ts-ignore: decorator
@inline
function finish(rp: v128, at: usize, begun: v128, filtered: v128): void {
  let v = begun;
  let signal = filtered;
  let older = filtered;
  let kept = v;
  v128.store_lane<i16>(at, signal, 7);
  for (let t: usize = 1; t < 7; t += 1) {
    signal = pushed(signal, signal);
    v = pulled(v, older);
    signal = i16x8.sub_sat_s(signal, i16x8.q15mulr_sat_s(rp, v));
    v = i16x8.add_sat_s(v, i16x8.q15mulr_sat_s(rp, signal));
    kept = v128.bitselect(kept, v, lanesUpTo(t));
    if ((t & 1) === 0) {
      older = signal;
      v128.store_lane<i16>(at + t, signal, 7);
    }
  }
  v128.store(V, kept);
  v0 = i16x8.extract_lane_s(signal, 7);
}
