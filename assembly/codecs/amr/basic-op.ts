/**
 * The basic operators of the ETSI and 3GPP fixed-point references (ITU-T G.191 basop), under their
 * names. 16-bit values travel as i32; a value is clamped exactly where the norm saturates.
 */

// @ts-ignore: decorator
@inline
export const MAX_32: i32 = 0x7fffffff;

/** Element `i` of a table or buffer of 16-bit words. */
// @ts-ignore: decorator
@inline
export function at(p: usize, i: i32): i32 {
  return load<i16>(p + ((<usize>i) << 1));
}

// @ts-ignore: decorator
@inline
export function put(p: usize, i: i32, value: i32): void {
  store<i16>(p + ((<usize>i) << 1), <i16>value);
}

// @ts-ignore: decorator
@inline
export function at32(p: usize, i: i32): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
export function put32(p: usize, i: i32, value: i32): void {
  store<i32>(p + ((<usize>i) << 2), value);
}

/** Address of element `i` of 16-bit words. */
// @ts-ignore: decorator
@inline
export function ref(p: usize, i: i32): usize {
  return p + ((<usize>i) << 1);
}

/** Copies `count` words. */
// @ts-ignore: decorator
@inline
export function copy(to: usize, from: usize, count: i32): void {
  memory.copy(to, from, (<usize>count) << 1);
}

// @ts-ignore: decorator
@inline
export function zero(p: usize, count: i32): void {
  memory.fill(p, 0, (<usize>count) << 1);
}

// @ts-ignore: decorator
@inline
export function sat(x: i32): i32 {
  return x > 32767 ? 32767 : x < -32768 ? -32768 : x;
}

// @ts-ignore: decorator
@inline
export function sat32(x: i64): i32 {
  return x > 0x7fffffff ? 0x7fffffff : x < -0x80000000 ? i32.MIN_VALUE : <i32>x;
}

/** `x` as a 16-bit word: what the references' casts do. */
// @ts-ignore: decorator
@inline
export function word(x: i32): i32 {
  return <i32>(<i16>x);
}

export function L_add(a: i32, b: i32): i32 {
  const sum = a + b;
  return ((a ^ sum) & (b ^ sum)) < 0 ? (a >> 31) ^ MAX_32 : sum;
}

export function L_sub(a: i32, b: i32): i32 {
  const difference = a - b;
  return ((a ^ b) & (a ^ difference)) < 0 ? (a >> 31) ^ MAX_32 : difference;
}

// @ts-ignore: decorator
@inline
export function L_mult(a: i32, b: i32): i32 {
  const product = a * b;
  return product == 0x40000000 ? MAX_32 : product << 1;
}

export function L_mac(sum: i32, a: i32, b: i32): i32 {
  return L_add(sum, L_mult(a, b));
}

export function L_msu(sum: i32, a: i32, b: i32): i32 {
  return L_sub(sum, L_mult(a, b));
}

// @ts-ignore: decorator
@inline
export function mult(a: i32, b: i32): i32 {
  const product = (a * b) >> 15;
  return product > 32767 ? 32767 : product;
}

// @ts-ignore: decorator
@inline
export function mult_r(a: i32, b: i32): i32 {
  const product = (a * b + 0x4000) >> 15;
  return product > 32767 ? 32767 : product;
}

/** Upper word of `x`, rounded. */
// @ts-ignore: decorator
@inline
export function round(x: i32): i32 {
  return x > 0x7fff7fff ? 32767 : (x + 0x8000) >> 16;
}

export function shl(x: i32, n: i32): i32 {
  if (n < 0) return x >> min(-n, 15);
  if (n > 15) return x == 0 ? 0 : x > 0 ? 32767 : -32768;
  return sat(x << n);
}

// @ts-ignore: decorator
@inline
export function shr(x: i32, n: i32): i32 {
  return shl(x, -n);
}

export function L_shl(x: i32, n: i32): i32 {
  if (n <= 0) return x >> min(-n, 31);
  if (n > 31) return x == 0 ? 0 : (x >> 31) ^ MAX_32;
  const shifted = x << n;
  return shifted >> n == x ? shifted : (x >> 31) ^ MAX_32;
}

