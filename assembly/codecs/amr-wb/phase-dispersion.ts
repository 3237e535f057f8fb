/** Spreads the pulses of sparse codevectors, the more the less voiced the speech is (TS 26.190 §6.1). */
import { at, mult_r, put, sat, shl, zero } from '../amr/basic-op';
import { L_SUBFR } from './frame';
import { PH_IMP_LOW, PH_IMP_MID } from './tables';

const PITCH_0_6: i32 = 9830;
const PITCH_0_9: i32 = 14746;

const GAINS: usize = memory.data(16, 16);
const SPREAD: usize = memory.data(256, 16);
let previousState: i32 = 0;
let previousCode: i32 = 0;

export function phase_dispersion_reset(): void {
  zero(GAINS, 6);
  previousState = 0;
  previousCode = 0;
}

/** @param offset 0 at 6.60 kbit/s, 1 at 8.85, 2 above: no dispersion */
export function phase_dispersion(gainCode: i32, gainPitch: i32, code: usize, offset: i32): void {
  let state = gainPitch < PITCH_0_6 ? 0 : gainPitch < PITCH_0_9 ? 1 : 2;
  for (let i = 5; i > 0; i -= 1) put(GAINS, i, at(GAINS, i - 1));
  put(GAINS, 0, gainPitch);
  if (sat(gainCode - previousCode) > shl(previousCode, 1)) {
    if (state < 2) state += 1;
  } else {
    let low = 0;
    for (let i = 0; i < 6; i += 1) if (at(GAINS, i) < PITCH_0_6) low += 1;
    if (low > 2) state = 0;
    if (state > previousState + 1) state -= 1;
  }
  previousCode = gainCode;
  previousState = state;
  if (state + offset >= 2) return;
  const impulse = state + offset == 0 ? PH_IMP_LOW : PH_IMP_MID;
  zero(SPREAD, L_SUBFR * 2);
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = at(code, i);
    if (x == 0) continue;
    for (let j = 0; j < L_SUBFR; j += 1) put(SPREAD, i + j, sat(at(SPREAD, i + j) + mult_r(x, at(impulse, j))));
  }
  for (let i = 0; i < L_SUBFR; i += 1) put(code, i, sat(at(SPREAD, i) + at(SPREAD, i + L_SUBFR)));
}
