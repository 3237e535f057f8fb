/** AMR-WB decoder: parameters to speech (TS 26.190 §6, error concealment TS 26.191). */
import { at, copy, hi, L_add, L_mac, L_msu, L_mult, L_shl, mult, norm_l, norm_s, put, ref, round, sat, shl, zero, div_s, L_shr } from '../amr/basic-op';
import { Serial_parm } from './bits';
import { decodeCodebook } from './codebook-decode';
import {
  DTX, dtx_dec, dtx_dec_activity_update, dtx_dec_reset, DTX_MUTE, dtxGlobalState, RX_NO_DATA, RX_SPEECH_BAD, RX_SPEECH_LOST, rx_dtx_handler,
  setDtxGlobalState, SPEECH,
} from './dtx-decode';
import { L_FRAME, L_INTERPOL, L_SUBFR, L_SUBFR16k, M, MODE_24k, MODE_7k, MODE_9k, MP1, PIT_FR1_8b, PIT_FR1_9b, PIT_FR2, PIT_MAX, PIT_MIN, PIT_SHARP, Q_MAX } from './frame';
import { dec_gain2, dec_gain2_reset, gainCode, gainPitch } from './gain-decode';
import { Dpisf_2s, isf_decode_reset } from './isf-decode';
import { interpolate_isp, Isf_isp, Isp_Az } from './isp';
import { lag_reset, lagconceal, rememberLag } from './lag-concealment';
import { Pred_lt4 } from './long-term-prediction';
import { noise_gen, noise_reset, SEED_CODE } from './noise';
import { exponent, fxp_mul32_by_16, one_ov_sqrt_norm } from './operators';
import { phase_dispersion, phase_dispersion_reset } from './phase-dispersion';
import { clearHighBandTail, synthesis, synthesis_reset } from './synthesis';
import { voice_factor } from './voice-factor';
import { stability } from './stability';
import { INTERPOL_FRAC, ISF_INIT, ISP_INIT } from './tables';

const HISTORY: i32 = PIT_MAX + L_INTERPOL;
/** Excitation of the past and the frame, and the sample that interpolation makes beyond it. */
const OLD_EXC: usize = memory.data(1040, 16);
const EXC2: usize = memory.data(512, 16);
const EXCP: usize = memory.data(128, 16);
const CODE: usize = memory.data(128, 16);
const ISF: usize = memory.data(48, 16);
const ISF_OLD: usize = memory.data(32, 16);
const ISF_BEFORE: usize = memory.data(32, 16);
const HF_ISF: usize = memory.data(48, 16);
const ISP: usize = memory.data(32, 16);
const ISP_OLD: usize = memory.data(32, 16);
const AQ: usize = memory.data(144, 16);
const Q_SUBFR: usize = memory.data(16, 16);

let oldT0: i32 = 64;
let firstFrame: bool = true;
let gcThreshold: i32 = 0;
let tiltCode: i32 = 0;
let oldQ: i32 = Q_MAX;
let newQ: i32 = 0;
let channelState: i32 = 0;
let previousBad: bool = false;
let vadHistory: i32 = 0;
let T0: i32 = 0;
let T0Fraction: i32 = 0;
let T0Min: i32 = 0;

/** @param full false: what comfort noise leaves alone stays */
function reset(full: bool): void {
  zero(OLD_EXC, HISTORY);
  isf_decode_reset(full);
  oldT0 = 64;
  firstFrame = true;
  gcThreshold = 0;
  tiltCode = 0;
  phase_dispersion_reset();
  oldQ = Q_MAX;
  for (let i = 0; i < 4; i += 1) put(Q_SUBFR, i, Q_MAX);
  if (!full) return;
  dec_gain2_reset();
  synthesis_reset();
  lag_reset();
  noise_reset();
  copy(ISP_OLD, ISP_INIT, M);
  copy(ISF_OLD, ISF_INIT, M);
  dtx_dec_reset();
  channelState = 0;
  previousBad = false;
  vadHistory = 0;
}

export function decoder_reset(): void {
  reset(true);
}

