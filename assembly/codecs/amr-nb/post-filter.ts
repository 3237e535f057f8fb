/** Adaptive postfilter with gain control, and the closing high-pass (TS 26.090 §6.2). */
import { at, copy, div_s, dot64, energy, hi, L_mult, L_shl, L_shr, mult, norm_l, put, ref, round, sat, sat32, zero } from '../amr/basic-op';
import { Inv_sqrt } from '../amr/math-op';
import { Residu, Syn_filt, Weight_Ai } from './filter';
import { L_FRAME, L_SUBFR, M, MP1, MR102, MR122 } from './frame';
import { GAMMA3, GAMMA3_MR122, GAMMA4, GAMMA4_MR122 } from './tables';

const L_H: i32 = 22;
const MU: i32 = 26214;
const AGC_FAC: i32 = 29491;

const SYNTH: usize = memory.data(352, 16);
const RES: usize = memory.data(96, 16);
const MEM: usize = memory.data(32, 16);
const AP3: usize = memory.data(32, 16);
const AP4: usize = memory.data(32, 16);
/** Impulse response, with room for the 10 zeros that its filter starts from. */
const H: usize = memory.data(64, 16);
let preemphasisMemory: i32 = 0;
let pastGain: i32 = 0;
let y1: i32 = 0;
let y2: i32 = 0;
let x0: i32 = 0;
let x1: i32 = 0;

export function post_filter_reset(): void {
  zero(SYNTH, 176);
  zero(RES, L_SUBFR);
  zero(MEM, M);
  preemphasisMemory = 0;
  pastGain = 4096;
  y1 = 0;
  y2 = 0;
  x0 = 0;
  x1 = 0;
}

/** Energy that saturates late: a quarter of the amplitude when the whole is too much. */
function energy_new(x: usize): i32 {
  const sum = energy(x, L_SUBFR);
  if (sum != i32.MAX_VALUE) return sum >> 4;
  let quarter: i64 = 0;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const sample = at(x, i) >> 2;
    quarter += sample * sample * 2;
  }
  return quarter > 0x7fffffff ? i32.MAX_VALUE : <i32>quarter;
}

/** Square root of the ratio of two energies, Q12. -1: the second signal is silent. */
function levelRatio(reference: usize, signal: usize): i32 {
  let sum = energy_new(signal);
  if (sum == 0) return -1;
  let exponent = norm_l(sum) - 1;
  const out = round(L_shl(sum, exponent));
  sum = energy_new(reference);
  if (sum == 0) return 0;
  const shift = norm_l(sum);
  exponent -= shift;
  const ratio = div_s(out, round(sum << shift));
  return round(L_shl(Inv_sqrt(L_shr(ratio << 7, exponent)), 9));
}

function agc(reference: usize, signal: usize): void {
  const ratio = levelRatio(reference, signal);
  if (ratio < 0) {
    pastGain = 0;
    return;
  }
  const target = (ratio * (32767 - AGC_FAC)) >> 15;
  let gain = pastGain;
  for (let i = 0; i < L_SUBFR; i += 1) {
    gain = ((gain * AGC_FAC) >> 15) + target;
    put(signal, i, sat((at(signal, i) * gain) >> 12));
  }
  pastGain = gain;
}

/** Gain control without memory: the excitation keeps its energy. */
export function agc2(reference: usize, signal: usize): void {
  const ratio = levelRatio(reference, signal);
  if (ratio < 0) return;
  for (let i = 0; i < L_SUBFR; i += 1) put(signal, i, sat(L_mult(at(signal, i), ratio) >> 13));
}

function preemphasis(factor: i32): void {
  const last = at(RES, L_SUBFR - 1);
  for (let i = L_SUBFR - 1; i > 0; i -= 1) put(RES, i, sat(at(RES, i) - mult(factor, at(RES, i - 1))));
  put(RES, 0, sat(at(RES, 0) - mult(factor, preemphasisMemory)));
  preemphasisMemory = last;
}

/** Compensation of the tilt of the formant filter. */
function tilt(): i32 {
  copy(H, AP3, MP1);
  zero(ref(H, MP1), 32 - MP1);
  Syn_filt(AP4, H, H, L_H, ref(H, MP1), false);
  const correlation = hi(sat32(dot64(H, ref(H, 1), 24) << 1));
  if (correlation <= 0) return 0;
  return div_s((correlation * MU) >> 15, hi(energy(H, 24)));
}

/** @param az four sets of predictor coefficients */
export function Post_Filter(mode: i32, synth: usize, az: usize): void {
  const work = ref(SYNTH, M);
  copy(work, synth, L_FRAME);
  const high = mode == MR122 || mode == MR102;
  for (let subframe = 0; subframe < L_FRAME; subframe += L_SUBFR) {
    Weight_Ai(az, high ? GAMMA3_MR122 : GAMMA3, AP3);
    Weight_Ai(az, high ? GAMMA4_MR122 : GAMMA4, AP4);
    Residu(AP3, ref(work, subframe), RES, L_SUBFR);
    preemphasis(tilt());
    Syn_filt(AP4, RES, ref(synth, subframe), L_SUBFR, MEM, true);
    agc(ref(work, subframe), ref(synth, subframe));
    az = ref(az, MP1);
  }
  copy(SYNTH, ref(SYNTH, L_FRAME), M);
}

/** High-pass at 60 Hz and doubling; 13 bits are left (TS 26.090 §6.2.2). */
export function Post_Process(signal: usize): void {
  for (let i = 0; i < L_FRAME; i += 1) {
    const x2 = x1;
    x1 = x0;
    x0 = at(signal, i);
    let sum = hi(y1) * 15836 + ((((y1 >> 1) & 0x7fff) * 15836) >> 15);
    sum += hi(y2) * -7667 + ((((y2 >> 1) & 0x7fff) * -7667) >> 15);
    sum += (x0 + x2) * 7699 + x1 * -15398;
    sum = L_shl(sum, 3);
    put(signal, i, round(L_shl(sum, 1)) & ~7);
    y2 = y1;
    y1 = sum;
  }
}
