/**
 * G.711 A-law and µ-law (ITU-T G.711), 16 samples at a time. Static buffers, no allocation, no traps.
 * One instance per direction of a call: the concealment below has a memory.
 */
import { Concealment_conceal, Concealment_init, Concealment_resume } from '../../dsp/concealment';

/** 120 ms at 8 kHz, rounded up to whole vectors. */
const MAX_SAMPLES: i32 = 960;
const PCM: usize = memory.data(1920, 16);
const OCTETS: usize = memory.data(960, 16);

export function maxSamples(): i32 {
  return MAX_SAMPLES;
}

/** Signed 16-bit samples: input of the encoders, output of the decoders. */
export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/**
 * Segment and mantissa of four magnitudes: a float's exponent and its four highest mantissa bits
 * stand side by side, which is G.711's logarithmic code up to an offset.
 */
// @ts-ignore: decorator
@inline
function logarithm(magnitudes: v128): v128 {
  return i32x4.shr_u(f32x4.convert_i32x4_u(magnitudes), 19);
}

// @ts-ignore: decorator
@inline
function alaw(x: v128): v128 {
  const sign = i16x8.shr_s(x, 15);
  const magnitude = i16x8.shr_u(v128.xor(x, sign), 4); // 0..2047
  const code = i16x8.narrow_i32x4_u(
    i32x4.sub(logarithm(i32x4.extend_low_i16x8_u(magnitude)), i32x4.splat(130 << 4)),
    i32x4.sub(logarithm(i32x4.extend_high_i16x8_u(magnitude)), i32x4.splat(130 << 4)),
  );
  // Below 16 the code is linear, and above it the logarithm is the greater one.
  const positive = i16x8.max_s(code, i16x8.min_s(magnitude, i16x8.splat(16)));
  return v128.xor(v128.or(positive, v128.andnot(i16x8.splat(0x80), sign)), i16x8.splat(0x55));
}

// @ts-ignore: decorator
@inline
function ulaw(x: v128): v128 {
  const sign = i16x8.shr_s(x, 15);
  const magnitude = i16x8.min_s(i16x8.add(i16x8.shr_u(v128.xor(x, sign), 2), i16x8.splat(33)), i16x8.splat(0x1fff));
  const code = i16x8.narrow_i32x4_u(
    i32x4.sub(logarithm(i32x4.extend_low_i16x8_u(magnitude)), i32x4.splat(132 << 4)),
    i32x4.sub(logarithm(i32x4.extend_high_i16x8_u(magnitude)), i32x4.splat(132 << 4)),
  );
  return v128.xor(v128.or(code, v128.and(i16x8.splat(0x80), sign)), i16x8.splat(0xff));
}

/** Encodes `count` samples, 0..MAX_SAMPLES. */
export function encodeAlaw(count: i32): void {
  for (let i: usize = 0, n = bounded(count); i < n; i += 16) {
    v128.store(OCTETS + i, i8x16.narrow_i16x8_u(alaw(v128.load(PCM + (i << 1))), alaw(v128.load(PCM + (i << 1), 16))));
  }
}

export function encodeUlaw(count: i32): void {
  for (let i: usize = 0, n = bounded(count); i < n; i += 16) {
    v128.store(OCTETS + i, i8x16.narrow_i16x8_u(ulaw(v128.load(PCM + (i << 1))), ulaw(v128.load(PCM + (i << 1), 16))));
  }
}

export function decodeAlaw(count: i32): void {
  const scale = i8x16(1, 1, 2, 4, 8, 16, 32, 64, 0, 0, 0, 0, 0, 0, 0, 0);
  const leading = i8x16(0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  for (let i: usize = 0, n = bounded(count); i < n; i += 16) {
    const code = v128.xor(v128.load(OCTETS + i), i8x16.splat(0x55));
    const segment = v128.and(i8x16.shr_u(code, 4), i8x16.splat(7));
    const low = v128.or(i8x16.shl(code, 4), i8x16.splat(8));
    const high = i8x16.swizzle(leading, segment);
    const factor = i8x16.swizzle(scale, segment);
    const negative = i8x16.ge_s(code, i8x16.splat(0));
    const s0 = i16x8.extend_low_i8x16_s(negative);
    const s1 = i16x8.extend_high_i8x16_s(negative);
    const v0 = i16x8.mul(interleaveLow(low, high), i16x8.extend_low_i8x16_u(factor));
    const v1 = i16x8.mul(interleaveHigh(low, high), i16x8.extend_high_i8x16_u(factor));
    v128.store(PCM + (i << 1), i16x8.sub(v128.xor(v0, s0), s0));
    v128.store(PCM + (i << 1), i16x8.sub(v128.xor(v1, s1), s1), 16);
  }
}

export function decodeUlaw(count: i32): void {
  const scale = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const bias = i16x8.splat(132);
  for (let i: usize = 0, n = bounded(count); i < n; i += 16) {
    const code = v128.not(v128.load(OCTETS + i));
    const segment = v128.and(i8x16.shr_u(code, 4), i8x16.splat(7));
    const step = i8x16.add(i8x16.shl(v128.and(code, i8x16.splat(15)), 3), i8x16.splat(-124)); // 132 + 8 m
    const factor = i8x16.swizzle(scale, segment);
    const negative = i8x16.shr_s(code, 7);
    const s0 = i16x8.extend_low_i8x16_s(negative);
    const s1 = i16x8.extend_high_i8x16_s(negative);
    const v0 = i16x8.sub(i16x8.extmul_low_i8x16_u(step, factor), bias);
    const v1 = i16x8.sub(i16x8.extmul_high_i8x16_u(step, factor), bias);
    v128.store(PCM + (i << 1), i16x8.sub(v128.xor(v0, s0), s0));
    v128.store(PCM + (i << 1), i16x8.sub(v128.xor(v1, s1), s1), 16);
  }
}

/** Forgets the signal that concealment continues. */
export function reset(): void {
  Concealment_init(8000);
}

/** Tells concealment about `count` good samples in the PCM buffer, and fades from a concealed stretch into them. */
export function received(count: i32): void {
  Concealment_resume(PCM, bounded(count) as i32);
}

/** Replaces a lost frame of `count` samples in the PCM buffer. */
export function conceal(count: i32): void {
  Concealment_conceal(PCM, bounded(count) as i32);
}

// @ts-ignore: decorator
@inline
function bounded(count: i32): usize {
  return max(0, min(count, MAX_SAMPLES)) as usize;
}

// @ts-ignore: decorator
@inline
function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
