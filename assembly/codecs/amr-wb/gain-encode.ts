/** Vector quantization of both gains (TS 26.190 §5.9), and the clipping of the pitch gain. */
import { at, hi, L_mac, L_mult, L_shl, L_shr, lo, Mpy_32_16, norm_l, put, sat, word } from '../amr/basic-op';
import { Log2_norm, logFraction, Log2, Pow2 } from '../amr/math-op';
import { L_SUBFR, M } from './frame';
import { Dot_product12, exponent } from './operators';
import { T_QUA_GAIN6B, T_QUA_GAIN7B } from './tables';

const PAST: usize = memory.data(16, 16);
const COEFF: usize = memory.data(16, 16);
const COEFF_LO: usize = memory.data(16, 16);
const EXPONENTS: usize = memory.data(16, 16);

export let quantizedPitch: i32 = 0;
/** Q16. */
export let quantizedCode: i32 = 0;
let clipDistance: i32 = 307;
let clipGain: i32 = 9830;

export function gain_reset(full: bool): void {
  clipDistance = 307;
  clipGain = 9830;
  if (full) for (let i = 0; i < 4; i += 1) put(PAST, i, -14336);
}

/** Whether a high pitch gain would be dangerous: close frequencies and high gains for long. */
export function clipsGain(): bool {
  return clipDistance < 154 && clipGain > 14746;
}

export function Gp_clip_test_isf(isf: usize): void {
  let least = sat(at(isf, 1) - at(isf, 0));
  for (let i = 2; i < M - 1; i += 1) least = min(least, sat(at(isf, i) - at(isf, i - 1)));
  clipDistance = min(hi(L_mac(L_mult(26214, clipDistance), 6554, least)), 307);
}

export function Gp_clip_test_gain_pit(gain: i32): void {
  clipGain = max(hi((29491 * clipGain + 3277 * gain) << 1), 9830);
}

function coefficient(i: i32, value: i32, power: i32): void {
  put(COEFF, i, value);
  put(EXPONENTS, i, power);
}

function predictedGain(code: usize): i32 {
  const sum = Dot_product12(code, code, L_SUBFR);
  const power = exponent - (18 + 6 + 31);
  const shift = norm_l(sum);
  const log = Log2_norm(sum << shift, shift) + power;
  let x = Mpy_32_16(log, logFraction, -24660);
  x = (x + ((30 * 8192) << 1)) << 10;
  x += (4096 * at(PAST, 0)) << 1;
  x += (3277 * at(PAST, 1)) << 1;
  x += (2458 * at(PAST, 2)) << 1;
  x += (1638 * at(PAST, 3)) << 1;
  return L_mult(hi(x), 5443) >> 8;
}

/** @param scale of xn. @param g from G_pitch. @param pitch unquantized gain. @returns index; the gains are quantizedPitch and quantizedCode */
export function Q_gain2(xn: usize, y1: usize, scale: i32, y2: usize, code: usize, g: usize, sixBits: bool, pitch: i32, clip: bool): i32 {
  const table = sixBits ? T_QUA_GAIN6B : T_QUA_GAIN7B;
  let first = 0;
  let size = 64;
  if (sixBits) {
    if (clip) size -= 16;
  } else {
    // 64 of the 128 entries are tried, around the pitch gain.
    for (let i = 0, n = clip ? 37 : 64; i < n; i += 1) if (pitch > at(T_QUA_GAIN7B, 64 + (i << 1))) first += 1;
  }
  coefficient(0, at(g, 0), at(g, 1) - 13);
  coefficient(1, sat(-at(g, 2)), at(g, 3) + 1 - 14);
  const predicted = predictedGain(code);
  const gcode0 = word(Pow2(14, lo(predicted)));
  const power = hi(predicted) - 14;
  const codePower = power + 4;
  let sum = Dot_product12(y2, y2, L_SUBFR);
  coefficient(2, hi(sum), exponent - 18 + (scale << 1) + 15 + (codePower << 1));
  sum = Dot_product12(xn, y2, L_SUBFR);
  coefficient(3, hi(sum == i32.MIN_VALUE ? i32.MAX_VALUE : -sum), exponent - 8 + scale + codePower);
  sum = Dot_product12(y1, y2, L_SUBFR);
  coefficient(4, hi(sum), exponent - 8 + scale + 1 + codePower);
  let most = at(EXPONENTS, 0);
  for (let i = 1; i < 5; i += 1) most = max(most, at(EXPONENTS, i));
  for (let i = 0; i < 5; i += 1) {
    const x = L_shr(at(COEFF, i) << 16, most - at(EXPONENTS, i) + 2);
    put(COEFF, i, hi(x));
    put(COEFF_LO, i, lo(x) >> 3);
  }
  let least = i32.MAX_VALUE;
  let index = 0;
  for (let i = 0, p = table + (<usize>first << 2); i < size; i += 1, p += 4) {
    const gp: i32 = load<i16>(p);
    const gc = (load<i16>(p, 2) * gcode0 + 0x4000) >> 15;
    const gp2 = (gp * gp + 0x4000) >> 15;
    const both = (gc * gp + 0x4000) >> 15;
    const square = (gc * gc) << 1;
    let distance = ((at(COEFF, 2) * lo(square)) << 1) >> 3;
    distance += (at(COEFF_LO, 0) * gp2 + at(COEFF_LO, 1) * gp + at(COEFF_LO, 2) * hi(square) + at(COEFF_LO, 3) * gc + at(COEFF_LO, 4) * both) << 1;
    distance >>= 12;
    distance += (at(COEFF, 0) * gp2 + at(COEFF, 1) * gp + at(COEFF, 2) * hi(square) + at(COEFF, 3) * gc + at(COEFF, 4) * both) << 1;
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  index += first;
  quantizedPitch = at(table, index << 1);
  const factor = at(table, (index << 1) + 1);
  quantizedCode = L_shl(L_mult(factor, gcode0), power + 4);
  const log = Log2(factor) - 11;
  for (let i = 3; i > 0; i -= 1) put(PAST, i, at(PAST, i - 1));
  put(PAST, 0, Mpy_32_16(log, logFraction, 24660) >> 3);
  return index;
}
