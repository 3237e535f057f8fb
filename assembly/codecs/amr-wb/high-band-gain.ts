/** The encoder's synthesis, for the gain of the high band at 23.85 kbit/s (TS 26.190 §5.11). */
import { at, copy, div_s, dot, hi, L_shl, mult, norm_l, put, ref, shl, zero } from '../amr/basic-op';
import { hangoverCount } from './dtx-encode';
import { Syn_filt } from './encoder-filter';
import { fir31, highpass_400Hz, highpass_50Hz, Syn_filt_32, weight_lpc } from './filter';
import { L_SUBFR, L_SUBFR16k, M, PREEMPH_FAC } from './frame';
import { noise_gen, SEED_HIGH_BAND } from './noise';
import { Dot_product12, exponent, one_ov_sqrt_norm } from './operators';
import { Scale_sig } from './scale';
import { FIR_6K_7K, HP_GAIN } from './tables';

const HIGH: usize = memory.data(176, 16);
const LOW: usize = memory.data(176, 16);
const SYNTH: usize = memory.data(128, 16);
const HF: usize = memory.data(176, 16);
const HF_SP: usize = memory.data(176, 16);
const AP: usize = memory.data(48, 16);
const TAPS: usize = memory.data(64, 16);
const MEM_HIGH: usize = memory.data(32, 16);
const MEM_LOW: usize = memory.data(32, 16);
const MEM_HF: usize = memory.data(64, 16);
const MEM_HF2: usize = memory.data(64, 16);
const MEM_SYN_HF: usize = memory.data(32, 16);
const MEM_50: usize = memory.data(16, 16);
const MEM_400: usize = memory.data(16, 16);
let deemphasisMemory: i32 = 0;
let gainAlpha: i32 = 32767;

export function high_band_reset(): void {
  zero(MEM_HIGH, M);
  zero(MEM_LOW, M);
  zero(MEM_HF, 32);
  zero(MEM_HF2, 32);
  zero(MEM_SYN_HF, M);
  zero(MEM_50, 8);
  zero(MEM_400, 8);
  deemphasisMemory = 0;
  gainAlpha = 32767;
  copy(TAPS, FIR_6K_7K, 31);
}

/** Square root of the ratio of two energies, the first one's signal scaled to the second's. */
function levelRatio(ener: i32, enerExponent: i32, noise: i32, noiseExponent: i32, extra: i32): i32 {
  let numerator = noise;
  let power = noiseExponent;
  if (numerator > ener) {
    numerator >>= 1;
    power += 1;
  }
  const inverse = one_ov_sqrt_norm(div_s(numerator, ener) << 16, power - enerExponent);
  return hi(L_shl(inverse, exponent + extra));
}

/** @param exc is spoilt. @param speech 80 samples of the input at 16 kHz. @returns index of the gain */
export function highBandGain(aq: usize, exc: usize, Q: i32, speech: usize, silent: bool): i32 {
  copy(HIGH, MEM_HIGH, M);
  copy(LOW, MEM_LOW, M);
  Syn_filt_32(aq, exc, Q, ref(HIGH, M), ref(LOW, M), L_SUBFR);
  copy(MEM_HIGH, ref(HIGH, L_SUBFR), M);
  copy(MEM_LOW, ref(LOW, L_SUBFR), M);
  for (let i = 0; i < L_SUBFR; i += 1) {
    const sum = (((at(HIGH, M + i) << 16) + (at(LOW, M + i) << 4)) << 3) + deemphasisMemory * PREEMPH_FAC;
    deemphasisMemory = <i32>(<i16>(((sum << 1) + 0x8000) >> 16));
    put(SYNTH, i, deemphasisMemory);
  }
  highpass_50Hz(SYNTH, L_SUBFR, MEM_50, true);
  copy(HF_SP, speech, L_SUBFR16k);
  for (let i = 0; i < L_SUBFR16k; i += 1) put(HF, i, noise_gen(SEED_HIGH_BAND) >> 3);
  Scale_sig(exc, L_SUBFR, -3);
  let ener = hi(Dot_product12(exc, exc, L_SUBFR));
  let enerExponent = exponent - ((Q - 3) << 1);
  let noise = hi(Dot_product12(HF, HF, L_SUBFR16k));
  const gain = levelRatio(ener, enerExponent, noise, exponent, 1);
  for (let i = 0; i < L_SUBFR16k; i += 1) put(HF, i, mult(at(HF, i), gain));
  highpass_400Hz(SYNTH, L_SUBFR, MEM_400);
  const power = (dot(SYNTH, SYNTH, L_SUBFR) << 1) + 1;
  let sum = 1;
  for (let i = 1; i < L_SUBFR; i += 1) sum += (at(SYNTH, i) * at(SYNTH, i - 1)) << 1;
  const shift = norm_l(power);
  const correlation = hi(sum << shift);
  const tilt = correlation > 0 ? div_s(correlation, hi(power << shift)) : 0;
  const gain1 = 32767 - tilt;
  let estimate = silent ? mult(32767, shl(mult(gain1, 20480), 1)) : mult(32767, gain1);
  if (estimate != 0) estimate += 1;
  estimate = max(estimate, 3277);
  weight_lpc(aq, AP, 19661, M);
  Syn_filt(AP, HF, HF, L_SUBFR16k, MEM_SYN_HF, true);
  fir31(HF, L_SUBFR16k, MEM_HF, TAPS, 2);
  fir31(HF_SP, L_SUBFR16k, MEM_HF2, TAPS, 2);
  Scale_sig(HF_SP, L_SUBFR16k, -1);
  ener = hi(Dot_product12(HF_SP, HF_SP, L_SUBFR16k));
  enerExponent = exponent;
  noise = hi(Dot_product12(HF, HF, L_SUBFR16k));
  const calculated = levelRatio(ener, enerExponent, noise, exponent, 0);
  gainAlpha = mult(gainAlpha, hi((hangoverCount * 4681) << 16));
  if (hangoverCount > 6) gainAlpha = 32767;
  const wanted = mult(calculated, gainAlpha) + mult(32767 - gainAlpha, estimate >> 1);
  let least = 32767;
  let index = 0;
  for (let i = 0; i < 16; i += 1) {
    const distance = mult(wanted - at(HP_GAIN, i), wanted - at(HP_GAIN, i));
    if (least > distance) {
      least = distance;
      index = i;
    }
  }
  return index;
}
