/** AMR-WB encoder: speech to bits (TS 26.190 §5). */
import { abs_s, at, copy, dot, hi, L_shl, L_sub, norm_s, put, ref, round, sat, zero } from '../amr/basic-op';
import { Parm_serial, rewind } from './bits';
import { G_pitch, Pitch_fr4, pitchFraction } from './closed-loop-pitch';
import { ACELP_2t64, ACELP_4t64, cor_h_x } from './codebook-search';
import { voice_factor } from './voice-factor';
import { decimate, decimate_reset } from './decimate';
import { dtx_buffer, dtx_enc, dtx_enc_reset, noDtx, silent, tx_dtx_handler } from './dtx-encode';
import { Convolve, Deemph2, impulseResponse, Pit_shrp, Preemph, Residu, Syn_filt, Updt_tar } from './encoder-filter';
import { highpass_50Hz, weight_lpc } from './filter';
import { L_FRAME, L_FRAME16k, L_INTERPOL, L_SUBFR, L_SUBFR16k, M, MODE_24k, MODE_7k, MODE_9k, MP1, PIT_FR1_8b, PIT_FR1_9b, PIT_FR2, PIT_MAX, PIT_MIN, PIT_SHARP, PREEMPH_FAC, Q_MAX } from './frame';
import { clipsGain, gain_reset, Gp_clip_test_gain_pit, Gp_clip_test_isf, Q_gain2, quantizedCode, quantizedPitch } from './gain-encode';
import { half_rate_reset, LP_Decim2, scaleHalfRate } from './half-rate';
import { excitation_reset, sendHighBand } from './high-band-excitation';
import { high_band_reset, highBandGain } from './high-band-gain';
import { isf_encode_reset, Qpisf_2s } from './isf-encode';
import { interpolate_isp, Isf_isp, Isp_Az } from './isp';
import { stability } from './stability';
import { Pred_lt4 } from './long-term-prediction';
import { Az_isp, Isp_isf, lpc, lpc_reset } from './lpc-analysis';
import { noise_reset } from './noise';
import { wrapRound } from './operators';
import { open_loop_reset, openLoopGain, Pitch_med_ol, scaleOpenLoop, trackLag } from './open-loop-pitch';
import { Scale_sig } from './scale';
import { ISF_INIT, ISP_INIT } from './tables';
import { wb_vad, wb_vad_reset, wb_vad_tone_detection } from './vad';

const L_TOTAL: i32 = 384;
const L_FILT: i32 = 12;
const L_FILT16k: i32 = 15;
const GP_CLIP: i32 = 15565;
const GAMMA1: i32 = 30147;
const HISTORY: i32 = PIT_MAX + L_INTERPOL;
const WSP_HISTORY: i32 = PIT_MAX / 2;

const OLD_SPEECH: usize = memory.data(768, 16);
const NEW_SPEECH: usize = OLD_SPEECH + (L_TOTAL - L_FRAME - L_FILT) * 2;
const SPEECH: usize = OLD_SPEECH + (L_TOTAL - L_FRAME - 64) * 2;
const OLD_WSP: usize = memory.data(768, 16);
const WSP: usize = OLD_WSP + WSP_HISTORY * 2;
const OLD_EXC: usize = memory.data(1056, 16);
const EXC: usize = OLD_EXC + HISTORY * 2;
const MEM_DECIM: usize = memory.data(64, 16);
const MEM_DECIM_COPY: usize = memory.data(64, 16);
const MEM_50: usize = memory.data(16, 16);
const MEM_50_COPY: usize = memory.data(16, 16);
const SILENCE: usize = memory.data(32, 16);
const BUF: usize = memory.data(512, 16);
const EXC2: usize = memory.data(512, 16);
const MEM_SYN: usize = memory.data(32, 16);
/** Memories of one word each, so that they are scaled like signals. */
const MEM_WSP: usize = memory.data(16, 16);
const MEM_W0: usize = memory.data(16, 16);
const A: usize = memory.data(144, 16);
const AQ: usize = memory.data(144, 16);
const AP: usize = memory.data(48, 16);
const ISP: usize = memory.data(32, 16);
const ISP_OLD: usize = memory.data(32, 16);
const ISP_Q: usize = memory.data(32, 16);
const ISP_OLD_Q: usize = memory.data(32, 16);
const ISF: usize = memory.data(32, 16);
const ISF_OLD: usize = memory.data(32, 16);
const ERROR: usize = memory.data(176, 16);
const SYNTH: usize = memory.data(128, 16);
const XN: usize = memory.data(128, 16);
const XN2: usize = memory.data(128, 16);
const DN: usize = memory.data(128, 16);
const CN: usize = memory.data(128, 16);
const H1: usize = memory.data(128, 16);
const H2: usize = memory.data(128, 16);
/** With room for the filter's past before it. */
const CODE: usize = memory.data(176, 16);
const Y1: usize = memory.data(128, 16);
const Y2: usize = memory.data(128, 16);
const G_COEFF: usize = memory.data(16, 16);
const G_COEFF2: usize = memory.data(16, 16);

