/** Comfort noise and the receiver's DTX states (TS 26.192, TS 26.193). */
import { at, copy, div_s, energy, hi, L_add, L_mac, L_mult, mult, mult_r, norm_l, put, ref, sat, shl } from '../amr/basic-op';
import { Log2, logFraction } from '../amr/math-op';
import { Serial_parm } from './bits';
import { ISF_GAP, L_FRAME, M } from './frame';
import { Disf_ns } from './isf-decode';
import { noise_gen, SEED_COMFORT, SEED_DITHER } from './noise';
import { Dot_product12, exponent, one_ov_sqrt_norm, power_of_2 } from './operators';
import { ISF_INIT } from './tables';

export const SPEECH: i32 = 0;
export const DTX: i32 = 1;
export const DTX_MUTE: i32 = 2;

/** Kinds of received frames, TS 26.193. */
export const RX_SPEECH_GOOD: i32 = 0;
export const RX_SPEECH_LOST: i32 = 2;
export const RX_SPEECH_BAD: i32 = 3;
export const RX_SID_FIRST: i32 = 4;
export const RX_SID_UPDATE: i32 = 5;
export const RX_SID_BAD: i32 = 6;
export const RX_NO_DATA: i32 = 7;

const DTX_HIST_SIZE: i32 = 8;
const DTX_HANG_CONST: i32 = 7;
const DTX_ELAPSED_FRAMES_THRESH: i32 = 24 + 7 - 1;
const DTX_MAX_EMPTY_THRESH: i32 = 50;

const ISF: usize = memory.data(32, 16);
const ISF_OLD: usize = memory.data(32, 16);
const ISF_HIST: usize = memory.data(256, 16);
const LOG_EN_HIST: usize = memory.data(16, 16);

export let dtxGlobalState: i32 = SPEECH;
let sinceLastSid: i32 = 0;
let trueSidPeriodInv: i32 = 0;
let logEn: i32 = 0;
let oldLogEn: i32 = 0;
let histPtr: i32 = 0;
let hangoverCount: i32 = 0;
let elapsedCount: i32 = 0;
let sidFrame: bool = false;
let validData: bool = false;
let hangoverAdded: bool = false;
let dataUpdated: bool = false;
let dithered: bool = false;

export function dtx_dec_reset(): void {
  sinceLastSid = 0;
  trueSidPeriodInv = 1 << 13;
  logEn = 3500;
  oldLogEn = 3500;
  histPtr = 0;
  copy(ISF, ISF_INIT, M);
  copy(ISF_OLD, ISF_INIT, M);
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) {
    copy(ref(ISF_HIST, i * M), ISF_INIT, M);
    put(LOG_EN_HIST, i, logEn);
  }
  hangoverCount = DTX_HANG_CONST;
  elapsedCount = 32767;
  sidFrame = false;
  validData = false;
  hangoverAdded = false;
  dtxGlobalState = SPEECH;
  dataUpdated = false;
  dithered = false;
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
  if (isSid(type) || (silent && (type == RX_NO_DATA || type == RX_SPEECH_BAD || type == RX_SPEECH_LOST))) {
    state = DTX;
    if (dtxGlobalState == DTX_MUTE && (type == RX_SID_BAD || type == RX_SID_FIRST || type == RX_SPEECH_LOST || type == RX_NO_DATA)) {
      state = DTX_MUTE;
    }
    sinceLastSid = min(sinceLastSid + 1, 32767);
    if (sinceLastSid > DTX_MAX_EMPTY_THRESH) state = DTX_MUTE;
  } else {
    sinceLastSid = 0;
  }
  if (!dataUpdated && type == RX_SID_UPDATE) elapsedCount = 0;
  elapsedCount = min(elapsedCount + 1, 32767);
  hangoverAdded = false;
  if (!isSid(type) && type != RX_NO_DATA) {
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
export function dtx_dec_activity_update(isf: usize, exc: usize): void {
  histPtr = (histPtr + 1) & (DTX_HIST_SIZE - 1);
  copy(ref(ISF_HIST, histPtr * M), isf, M);
  const power = Log2(energy(exc, L_FRAME) >> 1);
  put(LOG_EN_HIST, histPtr, (power << 7) + (logFraction >> 8) - 1024);
}

/** Mean of the hangover's frames. */
function averageHangover(): void {
  const next = (histPtr + 1) & (DTX_HIST_SIZE - 1);
  copy(ref(ISF_HIST, next * M), ref(ISF_HIST, histPtr * M), M);
  put(LOG_EN_HIST, next, at(LOG_EN_HIST, histPtr));
  logEn = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) logEn = sat(logEn + at(LOG_EN_HIST, i));
  logEn = max((logEn >> 1) + 1024, 0);
  for (let j = 0; j < M; j += 1) {
    let sum = 0;
    for (let i = 0; i < DTX_HIST_SIZE; i += 1) sum += at(ISF_HIST, i * M + j);
    put(ISF, j, sum >> 3);
  }
}

