/** Normalised cross-correlation of the `count` floats at `a` and `b`, -1..1; 0 where either is silent. */
export function similarity(a: usize, b: usize, count: i32): f32 {
  let dot = f32x4.splat(0);
  let ea = f32x4.splat(0);
  let eb = f32x4.splat(0);
  const end = (count & ~3) << 2;
  for (let i: usize = 0; i < <usize>end; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    dot = f32x4.add(dot, f32x4.mul(x, y));
    ea = f32x4.add(ea, f32x4.mul(x, x));
    eb = f32x4.add(eb, f32x4.mul(y, y));
  }
  const energies = sum(ea) * sum(eb);
  return energies > 1e-12 ? sum(dot) / sqrt(energies) : 0;
}

/** Mean square of `count` floats. */
export function power(a: usize, count: i32): f32 {
  let e = f32x4.splat(0);
  const end = (count & ~3) << 2;
  for (let i: usize = 0; i < <usize>end; i += 16) {
    const x = v128.load(a + i);
    e = f32x4.add(e, f32x4.mul(x, x));
  }
  return count >= 4 ? sum(e) / <f32>(count & ~3) : 0;
}

// @ts-ignore: decorator
@inline
function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}