let firstFrame: bool = true;
let tiltCode: i32 = 0;
let preemphasisMemory: i32 = 0;
let oldQ: i32 = 15;
let newQ: i32 = 0;
let qMax0: i32 = 15;
let qMax1: i32 = 15;
let oldWspMax: i32 = 0;
let oldWspShift: i32 = 0;
/** Scaling of the target. */
let shift: i32 = 0;
let vadHistory: i32 = 0;
let T0: i32 = 0;
let T0Min: i32 = 0;
let T0Max: i32 = 0;

function reset(full: bool): void {
  zero(OLD_EXC, HISTORY);
  zero(MEM_SYN, M);
  isf_encode_reset();
  put(MEM_W0, 0, 0);
  tiltCode = 0;
  firstFrame = true;
  gain_reset(full);
  excitation_reset();
  if (!full) return;
  zero(OLD_SPEECH, L_TOTAL);
  zero(OLD_WSP, WSP_HISTORY);
  half_rate_reset();
  zero(MEM_DECIM, 30);
  zero(MEM_50, 8);
  decimate_reset();
  lpc_reset();
  open_loop_reset();
  copy(ISP_OLD, ISP_INIT, M);
  copy(ISP_OLD_Q, ISP_INIT, M);
  copy(ISF_OLD, ISF_INIT, M);
  preemphasisMemory = 0;
  put(MEM_WSP, 0, 0);
  oldQ = 15;
  qMax0 = 15;
  qMax1 = 15;
  oldWspMax = 0;
  oldWspShift = 0;
  high_band_reset();
  noise_reset();
  vadHistory = 0;
  wb_vad_reset();
  dtx_enc_reset();
}

export function encoder_reset(): void {
  reset(true);
}

/** 16 kHz input → preemphasized speech at 12.8 kHz, scaled by newQ. @returns how the scaling changed */
function preprocess(pcm: usize): i32 {
  decimate(pcm, L_FRAME16k, NEW_SPEECH, MEM_DECIM);
  // The look-ahead of the filters is made from zeros, and made again with the next frame.
  copy(MEM_DECIM_COPY, MEM_DECIM, 30);
  decimate(SILENCE, L_FILT16k, ref(NEW_SPEECH, L_FRAME), MEM_DECIM_COPY);
  highpass_50Hz(NEW_SPEECH, L_FRAME, MEM_50, true);
  memory.copy(MEM_50_COPY, MEM_50, 16);
  highpass_50Hz(ref(NEW_SPEECH, L_FRAME), L_FILT, MEM_50_COPY, true);
  const mu = PREEMPH_FAC >> 1;
  let most = 0;
  for (let i = 0; i < L_FRAME + L_FILT; i += 1) {
    const before = i > 0 ? at(NEW_SPEECH, i - 1) : preemphasisMemory;
    const x = (at(NEW_SPEECH, i) << 15) - ((before * mu) << 1);
    most = max(most, x < 0 ? -x : x);
  }
  const size = hi(most);
  const room = size == 0 ? Q_MAX : max(0, min(norm_s(size) - 1, Q_MAX));
  newQ = min(room, min(qMax0, qMax1));
  const change = newQ - oldQ;
  oldQ = newQ;
  qMax1 = qMax0;
  qMax0 = room;
  const last = at(NEW_SPEECH, L_FRAME - 1);
  for (let i = L_FRAME + L_FILT - 1; i >= 0; i -= 1) {
    const before = i > 0 ? at(NEW_SPEECH, i - 1) : preemphasisMemory;
    put(NEW_SPEECH, i, wrapRound(((at(NEW_SPEECH, i) << 15) - ((before * mu) << 1)) << newQ));
  }
  preemphasisMemory = last;
  Scale_sig(OLD_SPEECH, L_TOTAL - L_FRAME - L_FILT, change);
  Scale_sig(OLD_EXC, HISTORY, change);
  Scale_sig(MEM_SYN, M, change);
  scaleHalfRate(change);
  Scale_sig(MEM_WSP, 1, change);
  Scale_sig(MEM_W0, 1, change);
  return change;
}

