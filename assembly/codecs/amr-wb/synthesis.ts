/** Synthesis of a subframe: low band at 12.8 kHz, its resampling, and the high band of noise (TS 26.190 §6.2, §6.3). */
import { at, copy, div_s, dot, dot64, hi, L_mac, L_shl, mult, norm_l, put, ref, round, sat, sat32, shl, zero } from '../amr/basic-op';
import { fir31, highpass_400Hz, highpass_50Hz, Syn_filt_32, wb_syn_filt, weight_lpc } from './filter';
import { L_SUBFR, L_SUBFR16k, M, M16k, MODE_24k, MODE_7k, PREEMPH_FAC } from './frame';
import { isf_extrapolation } from './isf-extrapolation';
import { Isp_Az } from './isp';
import { noise_gen, SEED_HIGH_BAND } from './noise';
import { Dot_product12, exponent, one_ov_sqrt_norm } from './operators';
import { FIR_6K_7K, FIR_7K, FIR_UP, HP_GAIN } from './tables';

const HIGH: usize = memory.data(176, 16);
const LOW: usize = memory.data(176, 16);
const SYNTH: usize = memory.data(128, 16);
const HF: usize = memory.data(176, 16);
const AP: usize = memory.data(48, 16);
const HF_A: usize = memory.data(48, 16);
const UPSAMPLE: usize = memory.data(192, 16);
const TAPS_6K_7K: usize = memory.data(64, 16);
const TAPS_7K: usize = memory.data(64, 16);
const MEM_HIGH: usize = memory.data(32, 16);
const MEM_LOW: usize = memory.data(32, 16);
const MEM_HF: usize = memory.data(64, 16);
const MEM_HF3: usize = memory.data(64, 16);
const MEM_SYN_HF: usize = memory.data(48, 16);
const MEM_50: usize = memory.data(16, 16);
const MEM_400: usize = memory.data(16, 16);
const MEM_UP: usize = memory.data(48, 16);
let deemphasisMemory: i32 = 0;

export function synthesis_reset(): void {
  zero(MEM_HIGH, M);
  zero(MEM_LOW, M);
  zero(MEM_HF, 32);
  zero(MEM_HF3, 32);
  zero(MEM_SYN_HF, M16k);
  zero(MEM_50, 8);
  zero(MEM_400, 8);
  zero(MEM_UP, 24);
  deemphasisMemory = 0;
  copy(TAPS_6K_7K, FIR_6K_7K, 31);
  copy(TAPS_7K, FIR_7K, 31);
}

/** The modes above 6.60 kbit/s have a shorter filter in the high band. */
export function clearHighBandTail(): void {
  zero(MEM_SYN_HF, M16k - M);
}

function deemphasis(): void {
  for (let i = 0; i < L_SUBFR; i += 1) {
    let sum = L_shl((at(HIGH, M + i) << 16) + (at(LOW, M + i) << 4), 3);
    sum = L_shl(sum + deemphasisMemory * PREEMPH_FAC, 1);
    deemphasisMemory = round(sum);
    put(SYNTH, i, deemphasisMemory);
  }
}

/** 64 samples at 12.8 kHz → 80 at 16 kHz. */
function oversample(out: usize): void {
  copy(UPSAMPLE, MEM_UP, 24);
  copy(ref(UPSAMPLE, 24), SYNTH, L_SUBFR);
  for (let j = 0, i = 0, phase = 0; j < L_SUBFR16k; j += 1) {
    if (phase == 0) put(out, j, at(UPSAMPLE, 12 + i));
    else put(out, j, hi(L_shl(dot(ref(UPSAMPLE, 1 + i), ref(FIR_UP, (phase - 1) * 24), 24) + 0x2000, 2)));
    phase += 1;
    if (phase == 5) phase = 0;
    // Position of sample j + 1 on the coarse grid: floor(4 (j + 1) / 5).
    if (phase != 1) i += 1;
  }
  copy(MEM_UP, ref(UPSAMPLE, L_SUBFR), 24);
}

