/** Quantization of the gains (TS 26.090 §5.8). */
import { at, div_s, hi, L_add, L_shr, lo, Mpy_32_16, put, shl, word } from '../amr/basic-op';
import { abs_s, L_mult, mult, norm_l, sat } from '../amr/called-op';
import { Pow2 } from '../amr/math-op';
import { L_SUBFR, MR102, MR122, MR475, MR67, MR74, MR795 } from './frame';
import { calc_filt_energies, calc_target_energy, codeGainExponent, codeGainFraction, targetExponent, targetFraction } from './gain-energies';
import { copyPredictor, gc_pred, gc_pred_reset, gc_pred_update, gcodeExponent, gcodeFraction, restorePredictor } from './gain-predictor';
import { MR475_gain_quant, MR475_update_unq_pred, Subframe0 } from './gain-quant-475';
import {
  energy795, energy795MR122, gain795Code, gain795Pitch, gain_adapt_reset, index795Code, index795Pitch, MR795_gain_quant,
} from './gain-quant-795';
import { QUA_GAIN_CODE, QUA_GAIN_PITCH, TABLE_GAIN_HIGHRATES, TABLE_GAIN_LOWRATES } from './tables';

const FRACTION: usize = memory.data(16, 16);
const EXPONENT: usize = memory.data(16, 16);
const SF0_FRACTION: usize = memory.data(16, 16);
const SF0_EXPONENT: usize = memory.data(16, 16);
const HI: usize = memory.data(16, 16);
const LO: usize = memory.data(16, 16);
/** The predictor, and its twin that learns unquantized gains. */
const QUANTIZED: usize = memory.data(16, 16);
const UNQUANTIZED: usize = memory.data(16, 16);

/** Gains of the subframe. */
export let quantizedPitch: i32 = 0;
export let quantizedCode: i32 = 0;
/** First of three candidates of q_gain_pitch at 7.95 kbit/s. */
export let pitchCandidates: i32 = 0;

export function gainQuant_reset(): void {
  gc_pred_reset();
  copyPredictor(UNQUANTIZED);
  gain_adapt_reset();
}

/** @returns index of the quantized pitch gain, which is `quantizedPitch` */
export function q_gain_pitch(mode: i32, limit: i32, gain: i32): i32 {
  let least = abs_s(sat(gain - at(QUA_GAIN_PITCH, 0)));
  let index = 0;
  for (let i = 1; i < 16; i += 1) {
    const entry = at(QUA_GAIN_PITCH, i);
    if (entry > limit) continue;
    const error = abs_s(sat(gain - entry));
    if (error < least) {
      least = error;
      index = i;
    }
  }
  quantizedPitch = at(QUA_GAIN_PITCH, index);
  if (mode == MR122) quantizedPitch &= ~3;
  if (mode == MR795 && index > 0) pitchCandidates = index == 15 || at(QUA_GAIN_PITCH, index + 1) > limit ? index - 2 : index - 1;
  else pitchCandidates = 0;
  return index;
}

/** Unquantized gain of the code, 12.2 kbit/s. */
function G_code(xn2: usize, y2: usize): i32 {
  let sum = 0;
  let power = 0;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const y = at(y2, i) >> 1;
    sum += at(xn2, i) * y;
    power += (y * y) >> 2;
  }
  sum <<= 1;
  const xyShift = norm_l(sum + 1);
  const xy = word(xyShift < 17 ? sum >> (17 - xyShift) : sum << (xyShift - 17));
  if (xy <= 0) return 0;
  power <<= 3;
  const yyShift = norm_l(power);
  const yy = word(yyShift < 16 ? power >> (16 - yyShift) : power << (yyShift - 16));
  const shift = xyShift + 5 - yyShift;
  const gain = div_s(xy, yy);
  return word(shift > 1 ? gain >> (shift - 1) : gain << (1 - shift));
}

function q_gain_code(gain: i32): i32 {
  const target = gain >> 1;
  const gcode0 = shl(word(Pow2(gcodeExponent, gcodeFraction)), 4);
  let least = i32.MAX_VALUE;
  let index = 0;
  for (let i = 0; i < 32; i += 1) {
    const error = word(target - ((gcode0 * at(QUA_GAIN_CODE, i * 3)) >> 15));
    const size = error < 0 ? word(-error) : error;
    if (size < least) {
      least = size;
      index = i;
    }
  }
  quantizedCode = word(((gcode0 * at(QUA_GAIN_CODE, index * 3)) >> 15) << 1);
  gc_pred_update(at(QUA_GAIN_CODE, index * 3 + 1), at(QUA_GAIN_CODE, index * 3 + 2));
  return index;
}

// @ts-ignore: decorator
@inline
function term(i: i32, x: i32): i32 {
  return Mpy_32_16(at(HI, i), at(LO, i), x);
}

