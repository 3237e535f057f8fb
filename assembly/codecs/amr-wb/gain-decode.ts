/** Gains from their indices, or from the past (TS 26.190 §6.1, TS 26.191 §6.2.3). */
import { at, hi, L_mac, L_mult, L_shl, lo, mult, put, round, word } from '../amr/basic-op';
import { Log2, logFraction } from '../amr/math-op';
import { gmed_n } from '../amr/median';
import { L_SUBFR } from './frame';
import { Dot_product12, exponent, mul_32by16, one_ov_sqrt_norm, power_of_2 } from './operators';
import { CDOWN_UNUSABLE, CDOWN_USABLE, PDOWN_UNUSABLE, PDOWN_USABLE, T_QUA_GAIN6B, T_QUA_GAIN7B } from './tables';

const PAST_QUA_EN: usize = memory.data(16, 16);
const PITCH_HISTORY: usize = memory.data(16, 16);
const CODE_HISTORY: usize = memory.data(16, 16);
/** Pitch gains of good frames only: concealment of the lag looks at them. */
export const GOOD_PITCH_GAINS: usize = memory.data(16, 16);
let previousCode: i32 = 0;

export let gainPitch: i32 = 0;
/** Q16. */
export let gainCode: i32 = 0;

export function dec_gain2_reset(): void {
  for (let i = 0; i < 4; i += 1) put(PAST_QUA_EN, i, -14336);
  for (let i = 0; i < 5; i += 1) {
    put(PITCH_HISTORY, i, 0);
    put(CODE_HISTORY, i, 0);
    put(GOOD_PITCH_GAINS, i, 0);
  }
  previousCode = 0;
}

function remember(history: usize, value: i32): void {
  for (let i = 0; i < 4; i += 1) put(history, i, at(history, i + 1));
  put(history, 4, value);
}

function conceal(innovation: i32, state: i32, unusable: bool, vadHistory: i32): void {
  const pitch = min(gmed_n(PITCH_HISTORY, 5), 15565);
  gainPitch = mult(at(unusable ? PDOWN_UNUSABLE : PDOWN_USABLE, state), pitch);
  const median = gmed_n(CODE_HISTORY, 5);
  const code = vadHistory > 2 ? median : mult(at(unusable ? CDOWN_UNUSABLE : CDOWN_USABLE, state), median);
  const sum = at(PAST_QUA_EN, 0) + at(PAST_QUA_EN, 1) + at(PAST_QUA_EN, 2) + at(PAST_QUA_EN, 3);
  // The newest energy is the mean less 3 dB; the reference keeps the oldest one where it is.
  put(PAST_QUA_EN, 2, at(PAST_QUA_EN, 1));
  put(PAST_QUA_EN, 1, at(PAST_QUA_EN, 0));
  put(PAST_QUA_EN, 0, max(word(sum >> 3) - 3072, -14336));
  remember(CODE_HISTORY, code);
  remember(PITCH_HISTORY, pitch);
  gainCode = L_mult(code, innovation);
}

/** @param sixBits the modes up to 8.85 kbit/s. @param state how bad the channel is */
export function dec_gain2(index: i32, sixBits: bool, code: usize, bfi: bool, previousBad: bool, state: i32, unusable: bool, vadHistory: i32): void {
  const energy = Dot_product12(code, code, L_SUBFR);
  const inverse = one_ov_sqrt_norm(energy, exponent - 24);
  const innovation = hi(L_shl(inverse, exponent - 3));
  if (bfi) {
    conceal(innovation, state, unusable, vadHistory);
    return;
  }
  let sum = L_shl(30 << 16, 8);
  sum = L_mac(sum, 4096, at(PAST_QUA_EN, 0));
  sum = L_mac(sum, 3277, at(PAST_QUA_EN, 1));
  sum = L_mac(sum, 2458, at(PAST_QUA_EN, 2));
  sum = L_mac(sum, 1638, at(PAST_QUA_EN, 3));
  const predicted = (hi(sum) * 5443) >> 7;
  const gcode0 = word(power_of_2(14, lo(predicted)));
  const table = sixBits ? T_QUA_GAIN6B : T_QUA_GAIN7B;
  gainPitch = at(table, index << 1);
  const factor = at(table, (index << 1) + 1);
  gainCode = L_shl(L_mult(factor, gcode0), hi(predicted) - 14 + 4);
  if (previousBad) {
    const limit = L_mult(previousCode, 5120);
    if (gainCode > limit && gainCode > 6553600) gainCode = limit;
  }
  previousCode = round(L_shl(gainCode, 3));
  remember(CODE_HISTORY, previousCode);
  remember(PITCH_HISTORY, gainPitch);
  remember(GOOD_PITCH_GAINS, gainPitch);
  gainCode = L_shl(mul_32by16(hi(gainCode), lo(gainCode), innovation), 3);
  for (let i = 3; i > 0; i -= 1) put(PAST_QUA_EN, i, at(PAST_QUA_EN, i - 1));
  const power = Log2(factor) - 11;
  put(PAST_QUA_EN, 0, mul_32by16(power, logFraction, 24660) >> 3);
}
