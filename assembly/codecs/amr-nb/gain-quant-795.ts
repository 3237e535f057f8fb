/** Gains of 7.95 kbit/s, where the energy of the excitation is kept in noisy speech (TS 26.090 §5.8.2). */
import { at, div_s, dot, hi, L_mac, L_shl, L_shr, L_sub, lo, Mpy_32_16, put, shl, shr_r, word, zero } from '../amr/basic-op';
import { L_mult, mult, norm_l, round, sat } from '../amr/called-op';
import { Log2, logFraction, Pow2 } from '../amr/math-op';
import { L_SUBFR } from './frame';
import { codeGainExponent, codeGainFraction } from './gain-energies';
import { codeEnergyExponent, codeEnergyFraction, gcodeExponent, gcodeFraction } from './gain-predictor';
import { pitchCandidates, q_gain_pitch } from './gain-quant';
import { gmed_n } from '../amr/median';
import { sqrt_l_exp, sqrtExponent } from './square-root';
import { QUA_GAIN_CODE, QUA_GAIN_PITCH } from './tables';

const LTPG: usize = memory.data(16, 16);
const HI: usize = memory.data(16, 16);
const LO: usize = memory.data(16, 16);
const EXPONENTS: usize = memory.data(16, 16);
const FRAC_EN: usize = memory.data(16, 16);
const EXP_EN: usize = memory.data(16, 16);

export let gain795Pitch: i32 = 0;
export let gain795Code: i32 = 0;
export let index795Pitch: i32 = 0;
export let index795Code: i32 = 0;
export let energy795MR122: i32 = 0;
export let energy795: i32 = 0;

let onset: i32 = 0;
let previousAlpha: i32 = 0;
let previousGain: i32 = 0;
let ltpGain: i32 = 0;

export function gain_adapt_reset(): void {
  onset = 0;
  previousAlpha = 0;
  previousGain = 0;
  zero(LTPG, 5);
}

/** How much the energy criterion counts. */
function gain_adapt(ltpg: i32, gain: i32): i32 {
  let adapt = ltpg <= 2721 ? 0 : ltpg <= 5443 ? 1 : 2;
  if (shr_r(gain, 1) > previousGain && gain > 200) onset = 8;
  else if (onset != 0) onset -= 1;
  if (onset != 0 && adapt < 2) adapt += 1;
  put(LTPG, 0, ltpg);
  const filtered = gmed_n(LTPG, 5);
  let result = 0;
  if (adapt == 0 && filtered <= 5443) result = filtered < 0 ? 16384 : 16384 - mult(24660, shl(filtered, 2));
  if (previousAlpha == 0) result >>= 1;
  previousAlpha = result;
  previousGain = gain;
  for (let i = 4; i > 0; i -= 1) put(LTPG, i, at(LTPG, i - 1));
  return result;
}

function keep(i: i32, x: i32, base: i32): void {
  const shift = norm_l(x);
  put(FRAC_EN, i, hi(L_shl(x, shift)));
  put(EXP_EN, i, base - shift);
}

/** Energies of residual, excitation and their difference, and the gain of the prediction. */
function calc_unfilt_energies(residual: usize, exc: usize, code: usize, gain: i32): void {
  let s1 = dot(residual, residual, L_SUBFR) << 1;
  let s2 = dot(exc, exc, L_SUBFR) << 1;
  const s3 = dot(exc, code, L_SUBFR) << 1;
  let s4 = 0;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const rest = sat(at(residual, i) - round(L_shl(L_mult(at(exc, i), gain), 1)));
    s4 = L_mac(s4, rest, rest);
  }
  if (s1 < 0) s1 = i32.MAX_VALUE;
  if (s2 < 0) s2 = i32.MAX_VALUE;
  if (s1 < 400) {
    put(FRAC_EN, 0, 0);
    put(EXP_EN, 0, -15);
  } else {
    keep(0, s1, 15);
  }
  keep(1, s2, 15);
  keep(2, s3, 2);
  keep(3, s4, 15);
  const rest = at(FRAC_EN, 3);
  ltpGain = 0;
  if (rest > 0 && at(FRAC_EN, 0) != 0) {
    const ratio = div_s(at(FRAC_EN, 0) >> 1, rest);
    const exponent = Log2(L_shr(ratio << 16, at(EXP_EN, 3) - at(EXP_EN, 0) + 3));
    ltpGain = round(L_shl(L_mac((exponent - 27) << 16, logFraction, 1), 13));
  }
}

// @ts-ignore: decorator
@inline
function Mac_32(sum: i32, h1: i32, l1: i32, h2: i32, l2: i32): i32 {
  return L_mac(L_mac(L_mac(sum, h1, h2), mult(h1, l2), 1), mult(l1, h2), 1);
}

// @ts-ignore: decorator
@inline
function Mac_32_16(sum: i32, h: i32, l: i32, n: i32): i32 {
  return L_mac(L_mac(sum, h, n), mult(l, n), 1);
}

function take(index: i32, gcode0: i32): void {
  index795Code = index;
  energy795MR122 = at(QUA_GAIN_CODE, index * 3 + 1);
  energy795 = at(QUA_GAIN_CODE, index * 3 + 2);
  gain795Code = hi(L_shr(L_mult(at(QUA_GAIN_CODE, index * 3), gcode0), 9 - gcodeExponent));
}

function split(i: i32, x: i32): void {
  put(HI, i, hi(x));
  put(LO, i, lo(x));
}

