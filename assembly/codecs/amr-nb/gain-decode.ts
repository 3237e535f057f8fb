/** Gains from their indices (TS 26.090 §6.1), or from the past when the frame is bad (TS 26.091 §6.2.3). */
import { at, hi, L_shl, L_shr, Mpy_32_16, put, shl, shr_r } from '../amr/basic-op';
import { L_mult, mult, round, sat } from '../amr/called-op';
import { Log2, logFraction, Pow2 } from '../amr/math-op';
import { MR102, MR122, MR475, MR67, MR74 } from './frame';
import { gc_pred, gc_pred_average, gc_pred_update, gcodeExponent, gcodeFraction } from './gain-predictor';
import { gmed_n } from '../amr/median';
import { CDOWN, PDOWN, QUA_GAIN_CODE, QUA_GAIN_PITCH, TABLE_GAIN_HIGHRATES, TABLE_GAIN_LOWRATES, TABLE_GAIN_MR475 } from './tables';

export let gainPitch: i32 = 0;
export let gainCode: i32 = 0;

const PITCH_HISTORY: usize = memory.data(16, 16);
const CODE_HISTORY: usize = memory.data(16, 16);
let pastGainPitch: i32 = 0;
let previousGainPitch: i32 = 0;
let pastGainCode: i32 = 0;
let previousGainCode: i32 = 0;

export function ec_gain_reset(): void {
  for (let i = 0; i < 5; i += 1) {
    put(PITCH_HISTORY, i, 1640);
    put(CODE_HISTORY, i, 1);
  }
  pastGainPitch = 0;
  previousGainPitch = 16384;
  pastGainCode = 0;
  previousGainCode = 1;
}

export function d_gain_pitch(mode: i32, index: i32): void {
  const gain = at(QUA_GAIN_PITCH, index & 15);
  gainPitch = mode == MR122 ? gain & ~3 : gain;
}

/** Codebook gain of 12.2 and 7.95 kbit/s. */
export function d_gain_code(mode: i32, index: i32, code: usize): void {
  gc_pred(mode, code);
  const entry = (index & 31) * 3;
  const factor = at(QUA_GAIN_CODE, entry);
  if (mode == MR122) {
    gainCode = shl(mult(shl(<i32>(<i16>Pow2(gcodeExponent, gcodeFraction)), 4), factor), 1);
  } else {
    gainCode = hi(L_shr(L_mult(factor, <i32>(<i16>Pow2(14, gcodeFraction))), 9 - gcodeExponent));
  }
  gc_pred_update(at(QUA_GAIN_CODE, entry + 1), at(QUA_GAIN_CODE, entry + 2));
}

/** Both gains of the modes that quantize them together. */
export function Dec_gain(mode: i32, index: i32, code: usize, even: bool): void {
  let factor: i32;
  let energyMR122: i32;
  let energy: i32;
  if (mode == MR475) {
    const entry = ((index & 255) << 2) + (even ? 0 : 2);
    gainPitch = at(TABLE_GAIN_MR475, entry);
    factor = at(TABLE_GAIN_MR475, entry + 1);
    const exponent = Log2(factor) - 12;
    energyMR122 = sat(shr_r(logFraction, 5) + shl(exponent, 10));
    energy = round(L_shl(Mpy_32_16(exponent, logFraction, 24660), 13));
  } else {
    const high = mode == MR102 || mode == MR74 || mode == MR67;
    const entry = (high ? index & 127 : index & 63) << 2;
    const table = high ? TABLE_GAIN_HIGHRATES : TABLE_GAIN_LOWRATES;
    gainPitch = at(table, entry);
    factor = at(table, entry + 1);
    energyMR122 = at(table, entry + 2);
    energy = at(table, entry + 3);
  }
  gc_pred(mode, code);
  gainCode = hi(L_shr(L_mult(factor, <i32>(<i16>Pow2(14, gcodeFraction))), 10 - gcodeExponent));
  gc_pred_update(energyMR122, energy);
}

/** @param state how bad the channel is, 0..6 */
export function ec_gain_pitch(state: i32): void {
  gainPitch = mult(min(gmed_n(PITCH_HISTORY, 5), pastGainPitch), at(PDOWN, state));
}

export function ec_gain_code(state: i32): void {
  gainCode = mult(min(gmed_n(CODE_HISTORY, 5), pastGainCode), at(CDOWN, state));
  gc_pred_average();
}

function remember(history: usize, gain: i32): void {
  for (let i = 0; i < 4; i += 1) put(history, i, at(history, i + 1));
  put(history, 4, gain);
}

/** After a bad frame a gain may not exceed the last good one. */
export function ec_gain_pitch_update(bfi: bool, previousBad: bool): void {
  if (!bfi) {
    if (previousBad && gainPitch > previousGainPitch) gainPitch = previousGainPitch;
    previousGainPitch = gainPitch;
  }
  pastGainPitch = min(gainPitch, 16384);
  remember(PITCH_HISTORY, pastGainPitch);
}

export function ec_gain_code_update(bfi: bool, previousBad: bool): void {
  if (!bfi) {
    if (previousBad && gainCode > previousGainCode) gainCode = previousGainCode;
    previousGainCode = gainCode;
  }
  pastGainCode = gainCode;
  remember(CODE_HISTORY, gainCode);
}

/** In background noise the pitch gain of damaged frames is damped. */
export function limitGainPitch(): void {
  if (gainPitch > 12288) gainPitch = ((gainPitch - 12288) >> 1) + 12288;
  if (gainPitch > 14745) gainPitch = 14745;
}
