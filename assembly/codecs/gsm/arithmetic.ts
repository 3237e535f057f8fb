/** Basic operators of EN 300 961 §5.1 on 16-bit numbers held in 32 bits, and their vectors. */

// @ts-ignore: decorator
@inline
export function saturate(value: i32): i32 {
  return max<i32>(-32768, min<i32>(32767, value));
}

/** `mult_r`: rounded product of two fractions. */
// @ts-ignore: decorator
@inline
export function multiplyRounded(a: i32, b: i32): i32 {
  return min<i32>(32767, (a * b + 16384) >> 15);
}

/** `abs`, for which -32768 becomes 32767. */
// @ts-ignore: decorator
@inline
export function magnitudes(x: v128): v128 {
  return i16x8.max_s(x, i16x8.sub_sat_s(i16x8.splat(0), x));
}

/** The sum of four 32-bit lanes. */
// @ts-ignore: decorator
@inline
export function sumOf(v: v128): i32 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** The greatest of eight 16-bit lanes. */
// @ts-ignore: decorator
@inline
export function greatestOf(v: v128): i32 {
  let m = i16x8.max_s(v, v128.shuffle<i64>(v, v, 1, 0));
  m = i16x8.max_s(m, v128.shuffle<i32>(m, m, 1, 0, 3, 2));
  return max<i32>(i16x8.extract_lane_s(m, 0), i16x8.extract_lane_s(m, 1));
}
