/** Comfort noise and the receiver's DTX states (TS 26.092, TS 26.093). */
import { at, copy, div_s, energy, hi, L_add, L_mac, L_msu, L_shl, L_shr_r, L_sub, MAX_32, put, ref, shl, word, zero } from '../amr/basic-op';
import { abs_s, L_mult, mult, norm_l, round, sat } from '../amr/called-op';
import { Log2, logFraction, Pow2 } from '../amr/math-op';
import { afterComfortNoise } from './background';
import { Syn_filt } from './filter';
import { L_FRAME, L_SUBFR, M, MP1, MRDTX } from './frame';
import { setPastEnergies } from './gain-predictor';
import { clearPastResidual, D_plsf_3, Init_D_plsf_3, PAST_LSF_Q } from './lsf-decode';
import { Lsf_lsp, Lsp_Az, Lsp_lsf, Reorder_lsf } from './lsp';
import { build_CN_code, noise_reset, pseudonoise } from './noise';
import { DTX_LOG_EN_ADJUST, LSF_HIST_MEAN_SCALE, LSP_INIT_DATA, MEAN_LSF_5 } from './tables';

/** Receiver states. */
export const SPEECH: i32 = 0;
export const DTX: i32 = 1;
export const DTX_MUTE: i32 = 2;

/** Kinds of received frames, TS 26.093. */
export const RX_SPEECH_GOOD: i32 = 0;
export const RX_SPEECH_DEGRADED: i32 = 1;
export const RX_ONSET: i32 = 2;
export const RX_SPEECH_BAD: i32 = 3;
export const RX_SID_FIRST: i32 = 4;
export const RX_SID_UPDATE: i32 = 5;
export const RX_SID_BAD: i32 = 6;
export const RX_NO_DATA: i32 = 7;

const DTX_HIST_SIZE: i32 = 8;
const DTX_HANG_CONST: i32 = 7;
const DTX_ELAPSED_FRAMES_THRESH: i32 = 24 + 7 - 1;
const DTX_MAX_EMPTY_THRESH: i32 = 50;

const LSP: usize = memory.data(32, 16);
const LSP_OLD: usize = memory.data(32, 16);
const LSF_HIST: usize = memory.data(160, 16);
const LSF_HIST_MEAN: usize = memory.data(160, 16);
const LOG_EN_HIST: usize = memory.data(16, 16);
const LSP_INT: usize = memory.data(32, 16);
const LSF_INT: usize = memory.data(32, 16);
const LSF_VARIED: usize = memory.data(32, 16);
const A_VARIED: usize = memory.data(32, 16);
const REFL: usize = memory.data(32, 16);
const REFL_A: usize = memory.data(32, 16);
const REFL_B: usize = memory.data(32, 16);
const EX: usize = memory.data(80, 16);

export let dtxGlobalState: i32 = DTX;
let sinceLastSid: i32 = 0;
let trueSidPeriodInv: i32 = 0;
let logEn: i32 = 0;
let oldLogEn: i32 = 0;
let lsfHistPtr: i32 = 0;
let logEnHistPtr: i32 = 0;
let logPgMean: i32 = 0;
let logEnAdjust: i32 = 0;
let hangoverCount: i32 = 0;
let elapsedCount: i32 = 0;
let sidFrame: bool = false;
let validData: bool = false;
let hangoverAdded: bool = false;
let dataUpdated: bool = false;

export function dtx_dec_reset(): void {
  sinceLastSid = 0;
  trueSidPeriodInv = 1 << 13;
  logEn = 3500;
  oldLogEn = 3500;
  noise_reset();
  copy(LSP, LSP_INIT_DATA, M);
  copy(LSP_OLD, LSP_INIT_DATA, M);
  lsfHistPtr = 0;
  logPgMean = 0;
  logEnHistPtr = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) {
    copy(ref(LSF_HIST, i * M), MEAN_LSF_5, M);
    put(LOG_EN_HIST, i, logEn);
  }
  zero(LSF_HIST_MEAN, M * DTX_HIST_SIZE);
  logEnAdjust = 0;
  hangoverCount = DTX_HANG_CONST;
  elapsedCount = 32767;
  sidFrame = false;
  validData = false;
  hangoverAdded = false;
  dtxGlobalState = DTX;
  dataUpdated = false;
}

export function setDtxGlobalState(state: i32): void {
  dtxGlobalState = state;
}

function isSid(type: i32): bool {
  return type == RX_SID_FIRST || type == RX_SID_UPDATE || type == RX_SID_BAD;
}