/** Frequencies of a subframe, for the high band. */
function interpolateHighBand(subframe: i32): void {
  const weight = at(INTERPOL_FRAC, subframe);
  for (let i = 0; i < M; i += 1) put(HF_ISF, i, round(L_mac(L_mult(at(ISF_BEFORE, i), 32767 - weight), at(ISF, i), weight)));
}

function decodeSilence(state: i32, mode: i32, out: usize, bfi: bool): void {
  Isf_isp(ISF, ISP, M);
  Isp_Az(ISP, AQ, M, true);
  copy(ISF_BEFORE, ISF_OLD, M);
  for (let i = 0; i < 4; i += 1) {
    interpolateHighBand(i);
    synthesis(AQ, ref(EXC2, i * L_SUBFR), 0, ref(out, i * L_SUBFR16k), 1, HF_ISF, mode, state == SPEECH, bfi, vadHistory > 0);
  }
  reset(false);
  copy(ISF_OLD, ISF, M);
}

function decodeLag(mode: i32, wide: bool): void {
  const short = mode <= MODE_9k;
  if (!wide) {
    const index = Serial_parm(short ? 5 : 6);
    T0 = T0Min + (short ? index >> 1 : index >> 2);
    T0Fraction = short ? (index & 1) << 1 : index & 3;
    return;
  }
  let index = Serial_parm(short ? 8 : 9);
  if (short) {
    if (index < (PIT_FR1_8b - PIT_MIN) * 2) {
      T0 = PIT_MIN + (index >> 1);
      T0Fraction = (index & 1) << 1;
    } else {
      T0 = index + PIT_FR1_8b - (PIT_FR1_8b - PIT_MIN) * 2;
      T0Fraction = 0;
    }
  } else if (index < (PIT_FR2 - PIT_MIN) * 4) {
    T0 = PIT_MIN + (index >> 2);
    T0Fraction = index & 3;
  } else if (index < (PIT_FR2 - PIT_MIN) * 4 + (PIT_FR1_9b - PIT_FR2) * 2) {
    index -= (PIT_FR2 - PIT_MIN) << 2;
    T0 = PIT_FR2 + (index >> 1);
    T0Fraction = (index & 1) << 1;
  } else {
    T0 = index + PIT_FR1_9b - (PIT_FR2 - PIT_MIN) * 4 - (PIT_FR1_9b - PIT_FR2) * 2;
    T0Fraction = 0;
  }
  T0Min = max(T0 - 8, PIT_MIN);
  if (T0Min + 15 > PIT_MAX) T0Min = PIT_MAX - 15;
}

/** Smooths the adaptive codevector at low frequencies. */
function lowPass(exc: usize): void {
  for (let i = 0; i < L_SUBFR; i += 1) put(CODE, i, round(((at(exc, i - 1) + at(exc, i + 1)) * 5898 + at(exc, i) * 20972) << 1));
  copy(exc, CODE, L_SUBFR);
}

function shapeCode(): void {
  for (let i = L_SUBFR - 1; i > 0; i -= 1) put(CODE, i, round(L_msu(at(CODE, i) << 16, at(CODE, i - 1), tiltCode)));
  for (let i = T0Fraction > 2 ? T0 + 1 : T0; i < L_SUBFR; i += 1) put(CODE, i, round(L_mac(at(CODE, i) << 16, at(CODE, i - (T0Fraction > 2 ? T0 + 1 : T0)), PIT_SHARP)));
}

function scale_signal(x: usize, count: i32, shift: i32): void {
  if (shift > 0) {
    for (let i = 0; i < count; i += 1) put(x, i, round(L_shl(at(x, i) << 16, shift)));
  } else if (shift < 0) {
    const n = -shift & 15;
    const half = 0x8000 >> (16 - n);
    for (let i = 0; i < count; i += 1) put(x, i, sat(at(x, i) + half) >> n);
  }
}

/** Scales the past excitation so that it and the code fit. @returns the code's gain in that scale */
function rescale(offset: i32): i32 {
  let most = at(Q_SUBFR, 0);
  for (let i = 1; i < 4; i += 1) most = min(most, at(Q_SUBFR, i));
  most = min(most, Q_MAX);
  newQ = 0;
  let gain = gainCode;
  while (gain < 0x08000000 && newQ < most) {
    gain <<= 1;
    newQ += 1;
  }
  scale_signal(ref(OLD_EXC, offset), HISTORY + L_SUBFR, newQ - oldQ);
  oldQ = newQ;
  return round(gain);
}