// @ts-ignore: decorator
@inline
export function L_shr(x: i32, n: i32): i32 {
  return L_shl(x, -n);
}

/** Shift right with rounding, of a 16-bit word. */
export function shr_r(x: i32, n: i32): i32 {
  if (n > 15) return 0;
  const shifted = shl(x, -n);
  return n > 0 ? shifted + ((x >> (n - 1)) & 1) : shifted;
}

export function L_shr_r(x: i32, n: i32): i32 {
  if (n > 31) return 0;
  const shifted = L_shl(x, -n);
  return n > 0 ? shifted + ((x >> (n - 1)) & 1) : shifted;
}

// @ts-ignore: decorator
@inline
export function norm_l(x: i32): i32 {
  return x == 0 ? 0 : clz<i32>(x ^ (x >> 31)) - 1;
}

// @ts-ignore: decorator
@inline
export function norm_s(x: i32): i32 {
  return x == 0 ? 0 : clz<i32>(x ^ (x >> 31)) - 17;
}

// @ts-ignore: decorator
@inline
export function abs_s(x: i32): i32 {
  return x == -32768 ? 32767 : x < 0 ? -x : x;
}

/** a / b in Q15 for 0 <= a <= b. A quotient that the norm does not define is 0. */
export function div_s(a: i32, b: i32): i32 {
  if (a > b || a <= 0) return 0;
  return a == b ? 32767 : (a << 15) / b;
}

/** Product of a double-precision number (hi, lo) and a word. */
export function Mpy_32_16(hi: i32, lo: i32, n: i32): i32 {
  return L_add(L_mult(hi, n), ((lo * n) >> 15) << 1);
}

export function Mpy_32(hi1: i32, lo1: i32, hi2: i32, lo2: i32): i32 {
  return L_add(L_add(L_mult(hi1, hi2), ((hi1 * lo2) >> 15) << 1), ((lo1 * hi2) >> 15) << 1);
}

/** High and low word of the references' double-precision format. */
// @ts-ignore: decorator
@inline
export function hi(x: i32): i32 {
  return x >> 16;
}

// @ts-ignore: decorator
@inline
export function lo(x: i32): i32 {
  return (x >> 1) & 0x7fff;
}

/** Fractional division of a 32-bit number by a normalized (hi, lo) one. */
export function Div_32(numerator: i32, denominatorHi: i32, denominatorLo: i32): i32 {
  const approximation = div_s(0x3fff, denominatorHi);
  let x = L_sub(MAX_32, Mpy_32_16(denominatorHi, denominatorLo, approximation));
  x = Mpy_32_16(hi(x), lo(x), approximation);
  return L_shl(Mpy_32(hi(numerator), lo(numerator), hi(x), lo(x)), 2);
}

// @ts-ignore: decorator
@inline
function horizontal(x: v128): i32 {
  const pairs = i32x4.add(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** Sum of a[i] b[i], wrapping in 32 bits: for sums that cannot overflow. `count` is a multiple of 8. */
export function dot(a: usize, b: usize, count: i32): i32 {
  let sum = i32x4.splat(0);
  for (let i: usize = 0, n = (<usize>count) << 1; i < n; i += 16) {
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a + i), v128.load(b + i)));
  }
  return horizontal(sum);
}

/** Sum of a[i] b[i] in 64 bits. `count` is a multiple of 8. */
export function dot64(a: usize, b: usize, count: i32): i64 {
  let sum = i64x2.splat(0);
  for (let i: usize = 0, n = (<usize>count) << 1; i < n; i += 16) {
    const products = i32x4.dot_i16x8_s(v128.load(a + i), v128.load(b + i));
    sum = i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_s(products), i64x2.extend_high_i32x4_s(products)));
  }
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}

/** The references' saturated energy: terms are not negative, so it saturates when the whole sum does. */
export function energy(x: usize, count: i32): i32 {
  let sum = i64x2.splat(0);
  for (let i: usize = 0, n = (<usize>count) << 1; i < n; i += 16) {
    const samples = v128.load(x + i);
    const products = i32x4.dot_i16x8_s(samples, samples);
    sum = i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_u(products), i64x2.extend_high_i32x4_u(products)));
  }
  return sat32((i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1)) << 1);
}
