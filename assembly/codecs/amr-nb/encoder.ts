/** AMR narrowband encoder: speech to parameters (TS 26.090 §5). */
import { at, copy, L_mac, L_shl, put, ref, shl, zero } from '../amr/basic-op';
import { L_mult, round } from '../amr/called-op';
import { PRM } from './bits';
import {
  check_gp_clipping, check_lsp, G_pitch, Pitch_fr, pitch_reset, pitchFraction, pitchIndex, ton_stab_reset, update_gp_clipping,
} from './closed-loop-pitch';
import { codeIndex, codeSigns, searchCodebook, sharpen } from './codebook-search';
import { code_10i40_35bits, code_8i40_31bits } from './codebook-search-pairs';
import { Convolve } from './convolve';
import { dtx_buffer, dtx_enc, dtx_enc_reset, noDtx, silent, tx_dtx_handler } from './dtx-encode';
import { Residu, Syn_filt, Weight_Ai } from './filter';
import { L_FRAME, L_INTERPOL, L_SUBFR, M, MP1, MR102, MR122, MR475, MR515, MR795, PIT_MAX, SHARPMAX } from './frame';
import { gainQuant, gainQuant_reset, gainQuantFirst, gainQuantPair, q_gain_pitch, quantizedCode, quantizedPitch } from './gain-quant';
import { pair0Code, pair0Pitch, pair1Code, pair1Pitch } from './gain-quant-475';
import { Pred_lt_3or6 } from './long-term-prediction';
import { lpc, lpc_reset } from './lpc-analysis';
import { Q_plsf_3, Q_plsf_5, Q_plsf_reset } from './lsf-encode';
import { Int_lpc_1and3, Int_lpc_1to3 } from './lsp';
import { Az_lsp } from './lsp-analysis';
import { clearGainFlags, gainFlag0, gainFlag1, OLD_LAGS, open_loop_reset, Pitch_ol, Pitch_ol_wgh } from './open-loop-pitch';
import { preProcess, pre_process_reset } from './pre-process';
import { GAMMA1, GAMMA1_12K2, GAMMA2, LSP_INIT_DATA } from './tables';
import { vad1, vad1_reset, vad_pitch_detection } from './vad';

const L_TOTAL: i32 = 320;
const L_NEXT: i32 = 40;
const GP_CLIP: i32 = 15565;
const HISTORY: i32 = PIT_MAX + L_INTERPOL;

const OLD_SPEECH: usize = memory.data(640, 16);
const OLD_WSP: usize = memory.data(624, 16);
const OLD_EXC: usize = memory.data(640, 16);
const NEW_SPEECH: usize = OLD_SPEECH + (L_TOTAL - L_FRAME) * 2;
const SPEECH: usize = NEW_SPEECH - L_NEXT * 2;
const WSP: usize = OLD_WSP + PIT_MAX * 2;
const EXC: usize = OLD_EXC + HISTORY * 2;
/** 40 zeros, then the impulse response. */
const HVEC: usize = memory.data(176, 16);
const H1: usize = HVEC + 80;
const AI_ZERO: usize = memory.data(112, 16);
const ZERO: usize = AI_ZERO + 22;
/** Past of the synthesis error, then the error. */
const MEM_ERR: usize = memory.data(112, 16);
const ERROR: usize = MEM_ERR + 20;
const MEM_SYN: usize = memory.data(32, 16);
const MEM_W: usize = memory.data(32, 16);
const MEM_W0: usize = memory.data(32, 16);
const MEM_SYN_SAVE: usize = memory.data(32, 16);
const MEM_W0_SAVE: usize = memory.data(32, 16);
const MEM_ERR_SAVE: usize = memory.data(32, 16);
const LSP_OLD: usize = memory.data(32, 16);
const LSP_OLD_Q: usize = memory.data(32, 16);
const LSP_MID: usize = memory.data(32, 16);
const LSP_NEW: usize = memory.data(32, 16);
const LSP_MID_Q: usize = memory.data(32, 16);
const LSP_NEW_Q: usize = memory.data(32, 16);
const A_T: usize = memory.data(96, 16);
const AQ_T: usize = memory.data(96, 16);
const AP1: usize = memory.data(32, 16);
const AP2: usize = memory.data(32, 16);
const SYNTH: usize = memory.data(320, 16);
const XN: usize = memory.data(96, 16);
const XN2: usize = memory.data(96, 16);
const CODE: usize = memory.data(96, 16);
const Y1: usize = memory.data(96, 16);
const Y2: usize = memory.data(96, 16);
const RES: usize = memory.data(96, 16);
const RES2: usize = memory.data(96, 16);
const G_COEFF: usize = memory.data(16, 16);
const XN_SF0: usize = memory.data(96, 16);
const Y2_SF0: usize = memory.data(96, 16);
const CODE_SF0: usize = memory.data(96, 16);
const H1_SF0: usize = memory.data(96, 16);