/** The excitation, and how much headroom it leaves. */
function addCode(exc: usize, gain: i32): void {
  let most = 1;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = round(L_shl(L_mac(L_shl(L_mult(at(CODE, i), gain), 5), at(exc, i), gainPitch), 1));
    put(exc, i, x);
    const y = x - <i32>(x < 0);
    most |= y ^ (y >> 15);
  }
  for (let i = 3; i > 0; i -= 1) put(Q_SUBFR, i, at(Q_SUBFR, i - 1));
  put(Q_SUBFR, 0, norm_s(most) + newQ - 1);
}

/** Smoothed gain of the code: steadier noise in steady, unvoiced speech (TS 26.190 §6.1, noise enhancer). */
function enhancedGain(steady: i32, voicing: i32): i32 {
  const factor = mult(steady, 16384 - (voicing >> 1));
  let x = gainCode;
  if (x < gcThreshold) {
    x = min(x + (fxp_mul32_by_16(gainCode, 6226) << 1), gcThreshold);
  } else {
    x = max(fxp_mul32_by_16(gainCode, 27536) << 1, gcThreshold);
  }
  gcThreshold = x;
  const mixed = L_add(fxp_mul32_by_16(gainCode, 32767 - factor) << 1, fxp_mul32_by_16(x, factor) << 1);
  return round(L_shl(mixed, newQ));
}

/** Pitch enhancer: the code loses low frequencies where the speech is voiced. Adds it to exc2. */
function enhancePitch(exc2: usize, gain: i32, voicing: i32): void {
  const weight = (voicing >> 3) + 4096;
  for (let i = 0; i < L_SUBFR; i += 1) {
    const neighbours = (i > 0 ? at(CODE, i - 1) : 0) + (i < L_SUBFR - 1 ? at(CODE, i + 1) : 0);
    const filtered = round(L_msu(at(CODE, i) << 16, neighbours, weight));
    put(exc2, i, round(L_shl(L_mac(L_shl(L_mult(filtered, gain), 5), at(exc2, i), gainPitch), 1)));
  }
}

function quarterEnergy(x: usize): i32 {
  let sum = 0;
  for (let i = 0; i < L_SUBFR; i += 1) sum = L_mac(sum, at(x, i) >> 2, at(x, i) >> 2);
  return sum;
}

/** Gives `signal` the energy of `reference`. */
function agc2(reference: usize, signal: usize): void {
  let sum = quarterEnergy(signal);
  if (sum == 0) return;
  let power = norm_l(sum) - 1;
  const out = round(L_shl(sum, power));
  sum = quarterEnergy(reference);
  let gain = 0;
  if (sum != 0) {
    const shift = norm_l(sum);
    power -= shift;
    const ratio = L_shr(L_shl(div_s(out, round(sum << shift)), 7), power);
    const normal = norm_l(ratio);
    const inverse = one_ov_sqrt_norm(ratio << normal, 31 - normal);
    gain = round(L_shl(L_shl(inverse, exponent), 9));
  }
  for (let i = 0; i < L_SUBFR; i += 1) put(signal, i, hi(L_shl(at(signal, i) * gain, 3)));
}

