/** AMR narrowband decoder: parameters to speech (TS 26.090 §6, error concealment TS 26.091). */
import { at, copy, energy, L_mac, L_shl, L_shr, put, ref, shl, zero } from '../amr/basic-op';
import { L_mult, mult, round, sat } from '../amr/called-op';
import {
  background_reset, Bgn_scd, Cb_gain_average, Ex_ctrl, inBackgroundNoise, lsp_avg, rememberExcitationEnergy, rememberPitchGain, voicedHangover,
} from './background';
import { PRM } from './bits';
import { decodeCodebook } from './codebook-decode';
import {
  DTX, dtx_dec, dtx_dec_activity_update, dtx_dec_reset, DTX_MUTE, dtxGlobalState, RX_NO_DATA, RX_ONSET, RX_SPEECH_BAD, RX_SPEECH_DEGRADED,
  rx_dtx_handler, setDtxGlobalState, SPEECH,
} from './dtx-decode';
import { Syn_filt } from './filter';
import { L_INTERPOL, L_SUBFR, M, MP1, MR102, MR122, MR475, MR515, MR59, MR67, MR795, PIT_MAX, PIT_MIN, SHARPMAX } from './frame';
import {
  d_gain_code, d_gain_pitch, Dec_gain, ec_gain_code, ec_gain_code_update, ec_gain_pitch, ec_gain_pitch_update, ec_gain_reset, gainCode, gainPitch,
  limitGainPitch,
} from './gain-decode';
import { gc_pred_reset } from './gain-predictor';
import { Dec_lag3, Dec_lag6, lagFraction, Pred_lt_3or6 } from './long-term-prediction';
import { D_plsf_3, D_plsf_5, D_plsf_reset, PAST_LSF_Q } from './lsf-decode';
import { Int_lpc_1and3, Int_lpc_1to3, Lsf_lsp } from './lsp';
import { build_CN_param, no_data_reset } from './noise';
import { ph_disp, ph_disp_reset } from './phase-dispersion';
import { agc2, Post_Filter, post_filter_reset, Post_Process } from './post-filter';
import { sqrt_l_exp, sqrtExponent } from './square-root';
import { LSP_INIT_DATA } from './tables';

const HISTORY: i32 = PIT_MAX + L_INTERPOL;
const OLD_EXC: usize = memory.data(448, 16);
const MEM_SYN: usize = memory.data(32, 16);
const LSP_OLD: usize = memory.data(32, 16);
const LSP_MID: usize = memory.data(32, 16);
const LSP_NEW: usize = memory.data(32, 16);
const PREV_LSF: usize = memory.data(32, 16);
const LSF_I: usize = memory.data(32, 16);
const A_T: usize = memory.data(96, 16);
const CODE: usize = memory.data(80, 16);
const EXCP: usize = memory.data(80, 16);
const EXC_ENHANCED: usize = memory.data(80, 16);

let sharp: i32 = 0;
let oldT0: i32 = 40;
let lagBuffer: i32 = 40;
let channelState: i32 = 0;
let previousBad: bool = false;
let previousDegraded: bool = false;
let previousMode: i32 = MR475;

/** @param full false: what comfort noise leaves alone stays */
function resetSpeech(full: bool): void {
  zero(OLD_EXC, HISTORY);
  sharp = 0;
  oldT0 = 40;
  lagBuffer = 40;
  channelState = 0;
  previousBad = false;
  previousDegraded = false;
  background_reset(full);
  D_plsf_reset();
  ec_gain_reset();
  no_data_reset();
  ph_disp_reset();
  if (full) {
    zero(MEM_SYN, M);
    copy(LSP_OLD, LSP_INIT_DATA, M);
    gc_pred_reset();
    dtx_dec_reset();
  }
}

export function decoder_reset(): void {
  resetSpeech(true);
  post_filter_reset();
  previousMode = MR475;
}

/** Counts bad frames, 0..6 (TS 26.091 §6.2.1). */
function updateChannelState(bfi: bool): void {
  if (bfi) channelState = min(channelState + 1, 6);
  else channelState = channelState == 6 ? 5 : 0;
  if (dtxGlobalState == DTX) {
    channelState = 5;
    previousBad = false;
  } else if (dtxGlobalState == DTX_MUTE) {
    channelState = 5;
    previousBad = true;
  }
}

// @ts-ignore: decorator
@inline
function lowest(mode: i32): bool {
  return mode == MR475 || mode == MR515 || mode == MR59;
}