/** Weighted speech, decimated and scaled. */
function weightSpeech(change: i32): void {
  for (let i = 0; i < 4; i += 1) {
    weight_lpc(ref(A, i * MP1), AP, GAMMA1, M);
    Residu(AP, ref(SPEECH, i * L_SUBFR), ref(WSP, i * L_SUBFR), L_SUBFR);
  }
  put(MEM_WSP, 0, Deemph2(WSP, PREEMPH_FAC, L_FRAME, at(MEM_WSP, 0)));
  let most = 0;
  for (let i = 0; i < L_FRAME; i += 1) most = max(most, abs_s(at(WSP, i)));
  shift = min(norm_s(max(most, oldWspMax)) - 3, 0);
  oldWspMax = most;
  LP_Decim2(WSP);
  Scale_sig(WSP, L_FRAME / 2, shift);
  const total = change + shift - oldWspShift;
  oldWspShift = shift;
  Scale_sig(OLD_WSP, WSP_HISTORY, total);
  scaleOpenLoop(total);
}

let open0: i32 = 0;
let open1: i32 = 0;

function openLoop(mode: i32): void {
  const whole = mode == MODE_7k;
  open0 = Pitch_med_ol(WSP, whole ? 128 : 64);
  trackLag(open0);
  wb_vad_tone_detection(openLoopGain);
  open0 <<= 1;
  open1 = open0;
  if (whole) return;
  open1 = Pitch_med_ol(ref(WSP, 64), 64);
  trackLag(open1);
  wb_vad_tone_detection(openLoopGain);
  open1 <<= 1;
}

/** Energy of the unscaled excitation, for the silence descriptions. */
function rememberForDtx(mode: i32): void {
  for (let i = 0; i < L_FRAME; i += 1) put(EXC2, i, at(EXC, i) >> newQ);
  dtx_buffer(ISF, (dot(EXC2, EXC2, L_FRAME) << 1) >> 1, mode);
}

function encodeSilence(mode: i32, pcm: usize): void {
  Residu(ref(A, 3 * MP1), SPEECH, EXC, L_FRAME);
  rememberForDtx(mode);
  dtx_enc(ISF, EXC2);
  Isf_isp(ISF, ISP_Q, M);
  Isp_Az(ISP_Q, AQ, M, false);
  for (let i = 0; i < 4; i += 1) highBandGain(AQ, ref(EXC2, i * L_SUBFR), 0, ref(pcm, i * L_SUBFR16k), vadHistory > 0);
  copy(ISF_OLD, ISF, M);
  reset(false);
}

function limitLags(centre: i32): void {
  T0Min = max(centre - 8, PIT_MIN);
  T0Max = T0Min + 15;
  if (T0Max > PIT_MAX) {
    T0Max = PIT_MAX;
    T0Min = T0Max - 15;
  }
}

/** Target, residual and impulse response of a subframe. */
function prepare(subframe: i32): void {
  const offset = subframe * L_SUBFR;
  const a = ref(A, subframe * MP1);
  const aq = ref(AQ, subframe * MP1);
  const exc = ref(EXC, offset);
  for (let i = 0; i < M; i += 1) put(ERROR, i, sat(at(SPEECH, offset + i - M) - at(MEM_SYN, i)));
  Residu(aq, ref(SPEECH, offset), exc, L_SUBFR);
  Syn_filt(aq, exc, ref(ERROR, M), L_SUBFR, ERROR, false);
  weight_lpc(a, AP, GAMMA1, M);
  Residu(AP, ref(ERROR, M), XN, L_SUBFR);
  put(MEM_W0, 0, Deemph2(XN, PREEMPH_FAC, L_SUBFR, at(MEM_W0, 0)));
  // Target in the residual domain: the first half from the target, the second from the residual.
  zero(CODE, M);
  const code = ref(CODE, M);
  copy(code, XN, L_SUBFR / 2);
  Preemph(code, PREEMPH_FAC, L_SUBFR / 2, 1);
  Syn_filt(AP, code, code, L_SUBFR / 2, CODE, false);
  Residu(aq, code, CN, L_SUBFR / 2);
  copy(ref(CN, L_SUBFR / 2), ref(exc, L_SUBFR / 2), L_SUBFR / 2);
  impulseResponse(aq, AP, H1);
  Deemph2(H1, PREEMPH_FAC, L_SUBFR, 0);
  copy(H2, H1, L_SUBFR);
  Scale_sig(H2, L_SUBFR, -2);
  Scale_sig(XN, L_SUBFR, shift);
  Scale_sig(H1, L_SUBFR, 1 + shift);
}