function decodeSubframe(mode: i32, subframe: i32, bfi: bool, unusable: bool, steady: i32, out: usize): void {
  const offset = subframe * L_SUBFR;
  const exc = ref(OLD_EXC, HISTORY + offset);
  decodeLag(mode, subframe == 0 || (subframe == 2 && mode != MODE_7k));
  if (bfi) {
    T0 = lagconceal(T0, oldT0, unusable);
    T0Fraction = 0;
  }
  Pred_lt4(exc, T0, T0Fraction, L_SUBFR + 1);
  const low = mode <= MODE_9k;
  const select = unusable || (!low && Serial_parm(1) != 0);
  if (!select) lowPass(exc);
  if (unusable) for (let i = 0; i < L_SUBFR; i += 1) put(CODE, i, noise_gen(SEED_CODE) >> 3);
  else decodeCodebook(mode, CODE);
  shapeCode();
  dec_gain2(Serial_parm(low ? 6 : 7), low, CODE, bfi, previousBad, channelState, unusable, vadHistory);
  const gain = rescale(offset);
  if (!bfi) {
    rememberLag(T0);
    oldT0 = T0;
  }
  for (let i = 0; i < L_SUBFR; i += 1) put(EXC2, i, sat(at(exc, i) + 4) >> 3);
  const sharpening = low ? shl(gainPitch, 1) : 0;
  if (sharpening > 16384) {
    for (let i = 0; i < L_SUBFR; i += 1) put(EXCP, i, round(L_mult(mult(at(EXC2, i), sharpening), gainPitch) >> 1));
  }
  const voicing = voice_factor(EXC2, -3, gainPitch, CODE, gain);
  tiltCode = (voicing >> 2) + 8192;
  copy(EXC2, exc, L_SUBFR);
  addCode(exc, gain);
  phase_dispersion(hi(gainCode), gainPitch, CODE, mode == MODE_7k ? 0 : mode == MODE_9k ? 1 : 2);
  enhancePitch(EXC2, enhancedGain(steady, voicing), voicing);
  if (sharpening > 16384) {
    for (let i = 0; i < L_SUBFR; i += 1) put(EXCP, i, sat(at(EXCP, i) + at(EXC2, i)));
    agc2(EXC2, EXCP);
    copy(EXC2, EXCP, L_SUBFR);
  }
  if (mode == MODE_7k) interpolateHighBand(subframe);
  else clearHighBandTail();
  const highGain = mode >= MODE_24k ? Serial_parm(4) : 0;
  synthesis(ref(AQ, subframe * MP1), EXC2, newQ, ref(out, subframe * L_SUBFR16k), highGain, HF_ISF, mode, true, bfi, vadHistory > 0);
}

function decodeSpeech(mode: i32, bfi: bool, unusable: bool, out: usize): void {
  const active = Serial_parm(1) != 0;
  if (!bfi) vadHistory = active ? 0 : min(vadHistory + 1, 32767);
  Dpisf_2s(mode, bfi, ISF, ISF_OLD);
  Isf_isp(ISF, ISP, M);
  if (firstFrame) {
    firstFrame = false;
    copy(ISP_OLD, ISP, M);
  }
  interpolate_isp(ISP_OLD, ISP, AQ);
  copy(ISP_OLD, ISP, M);
  const steady = stability(ISF, ISF_OLD);
  copy(ISF_BEFORE, ISF_OLD, M);
  copy(ISF_OLD, ISF, M);
  for (let i = 0; i < 4; i += 1) decodeSubframe(mode, i, bfi, unusable, steady, out);
  memory.copy(OLD_EXC, ref(OLD_EXC, L_FRAME), (<usize>HISTORY) << 1);
  // What is left of the frame is scaled for its energy only.
  const exc = ref(OLD_EXC, HISTORY);
  scale_signal(exc, L_FRAME, -newQ);
  dtx_dec_activity_update(ISF, exc);
}

/** Decodes the frame whose bits are unpacked. @param type RX_... @param out 320 samples */
export function decodeFrame(mode: i32, type: i32, out: usize): void {
  const state = rx_dtx_handler(type);
  if (state != SPEECH) dtx_dec(EXC2, state, ISF);
  const unusable = type == RX_NO_DATA || type == RX_SPEECH_LOST;
  const bfi = unusable || type == RX_SPEECH_BAD;
  channelState = bfi ? min(channelState + 1, 6) : channelState >> 1;
  if (dtxGlobalState == DTX) {
    channelState = 5;
    previousBad = false;
  } else if (dtxGlobalState == DTX_MUTE) {
    channelState = 5;
    previousBad = true;
  }
  if (state == SPEECH) decodeSpeech(mode, bfi, unusable, out);
  else decodeSilence(state, mode, out, bfi);
  previousBad = bfi;
  setDtxGlobalState(state);
}