let sharp: i32 = 0;
let parameter: usize = PRM;

function resetLsp(): void {
  copy(LSP_OLD, LSP_INIT_DATA, M);
  copy(LSP_OLD_Q, LSP_INIT_DATA, M);
  Q_plsf_reset();
}

export function encoder_reset(): void {
  zero(OLD_SPEECH, L_TOTAL);
  zero(OLD_EXC, HISTORY);
  zero(OLD_WSP, PIT_MAX);
  zero(MEM_SYN, M);
  zero(MEM_W, M);
  zero(MEM_W0, M);
  zero(MEM_ERR, M);
  zero(AI_ZERO, MP1 + L_SUBFR);
  zero(HVEC, L_SUBFR);
  sharp = 0;
  pre_process_reset();
  lpc_reset();
  resetLsp();
  pitch_reset();
  gainQuant_reset();
  open_loop_reset();
  ton_stab_reset();
  vad1_reset();
  dtx_enc_reset();
}

// @ts-ignore: decorator
@inline
function push(value: i32): void {
  store<i16>(parameter, <i16>value);
  parameter += 2;
}

/** Spectrum: pairs, quantized unless the frame is silence, and the interpolated filters. */
function lsp(mode: i32): void {
  if (mode == MR122) {
    Az_lsp(ref(A_T, MP1), LSP_MID, LSP_OLD);
    Az_lsp(ref(A_T, MP1 * 3), LSP_NEW, LSP_MID);
    Int_lpc_1and3(LSP_OLD, LSP_MID, LSP_NEW, A_T, false);
    if (!silent) {
      Q_plsf_5(LSP_MID, LSP_NEW, LSP_MID_Q, LSP_NEW_Q, parameter);
      Int_lpc_1and3(LSP_OLD_Q, LSP_MID_Q, LSP_NEW_Q, AQ_T, true);
      parameter += 10;
    }
  } else {
    Az_lsp(ref(A_T, MP1 * 3), LSP_NEW, LSP_OLD);
    Int_lpc_1to3(LSP_OLD, LSP_NEW, A_T, false);
    if (!silent) {
      Q_plsf_3(mode, LSP_NEW, LSP_NEW_Q, parameter);
      Int_lpc_1to3(LSP_OLD_Q, LSP_NEW_Q, AQ_T, true);
      parameter += 6;
    }
  }
  copy(LSP_OLD, LSP_NEW, M);
  if (!silent) copy(LSP_OLD_Q, LSP_NEW_Q, M);
}

/** Weighted speech of half a frame. */
function pre_big(mode: i32, offset: i32): void {
  let a = ref(A_T, offset > 0 ? MP1 * 2 : 0);
  for (let i = 0; i < 2; i += 1) {
    Weight_Ai(a, mode <= MR795 ? GAMMA1 : GAMMA1_12K2, AP1);
    Weight_Ai(a, GAMMA2, AP2);
    const wsp = ref(WSP, offset);
    Residu(AP1, ref(SPEECH, offset), wsp, L_SUBFR);
    Syn_filt(AP2, wsp, wsp, L_SUBFR, MEM_W, true);
    a = ref(a, MP1);
    offset += L_SUBFR;
  }
}

let open0: i32 = 0;
let open1: i32 = 0;

function ol_ltp(mode: i32, dtx: bool): void {
  if (mode != MR102) clearGainFlags();
  if (mode == MR475 || mode == MR515) {
    pre_big(mode, 0);
    pre_big(mode, 80);
    open0 = Pitch_ol(mode, WSP, L_FRAME, true, true, dtx);
    open1 = open0;
    return;
  }
  pre_big(mode, 0);
  open0 = mode == MR102 ? Pitch_ol_wgh(WSP, 80, 0, dtx) : Pitch_ol(mode, WSP, 80, false, false, dtx);
  pre_big(mode, 80);
  open1 = mode == MR102 ? Pitch_ol_wgh(ref(WSP, 80), 80, 1, dtx) : Pitch_ol(mode, ref(WSP, 80), 80, true, false, dtx);
}