function sendLag(mode: i32, wide: bool): void {
  if (mode <= MODE_9k) {
    if (!wide) {
      Parm_serial(((T0 - T0Min) << 1) + (pitchFraction >> 1), 5);
      return;
    }
    Parm_serial(T0 < PIT_FR1_8b ? ((T0 - PIT_MIN) << 1) + (pitchFraction >> 1) : T0 - PIT_FR1_8b + (PIT_FR1_8b - PIT_MIN) * 2, 8);
  } else {
    if (!wide) {
      Parm_serial(((T0 - T0Min) << 2) + pitchFraction, 6);
      return;
    }
    let index: i32;
    if (T0 < PIT_FR2) index = ((T0 - PIT_MIN) << 2) + pitchFraction;
    else if (T0 < PIT_FR1_9b) index = ((T0 - PIT_FR2) << 1) + (pitchFraction >> 1) + ((PIT_FR2 - PIT_MIN) << 2);
    else index = T0 - PIT_FR1_9b + ((PIT_FR2 - PIT_MIN) << 2) + ((PIT_FR1_9b - PIT_FR2) << 1);
    Parm_serial(index, 9);
  }
  limitLags(T0);
}

/** The better of the adaptive codevector and its low-passed twin. @returns the gain */
function chooseAdaptive(mode: i32, exc: usize, clip: bool): i32 {
  const both = mode > MODE_9k;
  let gain1 = 0;
  if (both) {
    Convolve(exc, H1, Y1);
    gain1 = G_pitch(XN, Y1, G_COEFF);
    if (clip && gain1 > GP_CLIP) gain1 = GP_CLIP;
    Updt_tar(XN, DN, Y1, gain1);
  }
  for (let i = 0; i < L_SUBFR; i += 1) put(CODE, i, ((at(exc, i - 1) + at(exc, i + 1)) * 5898 + at(exc, i) * 20972 + 0x4000) >> 15);
  Convolve(CODE, H1, Y2);
  let gain2 = G_pitch(XN, Y2, G_COEFF2);
  if (clip && gain2 > GP_CLIP) gain2 = GP_CLIP;
  Updt_tar(XN, XN2, Y2, gain2);
  if (both) {
    const select = dot(DN, DN, L_SUBFR) - dot(XN2, XN2, L_SUBFR) <= 0;
    Parm_serial(select ? 1 : 0, 1);
    if (select) {
      copy(XN2, DN, L_SUBFR);
      return gain1;
    }
  }
  copy(exc, CODE, L_SUBFR);
  copy(Y1, Y2, L_SUBFR);
  copy(G_COEFF, G_COEFF2, 4);
  return gain2;
}