/** White noise with the energy of the excitation. */
function highBandNoise(exc: usize, Q: i32): void {
  for (let i = 0; i < L_SUBFR16k; i += 1) put(HF, i, noise_gen(SEED_HIGH_BAND) >> 3);
  for (let i = 0; i < L_SUBFR; i += 1) put(exc, i, sat(at(exc, i) + 4) >> 3);
  const ener = hi(Dot_product12(exc, exc, L_SUBFR));
  const enerExponent = exponent - ((Q - 3) << 1);
  let noise = hi(Dot_product12(HF, HF, L_SUBFR16k));
  let power = exponent;
  if (noise > ener) {
    noise >>= 1;
    power += 1;
  }
  const inverse = one_ov_sqrt_norm(div_s(noise, ener) << 16, power - enerExponent);
  const gain = hi(L_shl(inverse, exponent + 1));
  for (let i = 0; i < L_SUBFR16k; i += 1) put(HF, i, (at(HF, i) * gain) >> 15);
}

/** Gain of the high band from the tilt of the low one. */
function tiltGain(silent: bool): i32 {
  const power = sat32((dot64(SYNTH, SYNTH, L_SUBFR) << 1) + 1);
  let sum = 1;
  for (let i = 1; i < L_SUBFR; i += 1) sum = L_mac(sum, at(SYNTH, i), at(SYNTH, i - 1));
  const shift = norm_l(power);
  const correlation = hi(sum << shift);
  const tilt = correlation > 0 ? div_s(correlation, hi(power << shift)) : 0;
  const gain = 32767 - tilt;
  return max(silent ? shl(mult(gain, 20480), 1) : gain, 3277);
}

/**
 * @param Q scaling of exc, which is spoilt. @param out 80 samples. @param gainIndex of the high band at 23.85 kbit/s
 * @param hfIsf frequencies for the extrapolation at 6.60 kbit/s. @param silent the encoder's voice activity flag was off lately
 */
export function synthesis(a: usize, exc: usize, Q: i32, out: usize, gainIndex: i32, hfIsf: usize, mode: i32, speech: bool, bfi: bool, silent: bool): void {
  copy(HIGH, MEM_HIGH, M);
  copy(LOW, MEM_LOW, M);
  Syn_filt_32(a, exc, Q, ref(HIGH, M), ref(LOW, M), L_SUBFR);
  copy(MEM_HIGH, ref(HIGH, L_SUBFR), M);
  copy(MEM_LOW, ref(LOW, L_SUBFR), M);
  deemphasis();
  highpass_50Hz(SYNTH, L_SUBFR, MEM_50, false);
  oversample(out);
  highBandNoise(exc, Q);
  highpass_400Hz(SYNTH, L_SUBFR, MEM_400);
  const tilt = tiltGain(silent);
  const sent = mode >= MODE_24k && !bfi;
  const gain = sent ? at(HP_GAIN, gainIndex & 15) : tilt;
  for (let i = 0; i < L_SUBFR16k; i += 1) put(HF, i, sent ? mult(at(HF, i), gain) << 1 : mult(at(HF, i), gain));
  if (mode == MODE_7k && speech) {
    isf_extrapolation(hfIsf);
    Isp_Az(hfIsf, HF_A, M16k, false);
    weight_lpc(HF_A, AP, 29491, M16k);
    wb_syn_filt(AP, M16k, HF, HF, L_SUBFR16k, MEM_SYN_HF, true);
  } else {
    weight_lpc(a, AP, 19661, M);
    wb_syn_filt(AP, M, HF, HF, L_SUBFR16k, ref(MEM_SYN_HF, M16k - M), true);
  }
  fir31(HF, L_SUBFR16k, MEM_HF, TAPS_6K_7K, 2);
  if (mode >= MODE_24k) fir31(HF, L_SUBFR16k, MEM_HF3, TAPS_7K, 0);
  for (let i = 0; i < L_SUBFR16k; i += 1) put(out, i, sat(at(out, i) + at(HF, i)));
}