/** Impulse response, residual and target of a subframe. */
function subframePreProc(mode: i32, a: usize, aq: usize, offset: i32, memW0: usize): void {
  Weight_Ai(a, mode == MR122 || mode == MR102 ? GAMMA1_12K2 : GAMMA1, AP1);
  Weight_Ai(a, GAMMA2, AP2);
  copy(AI_ZERO, AP1, MP1);
  Syn_filt(aq, AI_ZERO, H1, L_SUBFR, ZERO, false);
  Syn_filt(AP2, H1, H1, L_SUBFR, ZERO, false);
  Residu(aq, ref(SPEECH, offset), RES, L_SUBFR);
  const exc = ref(EXC, offset);
  copy(exc, RES, L_SUBFR);
  Syn_filt(aq, exc, ERROR, L_SUBFR, MEM_ERR, false);
  Residu(AP1, ERROR, XN, L_SUBFR);
  Syn_filt(AP2, XN, XN, L_SUBFR, memW0, false);
}

/** Excitation, synthesis and the filters' memories after the gains are known. */
function subframePostProc(
  mode: i32, offset: i32, pitch: i32, gain: i32, aq: usize, xn: usize, code: usize, y2: usize, memSyn: usize, memW0: usize,
): void {
  const is122 = mode == MR122;
  const factor = is122 ? pitch >> 1 : pitch;
  const shift = is122 ? 2 : 1;
  sharp = min(pitch, SHARPMAX);
  const exc = ref(EXC, offset);
  for (let i = 0; i < L_SUBFR; i += 1) put(exc, i, round(L_shl(L_mac(L_mult(at(exc, i), factor), at(code, i), gain), shift)));
  const synth = ref(SYNTH, offset);
  Syn_filt(aq, exc, synth, L_SUBFR, memSyn, true);
  for (let i = L_SUBFR - M, j = 0; i < L_SUBFR; i += 1, j += 1) {
    put(MEM_ERR, j, at(SPEECH, offset + i) - at(synth, i));
    put(memW0, j, at(xn, i) - ((at(Y1, i) * pitch) >> 14) - ((at(y2, i) * gain) >> (is122 ? 11 : 13)));
  }
}

let gainPitch: i32 = 0;
let gainLimit: i32 = 0;
let lag: i32 = 0;

/** Adaptive codebook: search, gain, and the target without its part. */
function cl_ltp(mode: i32, subframe: i32, tonal: bool): void {
  const exc = ref(EXC, subframe * L_SUBFR);
  lag = Pitch_fr(mode, subframe, subframe < 2 ? open0 : open1, exc, XN, H1);
  push(pitchIndex);
  Pred_lt_3or6(exc, lag, pitchFraction, L_SUBFR, mode != MR122);
  Convolve(exc, H1, Y1);
  gainPitch = G_pitch(mode, XN, Y1, G_COEFF);
  const clip = tonal && check_gp_clipping(gainPitch);
  gainLimit = clip ? GP_CLIP : 32767;
  if (mode == MR475 || mode == MR515) {
    gainPitch = min(gainPitch, 13926);
  } else {
    if (clip) gainPitch = GP_CLIP;
    if (mode == MR122) {
      push(q_gain_pitch(MR122, gainLimit, gainPitch));
      gainPitch = quantizedPitch;
    }
  }
  for (let i = 0; i < L_SUBFR; i += 1) {
    put(XN2, i, at(XN, i) - ((at(Y1, i) * gainPitch) >> 14));
    put(RES2, i, at(RES, i) - ((at(exc, i) * gainPitch) >> 14));
  }
}

function cbsearch(mode: i32, subframe: i32): void {
  const sharpening = mode == MR122 ? shl(gainPitch, 1) : shl(sharp, 1);
  sharpen(H1, lag, sharpening);
  if (mode == MR122) {
    code_10i40_35bits(XN2, RES2, H1, CODE, Y2, parameter);
    parameter += 20;
  } else if (mode == MR102) {
    code_8i40_31bits(XN2, RES2, H1, CODE, Y2, parameter);
    parameter += 14;
  } else {
    searchCodebook(mode, subframe, XN2, H1, CODE, Y2);
    push(codeIndex);
    push(codeSigns);
  }
  sharpen(CODE, lag, sharpening);
}

let firstLag: i32 = 0;
let firstFraction: i32 = 0;
let pairParameter: usize = PRM;
let savedSharp: i32 = 0;