/** Next state of the receiver. */
export function rx_dtx_handler(type: i32): i32 {
  let state = SPEECH;
  const silent = dtxGlobalState == DTX || dtxGlobalState == DTX_MUTE;
  if (isSid(type) || (silent && (type == RX_NO_DATA || type == RX_SPEECH_BAD || type == RX_ONSET))) {
    state = DTX;
    if (dtxGlobalState == DTX_MUTE && (type == RX_SID_BAD || type == RX_SID_FIRST || type == RX_ONSET || type == RX_NO_DATA)) {
      state = DTX_MUTE;
    }
    sinceLastSid = min(sinceLastSid + 1, 32767);
    if (type != RX_SID_UPDATE && sinceLastSid > DTX_MAX_EMPTY_THRESH) state = DTX_MUTE;
  } else {
    sinceLastSid = 0;
  }
  // The encoder's hangover is followed here, because it decides what the first SID means.
  if (!dataUpdated && type == RX_SID_UPDATE) elapsedCount = 0;
  elapsedCount = min(elapsedCount + 1, 32767);
  hangoverAdded = false;
  const encoderSilent = isSid(type) || type == RX_ONSET || (type == RX_NO_DATA && state != SPEECH);
  if (!encoderSilent) {
    hangoverCount = DTX_HANG_CONST;
  } else if (elapsedCount > DTX_ELAPSED_FRAMES_THRESH) {
    hangoverAdded = true;
    elapsedCount = 0;
    hangoverCount = 0;
  } else if (hangoverCount == 0) {
    elapsedCount = 0;
  } else {
    hangoverCount -= 1;
  }
  if (state != SPEECH) {
    sidFrame = isSid(type);
    validData = type == RX_SID_UPDATE;
    if (type == RX_SID_BAD) hangoverAdded = false;
  }
  return state;
}

/** Remembers frequencies and energy of a frame of speech. */
export function dtx_dec_activity_update(lsf: usize, speech: usize): void {
  lsfHistPtr = lsfHistPtr == M * (DTX_HIST_SIZE - 1) ? 0 : lsfHistPtr + M;
  copy(ref(LSF_HIST, lsfHistPtr), lsf, M);
  const exponent = Log2(energy(speech, L_FRAME));
  logEnHistPtr = (logEnHistPtr + 1) & (DTX_HIST_SIZE - 1);
  put(LOG_EN_HIST, logEnHistPtr, sat((exponent << 10) + (logFraction >> 5) - (7497 + 1024)));
}

/** Mean of the hangover's frames: what an untransmitted SID would have said. */
function averageHangover(mode: i32): void {
  logEnAdjust = at(DTX_LOG_EN_ADJUST, mode);
  const next = lsfHistPtr == M * (DTX_HIST_SIZE - 1) ? 0 : lsfHistPtr + M;
  copy(ref(LSF_HIST, next), ref(LSF_HIST, lsfHistPtr), M);
  put(LOG_EN_HIST, (logEnHistPtr + 1) & (DTX_HIST_SIZE - 1), at(LOG_EN_HIST, logEnHistPtr));
  logEn = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) logEn = sat(logEn + (at(LOG_EN_HIST, i) >> 3));
  logEn = sat(logEn - logEnAdjust);
  for (let j = 0; j < M; j += 1) {
    let sum = 0;
    for (let i = 0; i < DTX_HIST_SIZE; i += 1) sum += at(LSF_HIST, i * M + j);
    const mean = sum >> 3;
    put(LSF_INT, j, mean);
    for (let i = 0; i < DTX_HIST_SIZE; i += 1) {
      const deviation = mult(sat(at(LSF_HIST, i * M + j) - mean), at(LSF_HIST_MEAN_SCALE, j));
      let size = abs_s(deviation);
      if (size > 655) size = 655 + ((size - 655) >> 2);
      if (size > 1310) size = 1310;
      put(LSF_HIST_MEAN, i * M + j, deviation < 0 ? -size : size);
    }
  }
  Lsf_lsp(LSF_INT, LSP);
}

/** Takes over a SID frame, or the mean of the hangover. */
function newDescription(prm: usize): void {
  copy(LSP_OLD, LSP, M);
  oldLogEn = logEn;
  if (validData) {
    const period = min(sinceLastSid, 32);
    sinceLastSid = 0;
    trueSidPeriodInv = period >= 2 ? div_s(1 << 10, shl(period, 10)) : 1 << 14;
    Init_D_plsf_3(at(prm, 0));
    D_plsf_3(MRDTX, false, ref(prm, 1), LSP);
    clearPastResidual();
    const index = at(prm, 4);
    logEn = index == 0 ? -32768 : (index << 9) - 2560 * 2;
    if (!dataUpdated || dtxGlobalState == SPEECH) {
      copy(LSP_OLD, LSP, M);
      oldLogEn = logEn;
    }
  }
  const past = max(-14436, min((logEn >> 1) - 9000, 0));
  setPastEnergies(past, (past * 5443) >> 15);
}

