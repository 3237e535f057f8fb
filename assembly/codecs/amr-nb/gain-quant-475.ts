/** Gains of two subframes in one index, 4.75 kbit/s (TS 26.090 §5.8.2). */
import { at, div_s, hi, L_mult, L_shl, L_shr, lo, Mpy_32_16, put, round, shr_r, word } from '../amr/basic-op';
import { Log2, logFraction, Pow2 } from '../amr/math-op';
import { MR475 } from './frame';
import { gc_pred, gc_pred_update, gcodeExponent, gcodeFraction } from './gain-predictor';
import { TABLE_GAIN_MR475 } from './tables';

/** Coefficients of both subframes, and the largest exponents. */
const HI: usize = memory.data(32, 16);
const LO: usize = memory.data(32, 16);
const EXP_MAX: usize = memory.data(32, 16);

export let pair0Pitch: i32 = 0;
export let pair0Code: i32 = 0;
export let pair1Pitch: i32 = 0;
export let pair1Code: i32 = 0;

/** Predictor's update with an unquantized gain, for the second subframe's search. */
export function MR475_update_unq_pred(exponent0: i32, fraction0: i32, gainExponent: i32, gainFraction: i32): void {
  if (gainFraction <= 0) {
    gc_pred_update(-32768, -5443);
    return;
  }
  const gcode0 = word(Pow2(14, fraction0));
  if (gainFraction >= gcode0) {
    gainFraction >>= 1;
    gainExponent += 1;
  }
  const exponent = Log2(div_s(gainFraction, gcode0)) + gainExponent - exponent0 - 1;
  const energyMR122 = word(shr_r(logFraction, 5) + (exponent << 10));
  if (energyMR122 > 18284) gc_pred_update(18284, 3037);
  else gc_pred_update(energyMR122, round(L_shl(Mpy_32_16(exponent, logFraction, 24660), 13)));
}

let storedGain: i32 = 0;

function store(entry: i32, gcode0: i32, exponent0: i32): void {
  const factor = at(TABLE_GAIN_MR475, entry + 1);
  storedGain = hi(L_shr(L_mult(factor, gcode0), 10 - exponent0));
  const exponent = Log2(factor) - 12;
  const energyMR122 = word(shr_r(logFraction, 5) + (exponent << 10));
  gc_pred_update(energyMR122, (((Mpy_32_16(exponent, logFraction, 24660) << 13) + 0x8000) >> 16));
}

function exponents(offset: i32, coefficients: usize, predicted: i32): void {
  const exponent = predicted - 11;
  put(EXP_MAX, offset, at(coefficients, 0) - 13);
  put(EXP_MAX, offset + 1, at(coefficients, 1) - 14);
  put(EXP_MAX, offset + 2, at(coefficients, 2) + 15 + (exponent << 1));
  put(EXP_MAX, offset + 3, at(coefficients, 3) + exponent);
  put(EXP_MAX, offset + 4, at(coefficients, 4) + 1 + exponent);
}

// @ts-ignore: decorator
@inline
function term(i: i32, x: i32): i32 {
  return Mpy_32_16(at(HI, i), at(LO, i), x);
}

function distance(offset: i32, pitch: i32, code: i32): i32 {
  return term(offset, (pitch * pitch) >> 15) + term(offset + 1, pitch) + term(offset + 2, (code * code) >> 15) + term(offset + 3, code)
    + term(offset + 4, (code * pitch) >> 15);
}

/** Weighs the two subframes by their targets' energies. */
function balance(target0: i32, exponent0: i32, target1: i32, exponent1: i32): void {
  const difference = exponent0 - exponent1;
  if (difference > 0) target1 >>= min(difference, 15);
  else target0 >>= min(-difference, 15);
  let shift = 0;
  if (shr_r(target1, 1) > target0) shift = 1;
  else if ((target0 + 3) >> 2 > target1) shift = -1;
  for (let i = 0; i < 5; i += 1) put(EXP_MAX, i, at(EXP_MAX, i) + shift);
}

function align(fraction0: usize, fraction1: usize): void {
  let most = at(EXP_MAX, 0);
  for (let i = 1; i < 10; i += 1) most = max(most, at(EXP_MAX, i));
  for (let i = 0; i < 10; i += 1) {
    const x = L_shr((i < 5 ? at(fraction0, i) : at(fraction1, i - 5)) << 16, most + 1 - at(EXP_MAX, i));
    put(HI, i, hi(x));
    put(LO, i, lo(x));
  }
}

/** What the first subframe left: exponent and fraction of the predicted gain, and its target's energy. */
export class Subframe0 {
  static exponent: i32 = 0;
  static fraction: i32 = 0;
  static target: i32 = 0;
  static targetExponent: i32 = 0;
}

/**
 * @param code of the second subframe; @param exponent1 and fraction1 of its predicted gain
 * @returns the index; the gains are pair0Pitch ... pair1Code
 */
export function MR475_gain_quant(
  sf0Exponents: usize, sf0Fractions: usize, code: usize, exponent1: i32, fraction1: i32, sf1Exponents: usize, sf1Fractions: usize,
  target1: i32, targetExponent1: i32, limit: i32,
): i32 {
  const gcode0 = word(Pow2(14, Subframe0.fraction));
  const gcode1 = word(Pow2(14, fraction1));
  exponents(0, sf0Exponents, Subframe0.exponent);
  exponents(5, sf1Exponents, exponent1);
  balance(Subframe0.target, Subframe0.targetExponent, target1, targetExponent1);
  align(sf0Fractions, sf1Fractions);
  let least = i32.MAX_VALUE;
  let index = 0;
  for (let i = 0, p = TABLE_GAIN_MR475; i < 256; i += 1, p += 8) {
    const pitch0 = load<i16>(p);
    const pitch1 = load<i16>(p, 4);
    if (pitch0 > limit || pitch1 > limit) continue;
    const sum = distance(0, pitch0, (load<i16>(p, 2) * gcode0) >> 15) + distance(5, pitch1, (load<i16>(p, 6) * gcode1) >> 15);
    if (sum < least) {
      least = sum;
      index = i;
    }
  }
  store(index << 2, gcode0, Subframe0.exponent);
  pair0Pitch = at(TABLE_GAIN_MR475, index << 2);
  pair0Code = storedGain;
  gc_pred(MR475, code);
  store((index << 2) + 2, word(Pow2(14, gcodeFraction)), gcodeExponent);
  pair1Pitch = at(TABLE_GAIN_MR475, (index << 2) + 2);
  pair1Code = storedGain;
  return index;
}