/** 4.75 kbit/s: the gains of two subframes are quantized when the second is known; the first is done again then. */
function finishPaired(subframe: i32, aq: usize, a: usize): void {
  const offset = subframe * L_SUBFR;
  if ((subframe & 1) == 0) {
    gainQuantFirst(CODE, XN, XN2, Y1, Y2, G_COEFF, gainPitch);
    pairParameter = parameter;
    parameter += 2;
    update_gp_clipping(gainPitch);
    copy(XN_SF0, XN, L_SUBFR);
    copy(Y2_SF0, Y2, L_SUBFR);
    copy(CODE_SF0, CODE, L_SUBFR);
    firstLag = lag;
    firstFraction = pitchFraction;
    subframePostProc(MR475, offset, gainPitch, quantizedCode, aq, XN, CODE, Y2, MEM_SYN_SAVE, MEM_W0_SAVE);
    sharp = savedSharp;
    return;
  }
  const fraction = pitchFraction;
  put(pairParameter, 0, gainQuantPair(CODE, XN, XN2, Y1, Y2, G_COEFF, gainLimit));
  update_gp_clipping(pair1Pitch);
  copy(MEM_ERR, MEM_ERR_SAVE, M);
  const before = offset - L_SUBFR;
  Pred_lt_3or6(ref(EXC, before), firstLag, firstFraction, L_SUBFR, true);
  Convolve(ref(EXC, before), H1_SF0, Y1);
  subframePostProc(MR475, before, pair0Pitch, pair0Code, ref(aq, -MP1), XN_SF0, CODE_SF0, Y2_SF0, MEM_SYN, MEM_W0);
  subframePreProc(MR475, a, aq, offset, MEM_W0);
  Pred_lt_3or6(ref(EXC, offset), lag, fraction, L_SUBFR, true);
  Convolve(ref(EXC, offset), H1, Y1);
  subframePostProc(MR475, offset, pair1Pitch, pair1Code, aq, XN, CODE, Y2, MEM_SYN, MEM_W0);
}

function encodeSubframe(mode: i32, subframe: i32, tonal: bool): void {
  const a = ref(A_T, subframe * MP1);
  const aq = ref(AQ_T, subframe * MP1);
  const offset = subframe * L_SUBFR;
  const paired = mode == MR475;
  if (paired && (subframe & 1) == 0) {
    copy(MEM_SYN_SAVE, MEM_SYN, M);
    copy(MEM_W0_SAVE, MEM_W0, M);
    copy(MEM_ERR_SAVE, MEM_ERR, M);
    savedSharp = sharp;
  }
  subframePreProc(mode, a, aq, offset, paired ? MEM_W0_SAVE : MEM_W0);
  if (paired && (subframe & 1) == 0) copy(H1_SF0, H1, L_SUBFR);
  cl_ltp(mode, subframe, tonal);
  if (subframe == 0 && gainFlag0 > 0) put(OLD_LAGS, 1, lag);
  if (subframe == 3 && gainFlag1 > 0) put(OLD_LAGS, 0, lag);
  cbsearch(mode, subframe);
  if (paired) {
    finishPaired(subframe, aq, a);
    return;
  }
  const exc = ref(EXC, offset);
  const count = gainQuant(mode, RES, exc, CODE, XN, XN2, Y1, Y2, G_COEFF, gainLimit, gainPitch, parameter);
  parameter += <usize>count << 1;
  update_gp_clipping(quantizedPitch);
  subframePostProc(mode, offset, quantizedPitch, quantizedCode, aq, XN, CODE, Y2, MEM_SYN, MEM_W0);
}

/** After silence the speech starts from rest. */
function forgetSpeech(): void {
  zero(OLD_EXC, HISTORY);
  zero(MEM_W0, M);
  zero(MEM_ERR, M);
  zero(ZERO, L_SUBFR);
  zero(HVEC, L_SUBFR);
  resetLsp();
  copy(LSP_OLD, LSP_NEW, M);
  copy(LSP_OLD_Q, LSP_NEW, M);
  pitch_reset();
  sharp = 0;
}

/** Encodes 160 samples into PRM. Whether they are silence, `silent` of dtx-encode tells. */
export function encodeFrame(mode: i32, pcm: usize, dtx: bool): void {
  preProcess(pcm, NEW_SPEECH);
  parameter = PRM;
  let computeSid = false;
  if (dtx) computeSid = tx_dtx_handler(vad1(NEW_SPEECH));
  else noDtx();
  lpc(mode, ref(OLD_SPEECH, 80), ref(OLD_SPEECH, 40), A_T);
  lsp(mode);
  dtx_buffer(LSP_NEW, NEW_SPEECH);
  let tonal = false;
  if (silent) {
    dtx_enc(computeSid, PRM);
    forgetSpeech();
  } else {
    tonal = check_lsp(LSP_OLD);
  }
  ol_ltp(mode, dtx);
  if (dtx) vad_pitch_detection(open0, open1);
  if (!silent) {
    for (let i = 0; i < 4; i += 1) encodeSubframe(mode, i, tonal);
    copy(OLD_EXC, ref(OLD_EXC, L_FRAME), HISTORY);
  }
  copy(OLD_WSP, ref(OLD_WSP, L_FRAME), PIT_MAX);
  copy(OLD_SPEECH, ref(OLD_SPEECH, L_FRAME), L_TOTAL - L_FRAME);
}