/** Both gains together. */
function Qua_gain(mode: i32, limit: i32): i32 {
  const high = mode == MR102 || mode == MR74 || mode == MR67;
  const table = high ? TABLE_GAIN_HIGHRATES : TABLE_GAIN_LOWRATES;
  const gcode0 = word(Pow2(14, gcodeFraction));
  const exponent = gcodeExponent - 11;
  put(EXPONENT, 0, at(EXPONENT, 0) - 13);
  put(EXPONENT, 1, at(EXPONENT, 1) - 14);
  put(EXPONENT, 2, at(EXPONENT, 2) + shl(exponent, 1) + 15);
  put(EXPONENT, 3, at(EXPONENT, 3) + exponent);
  put(EXPONENT, 4, at(EXPONENT, 4) + exponent + 1);
  let most = at(EXPONENT, 0);
  for (let i = 1; i < 5; i += 1) most = max(most, at(EXPONENT, i));
  for (let i = 0; i < 5; i += 1) {
    const x = L_shr(at(FRACTION, i) << 16, most + 1 - at(EXPONENT, i));
    put(HI, i, hi(x));
    put(LO, i, lo(x));
  }
  let least = i32.MAX_VALUE;
  let index = 0;
  for (let i = 0, n = high ? 128 : 64, p = table; i < n; i += 1, p += 8) {
    const pitch = load<i16>(p);
    if (pitch > limit) continue;
    const code = mult(load<i16>(p, 2), gcode0);
    let distance = L_add(term(0, mult(pitch, pitch)), term(1, pitch));
    distance = L_add(distance, term(2, mult(code, code)));
    distance = L_add(distance, term(3, code));
    distance = L_add(distance, term(4, mult(code, pitch)));
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  const entry = index << 2;
  quantizedPitch = at(table, entry);
  quantizedCode = hi(L_shr(L_mult(at(table, entry + 1), gcode0), 10 - gcodeExponent));
  gc_pred_update(at(table, entry + 2), at(table, entry + 3));
  return index;
}

/** First subframe of a pair at 4.75 kbit/s: unquantized gains. @param gain of the pitch */
export function gainQuantFirst(code: usize, xn: usize, xn2: usize, y1: usize, y2: usize, g: usize, gain: i32): void {
  copyPredictor(QUANTIZED);
  gc_pred(MR475, code);
  Subframe0.exponent = gcodeExponent;
  Subframe0.fraction = gcodeFraction;
  calc_filt_energies(MR475, xn, xn2, y1, y2, g, SF0_FRACTION, SF0_EXPONENT);
  quantizedPitch = gain;
  quantizedCode = shl(codeGainFraction, codeGainExponent + 1);
  calc_target_energy(xn);
  Subframe0.target = targetFraction;
  Subframe0.targetExponent = targetExponent;
  MR475_update_unq_pred(gcodeExponent, gcodeFraction, codeGainExponent, codeGainFraction);
  copyPredictor(UNQUANTIZED);
  restorePredictor(QUANTIZED);
}

/** Second subframe of a pair: the index of both. The gains are pair0Pitch ... pair1Code of gain-quant-475. */
export function gainQuantPair(code: usize, xn: usize, xn2: usize, y1: usize, y2: usize, g: usize, limit: i32): i32 {
  copyPredictor(QUANTIZED);
  restorePredictor(UNQUANTIZED);
  gc_pred(MR475, code);
  const exponent = gcodeExponent;
  const fraction = gcodeFraction;
  restorePredictor(QUANTIZED);
  calc_filt_energies(MR475, xn, xn2, y1, y2, g, FRACTION, EXPONENT);
  calc_target_energy(xn);
  return MR475_gain_quant(SF0_EXPONENT, SF0_FRACTION, code, exponent, fraction, EXPONENT, FRACTION, targetFraction, targetExponent, limit);
}

/**
 * All other modes.
 * @param prm the indices go here. @param gain of the pitch, quantized already at 12.2 kbit/s
 * @returns how many indices; the gains are quantizedPitch and quantizedCode
 */
export function gainQuant(
  mode: i32, residual: usize, exc: usize, code: usize, xn: usize, xn2: usize, y1: usize, y2: usize, g: usize, limit: i32, gain: i32, prm: usize,
): i32 {
  gc_pred(mode, code);
  if (mode == MR122) {
    quantizedPitch = gain;
    put(prm, 0, q_gain_code(G_code(xn2, y2)));
    return 1;
  }
  calc_filt_energies(mode, xn, xn2, y1, y2, g, FRACTION, EXPONENT);
  if (mode == MR795) {
    MR795_gain_quant(residual, exc, code, FRACTION, EXPONENT, limit, gain);
    quantizedPitch = gain795Pitch;
    quantizedCode = gain795Code;
    put(prm, 0, index795Pitch);
    put(prm, 1, index795Code);
    gc_pred_update(energy795MR122, energy795);
    return 2;
  }
  put(prm, 0, Qua_gain(mode, limit));
  return 1;
}
