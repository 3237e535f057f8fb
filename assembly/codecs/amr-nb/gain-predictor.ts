/** Moving-average prediction of the codebook gain (TS 26.090 §5.8). Energies: Q10, and Q10 of log2 for 12.2. */
import { at, hi, L_add, L_shl, L_sub, put, word } from '../amr/basic-op';
import { norm_l, round, sat } from '../amr/called-op';
import { Log2, Log2_norm, logFraction } from '../amr/math-op';
import { L_SUBFR, MR102, MR122, MR67, MR74, MR795 } from './frame';

const MIN_ENERGY: i32 = -14336;
const MIN_ENERGY_MR122: i32 = -2381;
const MEAN_ENER_MR122: i32 = 783741;

const PAST: usize = memory.data(16, 16);
const PAST_MR122: usize = memory.data(16, 16);

/** Predicted gain: exponent and fraction of its log2. */
export let gcodeExponent: i32 = 0;
export let gcodeFraction: i32 = 0;
/** Energy of the code at 7.95 kbit/s, for the encoder. */
export let codeEnergyExponent: i32 = 0;
export let codeEnergyFraction: i32 = 0;

export function gc_pred_reset(): void {
  setPastEnergies(MIN_ENERGY, MIN_ENERGY_MR122);
}

/** All four energies at once: after comfort noise. */
export function setPastEnergies(energy: i32, energyMR122: i32): void {
  for (let i = 0; i < 4; i += 1) {
    put(PAST, i, energy);
    put(PAST_MR122, i, energyMR122);
  }
}

export function copyPredictor(to: usize): void {
  memory.copy(to, PAST, 8);
  memory.copy(to + 8, PAST_MR122, 8);
}

export function restorePredictor(from: usize): void {
  memory.copy(PAST, from, 8);
  memory.copy(PAST_MR122, from + 8, 8);
}

function meanEnergy(mode: i32): i32 {
  if (mode == MR795) return 17062 << 7;
  if (mode == MR74) return 32588 << 6;
  if (mode == MR67) return 32268 << 6;
  return 16678 << 7;
}

/** Predicts the gain of `code`: sets gcodeExponent and gcodeFraction. */
export function gc_pred(mode: i32, code: usize): void {
  let energy = 0;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = at(code, i);
    energy += (x * x) >> 3;
  }
  energy <<= 4;
  if (energy < 0) energy = i32.MAX_VALUE;
  if (mode == MR122) {
    const exponent = Log2((round(energy) * 26214) << 1);
    const coded = ((exponent - 30) << 16) + (logFraction << 1);
    let sum = MEAN_ENER_MR122;
    sum = L_add(sum, (at(PAST_MR122, 0) * 44) << 1);
    sum = L_add(sum, (at(PAST_MR122, 1) * 37) << 1);
    sum = L_add(sum, (at(PAST_MR122, 2) * 22) << 1);
    sum = L_add(sum, (at(PAST_MR122, 3) * 12) << 1);
    const difference = L_sub(sum, coded);
    gcodeExponent = difference >> 17;
    gcodeFraction = word((difference >> 2) - (gcodeExponent << 15));
    return;
  }
  const shift = norm_l(energy);
  energy <<= shift;
  const exponent = Log2_norm(energy, shift);
  let sum = L_add(((logFraction * -24660) >> 15) << 1, (exponent * -24660) << 1);
  if (mode == MR795) {
    codeEnergyFraction = hi(energy);
    codeEnergyExponent = -11 - shift;
  }
  sum = L_shl(L_add(sum, meanEnergy(mode)), 10);
  sum = L_add(sum, (at(PAST, 0) * 5571) << 1);
  sum = L_add(sum, (at(PAST, 1) * 4751) << 1);
  sum = L_add(sum, (at(PAST, 2) * 2785) << 1);
  sum = L_add(sum, (at(PAST, 3) * 1556) << 1);
  const predicted = (hi(sum) * (mode == MR74 ? 5439 : 5443)) << 1 >> 8;
  gcodeExponent = hi(predicted);
  gcodeFraction = word((predicted >> 1) - (gcodeExponent << 15));
}

export function gc_pred_update(energyMR122: i32, energy: i32): void {
  for (let i = 3; i > 0; i -= 1) {
    put(PAST, i, at(PAST, i - 1));
    put(PAST_MR122, i, at(PAST_MR122, i - 1));
  }
  put(PAST, 0, energy);
  put(PAST_MR122, 0, energyMR122);
}

function average(past: usize, least: i32): i32 {
  let sum = 0;
  for (let i = 0; i < 4; i += 1) sum = sat(sum + at(past, i));
  return max(sum >> 2, least);
}

/** Moves the predictor on over a lost subframe. */
export function gc_pred_average(): void {
  gc_pred_update(average(PAST_MR122, MIN_ENERGY_MR122), average(PAST, MIN_ENERGY));
}
