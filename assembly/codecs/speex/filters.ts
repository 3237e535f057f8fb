/**
 * Filters of order up to twelve in transposed direct form: coefficients a1 .. a12 and memories are twelve floats,
 * zeros behind the order.
 */
import { get, put } from '../../dsp/floats';
import { PCOEF_FLOAT, ZCOEF_FLOAT } from './tables';

/** Floats of a set of coefficients and of a memory. */
export const TAPS: i32 = 12;

// @ts-ignore: decorator
@inline
function next(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 1, 2, 3, 4);
}

/** All-pole filter 1/A(z). May be in place. */
export function synthesize(y: usize, x: usize, den: usize, n: i32, memory: usize): void {
  const d0 = v128.load(den);
  const d1 = v128.load(den, 16);
  const d2 = v128.load(den, 32);
  let m0 = v128.load(memory);
  let m1 = v128.load(memory, 16);
  let m2 = v128.load(memory, 32);
  for (let i: usize = 0, last = (n as usize) << 2; i < last; i += 4) {
    const out = load<f32>(x + i) + f32x4.extract_lane(m0, 0);
    store<f32>(y + i, out);
    const s = f32x4.splat(out);
    m0 = f32x4.sub(next(m0, m1), f32x4.mul(d0, s));
    m1 = f32x4.sub(next(m1, m2), f32x4.mul(d1, s));
    m2 = f32x4.sub(next(m2, f32x4.splat(0)), f32x4.mul(d2, s));
  }
  v128.store(memory, m0);
  v128.store(memory, m1, 16);
  v128.store(memory, m2, 32);
}

/** N(z)/A(z). May be in place. */
export function weight(y: usize, x: usize, num: usize, den: usize, n: i32, memory: usize): void {
  const n0 = v128.load(num);
  const n1 = v128.load(num, 16);
  const n2 = v128.load(num, 32);
  const d0 = v128.load(den);
  const d1 = v128.load(den, 16);
  const d2 = v128.load(den, 32);
  let m0 = v128.load(memory);
  let m1 = v128.load(memory, 16);
  let m2 = v128.load(memory, 32);
  for (let i: usize = 0, last = (n as usize) << 2; i < last; i += 4) {
    const input = load<f32>(x + i);
    const out = input + f32x4.extract_lane(m0, 0);
    store<f32>(y + i, out);
    const r = f32x4.splat(input);
    const s = f32x4.splat(out);
    m0 = f32x4.sub(f32x4.add(next(m0, m1), f32x4.mul(n0, r)), f32x4.mul(d0, s));
    m1 = f32x4.sub(f32x4.add(next(m1, m2), f32x4.mul(n1, r)), f32x4.mul(d1, s));
    m2 = f32x4.sub(f32x4.add(next(m2, f32x4.splat(0)), f32x4.mul(n2, r)), f32x4.mul(d2, s));
  }
  v128.store(memory, m0);
  v128.store(memory, m1, 16);
  v128.store(memory, m2, 32);
}

const NOTHING: usize = memory.data(48, 16);

/** A(z). May be in place. */
export function analyze(y: usize, x: usize, num: usize, n: i32, memory: usize): void {
  weight(y, x, num, NOTHING, n, memory);
}

/** Moves the roots of A towards the origin. */
export function expandBandwidth(out: usize, a: usize, gamma: f32, order: i32): void {
  let factor = gamma;
  for (let i = 0; i < order; i++) {
    put(out, i, factor * get(a, i));
    factor *= gamma;
  }
}

/** @param kind 0 narrow band in, 1 out, 2 wide band in, 3 out @param memory two floats */
export function highPass(x: usize, n: i32, kind: i32, memory: usize): void {
  const p = PCOEF_FLOAT + ((kind * 12) as usize);
  const z = ZCOEF_FLOAT + ((kind * 12) as usize);
  let m0 = get(memory, 0);
  let m1 = get(memory, 1);
  for (let i = 0; i < n; i++) {
    const input = get(x, i);
    const out = get(z, 0) * input + m0;
    m0 = m1 + get(z, 1) * input - get(p, 1) * out;
    m1 = get(z, 2) * input - get(p, 2) * out;
    put(x, i, out);
  }
  put(memory, 0, settled(m0));
  put(memory, 1, settled(m1));
}

/** Nothing that can be heard, so that silence does not end in slow subnormal numbers; and nothing that is no number. */
export function settled(value: f32): f32 {
  return abs(value) > 1e-20 && abs(value) < 1e9 ? value : 0;
}

export function settle(memory: usize): void {
  for (let i = 0; i < TAPS; i++) put(memory, i, settled(get(memory, i)));
}

/** Sum of products, four at a time. @param n a multiple of four */
export function product(a: usize, b: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0, last = (n as usize) << 2; i < last; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/** Root mean square, never quite zero. */
export function level(x: usize, n: i32): f32 {
  return sqrt<f32>((0.1 as f32) + product(x, x, n) / (n as f32));
}