/** Decodes the lag and fills exc with the adaptive codevector. @returns T0 */
function adaptiveCodebook(mode: i32, index: i32, wide: bool, bfi: bool, previous: i32, exc: usize): i32 {
  let T0: i32;
  if (mode == MR122) {
    T0 = Dec_lag6(index, wide, previous);
    let fraction = lagFraction;
    if (bfi || !(wide || index < 61)) {
      lagBuffer = T0;
      T0 = oldT0;
      fraction = 0;
    }
    Pred_lt_3or6(exc, T0, fraction, L_SUBFR, false);
    return T0;
  }
  const range = mode == MR795 ? 19 : 9;
  let t0Min = max(oldT0 - (mode == MR795 ? 10 : 5), PIT_MIN);
  let t0Max = t0Min + range;
  if (t0Max > PIT_MAX) {
    t0Max = PIT_MAX;
    t0Min = t0Max - range;
  }
  T0 = Dec_lag3(index, t0Min, t0Max, wide, oldT0, mode <= MR67);
  let fraction = lagFraction;
  lagBuffer = T0;
  if (bfi) {
    if (oldT0 < PIT_MAX) oldT0 += 1;
    T0 = inBackgroundNoise && voicedHangover > 4 && lowest(mode) ? lagBuffer : oldT0;
    fraction = 0;
  }
  Pred_lt_3or6(exc, T0, fraction, L_SUBFR, true);
  return T0;
}

function pitchGain(mode: i32, index: i32, bfi: bool): void {
  if (bfi) ec_gain_pitch(channelState);
  else d_gain_pitch(mode, index);
  ec_gain_pitch_update(bfi, previousBad);
}

/** Interpolated frequencies of a subframe. */
function Int_lsf(subframe: i32): void {
  for (let i = 0; i < M; i += 1) {
    const old = at(PREV_LSF, i);
    const last = at(PAST_LSF_Q, i);
    let f = last;
    if (subframe == 0) f = old - (old >> 2) + (last >> 2);
    else if (subframe == 1) f = (old >> 1) + (last >> 1);
    else if (subframe == 2) f = (old >> 2) + last - (last >> 2);
    put(LSF_I, i, f);
  }
}

/** Energy of the excitation, as Ex_ctrl compares it. */
function excitationEnergy(): i32 {
  const root = sqrt_l_exp(energy(EXC_ENHANCED, L_SUBFR) >> 1);
  return L_shr(root, (sqrtExponent >> 1) + 15) >> 2;
}

let parameter: usize = 0;

// @ts-ignore: decorator
@inline
function next(): i32 {
  const value = load<i16>(parameter);
  parameter += 2;
  return value;
}

