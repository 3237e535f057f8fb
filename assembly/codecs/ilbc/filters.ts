/** Filters of order ten, with the order of additions of RFC 3951 A.9, A.18 and A.47, and the two high-pass filters. */
import { get, put } from '../../dsp/floats';

/** All-pole filter in place; the ten samples before `p` are its state. */
export function allPole(p: usize, a: usize, n: i32): void {
  const a1 = get(a, 1);
  const a2 = get(a, 2);
  const a3 = get(a, 3);
  const a4 = get(a, 4);
  const a5 = get(a, 5);
  const a6 = get(a, 6);
  const a7 = get(a, 7);
  const a8 = get(a, 8);
  const a9 = get(a, 9);
  const a10 = get(a, 10);
  let y1 = get(p, -1);
  let y2 = get(p, -2);
  for (let q = p - 40, end = q + ((n as usize) << 2); q < end; q += 4) {
    let y = load<f32>(q, 40) - a1 * y1;
    y -= a2 * y2;
    y -= a3 * load<f32>(q, 28);
    y -= a4 * load<f32>(q, 24);
    y -= a5 * load<f32>(q, 20);
    y -= a6 * load<f32>(q, 16);
    y -= a7 * load<f32>(q, 12);
    y -= a8 * load<f32>(q, 8);
    y -= a9 * load<f32>(q, 4);
    y -= a10 * load<f32>(q);
    store<f32>(q, y, 40);
    y2 = y1;
    y1 = y;
  }
}

/**
 * All-zero filter, four samples at a time; the ten samples before `x` are its state. Writes up to 3 values more.
 * @param y another buffer than `x`
 */
export function allZero(y: usize, x: usize, a: usize, n: i32): void {
  for (let i: usize = 0, end = (n as usize) << 2; i < end; i += 16) {
    let sum = f32x4.mul(v128.load_splat<f32>(a), v128.load(x + i));
    for (let k: usize = 4; k <= 40; k += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(a + k), v128.load(x + i - k)));
    }
    v128.store(y + i, sum);
  }
}

/** Second-order high-pass filter (§3.1, §4.8). @param memory two inputs, then two outputs, the last first */
export function highPass(y: usize, x: usize, n: i32, zeros: usize, poles: usize, memory: usize): void {
  const z0 = get(zeros, 0);
  const z1 = get(zeros, 1);
  const z2 = get(zeros, 2);
  const p1 = get(poles, 1);
  const p2 = get(poles, 2);
  let x1 = get(memory, 0);
  let x2 = get(memory, 1);
  let y1 = get(memory, 2);
  let y2 = get(memory, 3);
  for (let i = 0; i < n; i++) {
    const x0 = get(x, i);
    let y0 = z0 * x0;
    y0 += z1 * x1;
    y0 += z2 * x2;
    y0 -= p1 * y1;
    y0 -= p2 * y2;
    put(y, i, y0);
    x2 = x1;
    x1 = x0;
    y2 = y1;
    y1 = y0;
  }
  put(memory, 0, x1);
  put(memory, 1, x2);
  put(memory, 2, settled(y1));
  put(memory, 3, settled(y2));
}

/** Nothing that can be heard: digital silence must not end in slow subnormal numbers. */
// @ts-ignore: decorator
@inline
export function settled(value: f32): f32 {
  return abs(value) < 1e-30 ? 0 : value;
}