/** Reflection coefficients of a[1..10]; all zero where the filter is not stable. */
function A_Refl(a: usize): void {
  copy(REFL_A, ref(a, 1), M);
  for (let i = M - 1; i >= 0; i -= 1) {
    if (abs_s(at(REFL_A, i)) >= 4096) {
      zero(REFL, M);
      return;
    }
    const k = shl(at(REFL_A, i), 3);
    put(REFL, i, k);
    let sum = L_sub(MAX_32, L_mult(k, k));
    const shift = norm_l(sum);
    sum = L_shl(sum, shift);
    const inverse = div_s(16384, round(sum));
    for (let j = 0; j < i; j += 1) {
      const difference = round(L_msu(at(REFL_A, j) << 16, k, at(REFL_A, i - j - 1)));
      const value = L_shr_r(L_mult(inverse, difference), 15 - shift);
      if (value > 32767 || value < -32768) {
        zero(REFL, M);
        return;
      }
      put(REFL_B, j, value);
    }
    copy(REFL_A, REFL_B, i);
  }
}

/** Half the logarithm of the prediction gain of `a`, Q12. */
function logPredictionGain(a: usize): i32 {
  A_Refl(a);
  let error = 32767;
  for (let i = 0; i < M; i += 1) {
    const k = at(REFL, i);
    error = mult(error, 32767 - mult(k, k));
  }
  const exponent = Log2(error);
  return sat(-sat(shl(exponent - 15, 12) + (logFraction >> 3))) >> 1;
}

/** Interpolated spectrum: A(z) for the postfilter, and one with random variation for the noise. */
function interpolateSpectrum(factor: i32, az: usize): void {
  const rest = 16384 - factor;
  for (let i = 0; i < M; i += 1) put(LSP_INT, i, shl(sat(mult(factor, at(LSP, i)) + mult(rest, at(LSP_OLD, i))), 1));
  const varied = 4096 - mult(logPgMean - 2457, 9830);
  const weight = varied > 4095 ? 32767 : varied < 0 ? 0 : varied << 3;
  const row = pseudonoise(3) * M;
  Lsp_lsf(LSP_INT, LSF_INT);
  for (let i = 0; i < M; i += 1) put(LSF_VARIED, i, sat(at(LSF_INT, i) + mult(weight, at(LSF_HIST_MEAN, row + i))));
  Reorder_lsf(LSF_INT);
  Reorder_lsf(LSF_VARIED);
  copy(PAST_LSF_Q, LSF_INT, M);
  Lsf_lsp(LSF_INT, LSP_INT);
  Lsp_Az(LSP_INT, az);
  Lsf_lsp(LSF_VARIED, LSP_INT);
  Lsp_Az(LSP_INT, A_VARIED);
  for (let i = 1; i < 4; i += 1) copy(ref(az, i * MP1), az, MP1);
}

/** One frame of comfort noise. @param az four sets of coefficients for the postfilter */
export function dtx_dec(memSyn: usize, state: i32, mode: i32, prm: usize, synth: usize, az: usize): void {
  if (hangoverAdded && sidFrame) averageHangover(mode);
  if (sidFrame) newDescription(prm);
  const adjust = mult(shl(at(DTX_LOG_EN_ADJUST, mode), 5), 3277) >> 5;
  logEnAdjust = sat(mult(logEnAdjust, 29491) + adjust);
  let factor = mult(shl(sinceLastSid + 1, 10), trueSidPeriodInv);
  factor = factor > 1024 ? 16384 : shl(factor, 4);
  let logEnInt = L_mac(L_mult(factor, logEn), 16384 - factor, oldLogEn);
  interpolateSpectrum(factor, az);
  const gain = logPredictionGain(az);
  logPgMean = sat(mult(29491, logPgMean) + mult(3277, gain));
  logEnInt = L_add(logEnInt >> 10, 4 * 65536);
  logEnInt = L_sub(logEnInt, gain << 4);
  logEnInt = L_add(logEnInt, logEnAdjust << 5);
  const exponent = hi(logEnInt);
  const level = word(Pow2(exponent, (logEnInt - (exponent << 16)) >> 1));
  for (let i = 0; i < 4; i += 1) {
    build_CN_code(EX);
    for (let j = 0; j < L_SUBFR; j += 1) put(EX, j, mult(level, at(EX, j)));
    Syn_filt(A_VARIED, EX, ref(synth, i * L_SUBFR), L_SUBFR, memSyn, true);
  }
  afterComfortNoise();
  if (state == DTX_MUTE) {
    const period = sinceLastSid > 32 ? 32 : sinceLastSid <= 0 ? 8 : sinceLastSid;
    trueSidPeriodInv = div_s(1 << 10, shl(period, 10));
    sinceLastSid = 0;
    copy(LSP_OLD, LSP, M);
    oldLogEn = logEn;
    logEn = sat(logEn - 256);
  }
  if (sidFrame && (validData || hangoverAdded)) {
    sinceLastSid = 0;
    dataUpdated = true;
  }
}