function decodeSubframe(mode: i32, subframe: i32, bfi: bool, degraded: bool, previousT0: i32, az: usize, synth: usize): i32 {
  const exc = ref(OLD_EXC, HISTORY);
  const wide = subframe == 0 || (subframe == 2 && mode != MR475 && mode != MR515);
  const T0 = adaptiveCodebook(mode, next(), wide, bfi, previousT0, exc);
  let sharpening = shl(sharp, 1);
  if (mode == MR122) {
    pitchGain(mode, next(), bfi);
    sharpening = shl(gainPitch, 1);
  }
  parameter = ref(parameter, decodeCodebook(mode, subframe, parameter, CODE));
  for (let i = T0; i < L_SUBFR; i += 1) put(CODE, i, sat(at(CODE, i) + mult(at(CODE, i - T0), sharpening)));

  if (mode == MR122 || mode == MR795) {
    if (mode == MR795) pitchGain(mode, next(), bfi);
    const index = next();
    if (bfi) ec_gain_code(channelState);
    else d_gain_code(mode, index, CODE);
  } else {
    // 4.75 kbit/s has one index for two subframes.
    const even = (subframe & 1) == 0;
    const index = mode == MR475 && !even ? load<i16>(pairIndex) : next();
    if (mode == MR475 && even) pairIndex = parameter - 2;
    if (bfi) {
      ec_gain_pitch(channelState);
      ec_gain_code(channelState);
    } else {
      Dec_gain(mode, index, CODE, even);
    }
    ec_gain_pitch_update(bfi, previousBad);
  }
  ec_gain_code_update(bfi, previousBad);
  let emphasis = mode == MR122 ? gainPitch : min(gainPitch, SHARPMAX);
  if (mode == MR102 && oldT0 > L_SUBFR + 5) emphasis >>= 2;
  if (mode != MR475 || (subframe & 1) == 1) sharp = min(gainPitch, SHARPMAX);

  emphasis = shl(emphasis, 1);
  if (emphasis > 16384) {
    for (let i = 0; i < L_SUBFR; i += 1) {
      let sum = L_mult(mult(at(exc, i), emphasis), gainPitch);
      if (mode == MR122) sum >>= 1;
      put(EXCP, i, round(sum));
    }
  }
  if (!bfi) rememberPitchGain(gainPitch);
  const damaged = bfi || previousBad;
  if (damaged && inBackgroundNoise && lowest(mode)) limitGainPitch();
  Int_lsf(subframe);
  let codeGain = Cb_gain_average(mode, gainCode, LSF_I, damaged, degraded && previousDegraded);
  if (mode > MR67 && mode != MR102) codeGain = gainCode;

  const pitchFactor = mode == MR122 ? gainPitch >> 1 : gainPitch;
  const shift = mode == MR122 ? 2 : 1;
  copy(EXC_ENHANCED, exc, L_SUBFR);
  for (let i = 0; i < L_SUBFR; i += 1) {
    put(exc, i, round(L_shl(L_mac(L_mult(at(exc, i), pitchFactor), at(CODE, i), gainCode), shift)));
  }
  const lock = lowest(mode) && voicedHangover > 3 && inBackgroundNoise && bfi;
  ph_disp(mode, EXC_ENHANCED, codeGain, gainPitch, CODE, pitchFactor, shift, lock);
  const excEnergy = excitationEnergy();
  if (lowest(mode) && voicedHangover > 5 && inBackgroundNoise && channelState < 4 && ((degraded && previousDegraded) || damaged)) {
    Ex_ctrl(EXC_ENHANCED, excEnergy, previousBad, degraded && !bfi);
  }
  if (!(inBackgroundNoise && damaged && channelState < 4)) rememberExcitationEnergy(excEnergy);
  if (emphasis > 16384) {
    for (let i = 0; i < L_SUBFR; i += 1) put(EXCP, i, sat(at(EXCP, i) + at(EXC_ENHANCED, i)));
    agc2(EXC_ENHANCED, EXCP);
    Syn_filt(az, EXCP, synth, L_SUBFR, MEM_SYN, true);
  } else {
    Syn_filt(az, EXC_ENHANCED, synth, L_SUBFR, MEM_SYN, true);
  }
  memory.copy(OLD_EXC, ref(OLD_EXC, L_SUBFR), (<usize>HISTORY) << 1);
  return T0;
}

let pairIndex: usize = PRM;

function decodeSpeech(mode: i32, type: i32, synth: usize): void {
  const bfi = type == RX_SPEECH_BAD || type == RX_NO_DATA || type == RX_ONSET;
  const degraded = type == RX_SPEECH_DEGRADED;
  if (type == RX_NO_DATA || type == RX_ONSET) build_CN_param(mode);
  updateChannelState(bfi);
  copy(PREV_LSF, PAST_LSF_Q, M);
  parameter = PRM;
  if (mode == MR122) {
    D_plsf_5(bfi, PRM, LSP_MID, LSP_NEW);
    parameter = ref(PRM, 5);
    Int_lpc_1and3(LSP_OLD, LSP_MID, LSP_NEW, A_T, true);
  } else {
    D_plsf_3(mode, bfi, PRM, LSP_NEW);
    parameter = ref(PRM, 3);
    Int_lpc_1to3(LSP_OLD, LSP_NEW, A_T, true);
  }
  copy(LSP_OLD, LSP_NEW, M);
  let T0 = oldT0;
  for (let i = 0; i < 4; i += 1) {
    T0 = decodeSubframe(mode, i, bfi, degraded, T0, ref(A_T, i * MP1), ref(synth, i * L_SUBFR));
    oldT0 = T0;
  }
  Bgn_scd(synth);
  dtx_dec_activity_update(PAST_LSF_Q, synth);
  previousBad = bfi;
  previousDegraded = degraded;
}

/** Decodes the parameters in PRM. @param mode 0..7, or -1: the one of the last frame. @param type RX_... @param synth 160 samples */
export function decodeFrame(mode: i32, type: i32, synth: usize): void {
  const m = mode < 0 ? previousMode : mode;
  previousMode = m;
  const state = rx_dtx_handler(type);
  if (state == SPEECH) {
    decodeSpeech(m, type, synth);
  } else {
    resetSpeech(false);
    dtx_dec(MEM_SYN, state, m, PRM, synth, A_T);
    Lsf_lsp(PAST_LSF_Q, LSP_OLD);
  }
  lsp_avg(PAST_LSF_Q);
  setDtxGlobalState(state);
  Post_Filter(m, synth, A_T);
  Post_Process(synth);
}
