/** Spreads the pulses of sparse codevectors, the more the less voiced the speech is (TS 26.090 §6.1, reference's ph_disp). */
import { at, copy, L_add, L_mult, L_shl, mult, put, round, sat, zero } from '../amr/basic-op';
import { L_SUBFR, MR102, MR122, MR74, MR795 } from './frame';
import { PH_IMP_LOW, PH_IMP_LOW_MR795, PH_IMP_MID, PH_IMP_MID_MR795 } from './tables';

const PHDTHR1LTP: i32 = 9830;
const PHDTHR2LTP: i32 = 14746;
const ONLENGTH: i32 = 2;

const GAINS: usize = memory.data(16, 16);
const SAVED: usize = memory.data(80, 16);
let previousState: i32 = 0;
let previousCodeGain: i32 = 0;
let onset: i32 = 0;

export function ph_disp_reset(): void {
  zero(GAINS, 5);
  previousState = 0;
  previousCodeGain = 0;
  onset = 0;
}

/** 0: strong dispersion, 1: medium, 2: none. */
function chooseState(codeGain: i32, pitchGain: i32, lock: bool): i32 {
  for (let i = 4; i > 0; i -= 1) put(GAINS, i, at(GAINS, i - 1));
  put(GAINS, 0, pitchGain);
  let state = pitchGain >= PHDTHR2LTP ? 2 : pitchGain > PHDTHR1LTP ? 1 : 0;
  if (codeGain > round(L_shl(previousCodeGain * 16384 << 1, 2))) onset = ONLENGTH;
  else if (onset > 0) onset -= 1;
  if (onset == 0) {
    let low = 0;
    for (let i = 0; i < 5; i += 1) if (at(GAINS, i) < PHDTHR1LTP) low += 1;
    if (low > 2) state = 0;
  }
  if (state > previousState + 1 && onset == 0) state -= 1;
  if (state < 2 && onset > 0) state += 1;
  if (codeGain < 10) state = 2;
  if (lock) state = 0;
  previousState = state;
  previousCodeGain = codeGain;
  return state;
}

function disperse(code: usize, impulse: usize): void {
  copy(SAVED, code, L_SUBFR);
  zero(code, L_SUBFR);
  for (let position = 0; position < L_SUBFR; position += 1) {
    const pulse = at(SAVED, position);
    if (pulse == 0) continue;
    for (let i = 0, k = position; i < L_SUBFR; i += 1) {
      put(code, k, sat(at(code, k) + mult(pulse, at(impulse, i))));
      k += 1;
      if (k == L_SUBFR) k = 0;
    }
  }
}

/** Total excitation for synthesis, in place of the adaptive part in x. */
export function ph_disp(mode: i32, x: usize, codeGain: i32, pitchGain: i32, code: usize, pitchFactor: i32, shift: i32, lock: bool): void {
  const state = chooseState(codeGain, pitchGain, lock);
  if (mode != MR122 && mode != MR102 && mode != MR74 && state < 2) {
    if (mode == MR795) disperse(code, state == 0 ? PH_IMP_LOW_MR795 : PH_IMP_MID_MR795);
    else disperse(code, state == 0 ? PH_IMP_LOW : PH_IMP_MID);
  }
  for (let i = 0; i < L_SUBFR; i += 1) {
    const sum = L_add(L_mult(at(x, i), pitchFactor), L_mult(at(code, i), codeGain));
    put(x, i, round(L_shl(sum, shift)));
  }
}