/** Both gains by the weighted error, for three candidates of the pitch gain. */
function quantize3(gcode0: i32, fraction: usize, exponent: usize, firstPitch: i32): void {
  const exp = gcodeExponent - 10;
  put(EXPONENTS, 0, at(exponent, 0) - 13);
  put(EXPONENTS, 1, at(exponent, 1) - 14);
  put(EXPONENTS, 2, at(exponent, 2) + shl(exp, 1) + 15);
  put(EXPONENTS, 3, at(exponent, 3) + exp);
  put(EXPONENTS, 4, at(exponent, 4) + exp + 1);
  let most = at(EXPONENTS, 0);
  for (let i = 1; i < 5; i += 1) most = max(most, at(EXPONENTS, i));
  for (let i = 0; i < 5; i += 1) split(i, L_shr(at(fraction, i) << 16, most + 1 - at(EXPONENTS, i)));
  let least = i32.MAX_VALUE;
  let codeIndex = 0;
  let pitchIndex = firstPitch;
  for (let j = firstPitch; j < firstPitch + 3; j += 1) {
    const pitch = at(QUA_GAIN_PITCH, j);
    const base = Mac_32_16(Mpy_32_16(at(HI, 0), at(LO, 0), mult(pitch, pitch)), at(HI, 1), at(LO, 1), pitch);
    for (let i = 0; i < 32; i += 1) {
      const code = mult(at(QUA_GAIN_CODE, i * 3), gcode0);
      const square = L_mult(code, code);
      const product = L_mult(code, pitch);
      let distance = Mac_32(base, at(HI, 2), at(LO, 2), hi(square), lo(square));
      distance = Mac_32_16(distance, at(HI, 3), at(LO, 3), code);
      distance = Mac_32(distance, at(HI, 4), at(LO, 4), hi(product), lo(product));
      if (distance < least) {
        least = distance;
        codeIndex = i;
        pitchIndex = j;
      }
    }
  }
  take(codeIndex, gcode0);
  gain795Pitch = at(QUA_GAIN_PITCH, pitchIndex);
  index795Pitch = pitchIndex;
}

/** The code gain again, by weighted error and by the excitation's energy. */
function quantizeForEnergy(gcode0: i32, alpha: i32, unquantized: i32): void {
  const gainCode = shl(gain795Code, 10 - gcodeExponent);
  const square = mult(gain795Pitch, gain795Pitch);
  let t1 = L_mult(hi(L_shl(L_mult(alpha, at(FRAC_EN, 1)), 1)), square);
  put(EXPONENTS, 1, at(EXP_EN, 1) - 15);
  put(HI, 2, mult(hi(L_shl(L_mult(alpha, at(FRAC_EN, 2)), 1)), gain795Pitch));
  put(EXPONENTS, 2, at(EXP_EN, 2) + gcodeExponent - 10);
  put(HI, 3, hi(L_shl(L_mult(alpha, at(FRAC_EN, 3)), 1)));
  put(EXPONENTS, 3, at(EXP_EN, 3) + shl(gcodeExponent, 1) - 7);
  put(HI, 4, mult(sat(32768 - alpha), at(FRAC_EN, 3)));
  put(EXPONENTS, 4, at(EXPONENTS, 3) + 1);
  let t0 = sqrt_l_exp(L_mult(alpha, at(FRAC_EN, 0)));
  const exponent0 = at(EXP_EN, 0) - (sqrtExponent + 47);
  let most = exponent0 + 31;
  for (let i = 1; i < 5; i += 1) most = max(most, at(EXPONENTS, i));
  t1 = L_shr(t1, most - at(EXPONENTS, 1));
  for (let i = 2; i < 5; i += 1) split(i, L_shr(at(HI, i) << 16, most - at(EXPONENTS, i)));
  const difference = most - 31 - exponent0;
  t0 = L_shr(t0, difference >> 1);
  if ((difference & 1) != 0) t0 = Mpy_32_16(hi(t0), lo(t0), 23170);
  let least = i32.MAX_VALUE;
  let index = 0;
  for (let i = 0; i < 32; i += 1) {
    const code = mult(at(QUA_GAIN_CODE, i * 3), gcode0);
    if (code >= gainCode) break;
    const codeSquare = L_mult(code, code);
    const error = sat(code - unquantized);
    const errorSquare = L_mult(error, error);
    let x = Mac_32_16(t1, at(HI, 2), at(LO, 2), code);
    x = Mac_32(x, at(HI, 3), at(LO, 3), hi(codeSquare), lo(codeSquare));
    x = L_shr(sqrt_l_exp(x), sqrtExponent >> 1);
    const deviation = round(L_sub(x, t0));
    x = Mac_32(L_mult(deviation, deviation), at(HI, 4), at(LO, 4), hi(errorSquare), lo(errorSquare));
    if (x < least) {
      least = x;
      index = i;
    }
  }
  take(index, gcode0);
}

/** @param gain unquantized pitch gain. The results are gain795Pitch, index795Pitch ... */
export function MR795_gain_quant(residual: usize, exc: usize, code: usize, fraction: usize, exponent: usize, limit: i32, gain: i32): void {
  const codeExponent = codeEnergyExponent;
  const codeFraction = codeEnergyFraction;
  q_gain_pitch(5, limit, gain);
  const gcode0 = word(Pow2(14, gcodeFraction));
  quantize3(gcode0, fraction, exponent, pitchCandidates);
  calc_unfilt_energies(residual, exc, code, gain795Pitch);
  const alpha = gain_adapt(ltpGain, gain795Code);
  if (at(FRAC_EN, 0) != 0 && alpha > 0) {
    put(FRAC_EN, 3, codeFraction);
    put(EXP_EN, 3, codeExponent);
    quantizeForEnergy(gcode0, alpha, shl(codeGainFraction, codeGainExponent - gcodeExponent + 10));
  }
}