function newDescription(): void {
  copy(ISF_OLD, ISF, M);
  oldLogEn = logEn;
  if (!validData) return;
  const period = min(sinceLastSid, 32);
  trueSidPeriodInv = period >= 2 ? div_s(1 << 10, shl(period, 10)) : 1 << 14;
  Disf_ns(ISF);
  const index = Serial_parm(6);
  dithered = Serial_parm(1) != 0;
  logEn = mult(shl(index, 9), 12483);
  if (!dataUpdated || dtxGlobalState == SPEECH) {
    copy(ISF_OLD, ISF, M);
    oldLogEn = logEn;
  }
}

function dither(): i32 {
  const first = noise_gen(SEED_DITHER) >> 1;
  return first + (noise_gen(SEED_DITHER) >> 1);
}

/** Varies frequencies and energy of unsteady noise at random. @returns the energy */
function CN_dithering(isf: usize, logEnInt: i32): i32 {
  const result = max(L_add(logEnInt, L_mult(dither(), 75)), 0);
  let factor = 256;
  put(isf, 0, max(sat(at(isf, 0) + mult_r(dither(), factor)), ISF_GAP));
  for (let i = 1; i < M - 1; i += 1) {
    factor += 2;
    const varied = sat(at(isf, i) + mult_r(dither(), factor));
    put(isf, i, sat(varied - at(isf, i - 1)) < 448 ? at(isf, i - 1) + 448 : varied);
  }
  put(isf, M - 2, min(at(isf, M - 2), 16384));
  return result;
}

/** One frame of comfort noise. @param exc2 256 samples of excitation come back, and @param isf the frequencies */
export function dtx_dec(exc2: usize, state: i32, isf: usize): void {
  if (hangoverAdded && sidFrame) averageHangover();
  if (sidFrame) newDescription();
  if (sidFrame && validData) sinceLastSid = 0;
  const factor = shl(min(mult(shl(sinceLastSid, 10), trueSidPeriodInv), 1024), 4);
  const rest = 16384 - factor;
  let logEnInt = L_mac(L_mult(factor, logEn), rest, oldLogEn);
  for (let i = 0; i < M; i += 1) put(isf, i, shl(sat(mult(factor, at(ISF, i)) + mult(rest, at(ISF_OLD, i))), 1));
  if (dithered) logEnInt = CN_dithering(isf, logEnInt);
  logEnInt >>= 9;
  const power = hi(logEnInt);
  const level32 = power_of_2(power + 15, (logEnInt - (power << 16)) >> 1);
  const levelShift = norm_l(level32);
  const level = hi(level32 << levelShift);
  for (let i = 0; i < L_FRAME; i += 1) put(exc2, i, noise_gen(SEED_COMFORT) >> 4);
  const noise = Dot_product12(exc2, exc2, L_FRAME);
  const gain = mult(level, hi(one_ov_sqrt_norm(noise, exponent)));
  const shift = exponent + 15 - levelShift + 4;
  for (let i = 0; i < L_FRAME; i += 1) put(exc2, i, shl(mult(at(exc2, i), gain), shift));
  if (state == DTX_MUTE) {
    trueSidPeriodInv = div_s(1 << 10, shl(min(sinceLastSid, 32), 10));
    sinceLastSid = 0;
    oldLogEn = logEn;
    logEn = sat(logEn - 64);
  }
  if (sidFrame && (validData || hangoverAdded)) {
    sinceLastSid = 0;
    dataUpdated = true;
  }
}