function encodeSubframe(mode: i32, subframe: i32, steady: i32, pcm: usize): void {
  const aq = ref(AQ, subframe * MP1);
  const exc = ref(EXC, subframe * L_SUBFR);
  const low = mode <= MODE_9k;
  const wide = subframe == 0 || (subframe == 2 && mode > MODE_7k);
  if (wide && subframe == 2) limitLags(open1);
  prepare(subframe);
  T0 = Pitch_fr4(exc, XN, H1, T0Min, T0Max, wide, low ? PIT_MIN : PIT_FR2, low ? PIT_FR1_8b : PIT_FR1_9b);
  sendLag(mode, wide);
  const clip = clipsGain();
  Pred_lt4(exc, T0, pitchFraction, L_SUBFR + 1);
  const adaptive = chooseAdaptive(mode, exc, clip);
  Updt_tar(CN, CN, exc, adaptive);
  Scale_sig(CN, L_SUBFR, shift);
  Preemph(H2, tiltCode, L_SUBFR, 0);
  const lag = pitchFraction > 2 ? T0 + 1 : T0;
  Pit_shrp(H2, lag, PIT_SHARP);
  cor_h_x(H2, XN2, DN);
  if (mode == MODE_7k) ACELP_2t64(DN, CN, H2, CODE, Y2);
  else ACELP_4t64(mode, DN, CN, H2, CODE, Y2);
  Preemph(CODE, tiltCode, L_SUBFR, 0);
  Pit_shrp(CODE, lag, PIT_SHARP);
  Parm_serial(Q_gain2(XN, Y1, newQ + shift, Y2, CODE, G_COEFF, low, adaptive, clip), low ? 6 : 7);
  const pitch = quantizedPitch;
  Gp_clip_test_gain_pit(pitch);
  const gain = round(L_shl(quantizedCode, newQ));
  copy(EXC2, exc, L_SUBFR);
  Scale_sig(EXC2, L_SUBFR, shift);
  const voicing = voice_factor(EXC2, shift, pitch, CODE, gain);
  tiltCode = (voicing >> 2) + 8192;
  let rest = L_sub(0, L_shl((gain * at(Y2, L_SUBFR - 1)) << 1, 5 + shift));
  rest += (at(XN, L_SUBFR - 1) * 16384) << 1;
  rest -= (at(Y1, L_SUBFR - 1) * pitch) << 1;
  put(MEM_W0, 0, round(L_shl(rest, 1 - shift)));
  if (mode >= MODE_24k) copy(EXC2, exc, L_SUBFR);
  for (let i = 0; i < L_SUBFR; i += 1) put(exc, i, round(L_shl((((gain * at(CODE, i)) << 1) << 5) + ((at(exc, i) * pitch) << 1), 1)));
  Syn_filt(aq, exc, SYNTH, L_SUBFR, MEM_SYN, true);
  if (mode >= MODE_24k) sendHighBand(CODE, EXC2, aq, pitch, steady, voicing, ref(pcm, subframe * L_SUBFR16k), newQ, vadHistory > 0);
}

function encodeSpeech(mode: i32, speech: bool, pcm: usize): void {
  Qpisf_2s(mode, ISF);
  const steady = stability(ISF, ISF_OLD);
  copy(ISF_OLD, ISF, M);
  Isf_isp(ISF, ISP_Q, M);
  if (firstFrame) {
    firstFrame = false;
    copy(ISP_OLD_Q, ISP_Q, M);
  }
  interpolate_isp(ISP_OLD_Q, ISP_Q, AQ);
  copy(ISP_OLD_Q, ISP_Q, M);
  for (let i = 0; i < 4; i += 1) Residu(ref(AQ, i * MP1), ref(SPEECH, i * L_SUBFR), ref(EXC, i * L_SUBFR), L_SUBFR);
  if (!speech) rememberForDtx(mode);
  limitLags(open0);
  for (let i = 0; i < 4; i += 1) encodeSubframe(mode, i, steady, pcm);
  memory.copy(OLD_EXC, ref(OLD_EXC, L_FRAME), (<usize>HISTORY) << 1);
}

/** Encodes 320 samples into the bits of `bits`. Whether they are silence, `silent` of dtx-encode tells. */
export function encodeFrame(mode: i32, pcm: usize, dtx: bool): void {
  rewind();
  const change = preprocess(pcm);
  copy(BUF, NEW_SPEECH, L_FRAME);
  Scale_sig(BUF, L_FRAME, 1 - newQ);
  const speech = wb_vad(BUF);
  vadHistory = speech ? 0 : min(vadHistory + 1, 32767);
  if (dtx) tx_dtx_handler(speech);
  else noDtx();
  if (!silent) Parm_serial(speech ? 1 : 0, 1);
  lpc(OLD_SPEECH, A);
  Az_isp(A, ISP, ISP_OLD);
  interpolate_isp(ISP_OLD, ISP, A);
  copy(ISP_OLD, ISP, M);
  Isp_isf(ISP, ISF);
  Gp_clip_test_isf(ISF);
  weightSpeech(change);
  openLoop(silent ? MODE_24k : mode);
  if (silent) encodeSilence(mode, pcm);
  else encodeSpeech(mode, speech, pcm);
  memory.copy(OLD_SPEECH, ref(OLD_SPEECH, L_FRAME), (L_TOTAL - L_FRAME) << 1);
  memory.copy(OLD_WSP, ref(OLD_WSP, L_FRAME / 2), WSP_HISTORY << 1);
}
