/** Vectors of 32-bit floats in static memory: element access, copies, and sums whose order is the norm's. */

// @ts-ignore: decorator
@inline
export function get(p: usize, i: i32): f32 {
  return load<f32>(p + ((i as usize) << 2));
}

// @ts-ignore: decorator
@inline
export function put(p: usize, i: i32, value: f32): void {
  store<f32>(p + ((i as usize) << 2), value);
}

/** Address of element `i`. */
// @ts-ignore: decorator
@inline
export function at(p: usize, i: i32): usize {
  return p + ((i as usize) << 2);
}

// @ts-ignore: decorator
@inline
export function copy(to: usize, from: usize, n: i32): void {
  memory.copy(to, from, (n as usize) << 2);
}

// @ts-ignore: decorator
@inline
export function clear(p: usize, n: i32): void {
  memory.fill(p, 0, (n as usize) << 2);
}

/** Adds the products of two vectors from first to last. */
export function dot(a: usize, b: usize, n: i32): f32 {
  let sum: f32 = 0;
  for (let i = 0; i < n; i++) sum += get(a, i) * get(b, i);
  return sum;
}

/**
 * `out[p]` = sum over j of `target[j]` * `signal[p + j]`, for p = 0 .. count - 1: sixteen places at a time, every sum
 * in the order of j. Writes up to 15 values more, and reads as much further.
 */
export function slidingDots(out: usize, target: usize, signal: usize, length: i32, count: i32): void {
  const end = (length as usize) << 2;
  for (let p: usize = 0, last = (count as usize) << 2; p < last; p += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let j: usize = 0; j < end; j += 4) {
      const t = v128.load_splat<f32>(target + j);
      const s = signal + p + j;
      a = f32x4.add(a, f32x4.mul(t, v128.load(s)));
      b = f32x4.add(b, f32x4.mul(t, v128.load(s, 16)));
      c = f32x4.add(c, f32x4.mul(t, v128.load(s, 32)));
      d = f32x4.add(d, f32x4.mul(t, v128.load(s, 48)));
    }
    v128.store(out + p, a);
    v128.store(out + p, b, 16);
    v128.store(out + p, c, 32);
    v128.store(out + p, d, 48);
  }
}

/** The same for the energy of every window of `length` samples. */
export function slidingEnergies(out: usize, signal: usize, length: i32, count: i32): void {
  const end = (length as usize) << 2;
  for (let p: usize = 0, last = (count as usize) << 2; p < last; p += 32) {
    let a = f32x4.splat(0);
    let b = a;
    for (let j: usize = 0; j < end; j += 4) {
      const x = v128.load(signal + p + j);
      const y = v128.load(signal + p + j, 16);
      a = f32x4.add(a, f32x4.mul(x, x));
      b = f32x4.add(b, f32x4.mul(y, y));
    }
    v128.store(out + p, a);
    v128.store(out + p, b, 16);
  }
}
