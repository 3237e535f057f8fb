/** Background noise: detection, and what it does to gain and excitation of damaged frames (TS 26.091 §6.2.3, reference's bgnscd, c_g_aver, ex_ctrl). */
import { at, copy, div_s, energy, L_mac, L_msu, L_shl, put, shl, shr, zero } from '../amr/basic-op';
import { abs_s, L_mult, norm_s, round, sat } from '../amr/called-op';
import { L_FRAME, L_SUBFR, M, MR102, MR475, MR515, MR59, MR67 } from './frame';
import { gmed_n } from '../amr/median';
import { MEAN_LSF_5 } from './tables';

const L_ENERGYHIST: i32 = 60;
const LOWERNOISELIMIT: i32 = 20;
const UPPERNOISELIMIT: i32 = 1953;
const FRAMEENERGYLIMIT: i32 = 17578;

const FRAME_ENERGY: usize = memory.data(128, 16);
const GAIN_HISTORY: usize = memory.data(16, 16);
const LTP_GAINS: usize = memory.data(32, 16);
const EXC_ENERGY: usize = memory.data(32, 16);
/** Long-term mean of the line spectral frequencies. */
const LSP_MEAN: usize = memory.data(32, 16);

export let inBackgroundNoise: bool = false;
export let voicedHangover: i32 = 0;
let bgHangover: i32 = 0;
let hangVar: i32 = 0;
let hangCount: i32 = 0;

/** @param full false keeps what comfort noise does not disturb */
export function background_reset(full: bool): void {
  inBackgroundNoise = false;
  voicedHangover = 0;
  bgHangover = 0;
  hangVar = 0;
  hangCount = 0;
  zero(FRAME_ENERGY, L_ENERGYHIST);
  zero(GAIN_HISTORY, 7);
  zero(LTP_GAINS, 9);
  if (full) {
    zero(EXC_ENERGY, 9);
    copy(LSP_MEAN, MEAN_LSF_5, M);
  }
}

export function afterComfortNoise(): void {
  hangVar = 20;
  hangCount = 0;
}

function shift(history: usize, count: i32, value: i32): void {
  memory.copy(history, history + 2, (<usize>(count - 1)) << 1);
  put(history, count - 1, value);
}

export function rememberPitchGain(gain: i32): void {
  shift(LTP_GAINS, 9, gain);
}

export function rememberExcitationEnergy(value: i32): void {
  shift(EXC_ENERGY, 9, value);
}

export function lsp_avg(lsf: usize): void {
  for (let i = 0; i < M; i += 1) {
    const mean = at(LSP_MEAN, i);
    put(LSP_MEAN, i, round(L_mac(L_msu(mean << 16, 5243, mean), 5243, at(lsf, i))));
  }
}

function longestOf(from: i32, to: i32): i32 {
  let most = at(FRAME_ENERGY, from);
  for (let i = from + 1; i < to; i += 1) most = max(most, at(FRAME_ENERGY, i));
  return most;
}

/** Decides after a frame of speech whether we are in background noise. */
export function Bgn_scd(speech: usize): void {
  const sum = energy(speech, L_FRAME);
  const current = sum > 0x1fffffff ? 32767 : sum >> 14;
  let least = 32767;
  for (let i = 0; i < L_ENERGYHIST; i += 1) least = min(least, at(FRAME_ENERGY, i));
  const noiseFloor = shl(least, 4);
  const most = longestOf(0, L_ENERGYHIST - 4);
  const mostOfLate = longestOf(40, L_ENERGYHIST);
  if (most > LOWERNOISELIMIT && current < FRAMEENERGYLIMIT && current > LOWERNOISELIMIT
    && (current < noiseFloor || mostOfLate < UPPERNOISELIMIT)) {
    bgHangover = min(bgHangover + 1, 30);
  } else {
    bgHangover = 0;
  }
  inBackgroundNoise = bgHangover > 1;
  shift(FRAME_ENERGY, L_ENERGYHIST, current);
  const limit = bgHangover > 15 ? 16383 : bgHangover > 8 ? 15565 : 13926;
  const voiced = bgHangover > 20 ? gmed_n(LTP_GAINS, 9) > limit : gmed_n(LTP_GAINS + 8, 5) > limit;
  voicedHangover = voiced ? 0 : min(voicedHangover + 1, 10);
}

// @ts-ignore: decorator
@inline
function lowest(mode: i32): bool {
  return mode == MR475 || mode == MR515 || mode == MR59;
}

/** Smoothed codebook gain for the signal that is played. @param damaged this or the last frame was bad; @param degraded the last two were degraded */
export function Cb_gain_average(mode: i32, gainCode: i32, lsf: usize, damaged: bool, degraded: bool): i32 {
  shift(GAIN_HISTORY, 7, gainCode);
  let difference = 0;
  for (let i = 0; i < M; i += 1) {
    const mean = at(LSP_MEAN, i);
    const distance = abs_s(sat(mean - at(lsf, i)));
    const shift1 = norm_s(distance) - 1;
    const shift2 = norm_s(mean);
    const ratio = div_s(shl(distance, shift1), shl(mean, shift2));
    difference = sat(difference + shr(ratio, 2 + shift1 - shift2));
  }
  hangVar = difference > 5325 ? min(hangVar + 1, 32000) : 0;
  if (hangVar > 10) hangCount = 0;
  let mixed = gainCode;
  if (mode <= MR67 || mode == MR102) {
    const noisy = inBackgroundNoise && lowest(mode);
    const over = max(difference - ((degraded || damaged) && voicedHangover > 1 && noisy ? 4506 : 3277), 0);
    let mix = over > 2048 ? 8192 : over << 2;
    if (hangCount < 40 || difference > 5325) mix = 8192;
    let sum = 0;
    for (let i = 2; i < 7; i += 1) sum = L_mac(sum, 6554, at(GAIN_HISTORY, i));
    let mean = round(sum);
    if (damaged && noisy) {
      sum = 0;
      for (let i = 0; i < 7; i += 1) sum = L_mac(sum, 4681, at(GAIN_HISTORY, i));
      mean = round(sum);
    }
    mixed = round(L_shl(L_msu(L_mac(L_mult(mix, gainCode), 8192, mean), mix, mean), 2));
  }
  hangCount = min(hangCount + 1, 32000);
  return mixed;
}

/** Holds the energy of a damaged subframe's excitation to its past. */
export function Ex_ctrl(excitation: usize, excEnergy: i32, previousBad: bool, careful: bool): void {
  let average = gmed_n(EXC_ENERGY, 9);
  const previous = min(at(EXC_ENERGY, 8), (at(EXC_ENERGY, 7) + at(EXC_ENERGY, 8)) >> 1);
  if (excEnergy >= average || excEnergy <= 5) return;
  let limit = shl(previous, 2);
  if (voicedHangover < 7 || previousBad) limit = sat(limit - previous);
  average = min(average, limit);
  const exponent = norm_s(excEnergy);
  let scale = L_shl(L_mult(average, div_s(16383, shl(excEnergy, exponent))), exponent - 20);
  scale = min(scale, careful ? 3072 : 32767);
  for (let i = 0; i < L_SUBFR; i += 1) put(excitation, i, L_mult(scale, at(excitation, i)) >> 11);
}
