/** Silence descriptions of the encoder, and when they are sent (TS 26.192 §5, TS 26.193 §5.1). */
import { abs_s, at, at32, copy, hi, L_add, L_mac, L_mult, L_shl, L_sub, mult, norm_l, put, put32, ref, round, sat, shl, zero } from '../amr/basic-op';
import { Log2, logFraction, Pow2 } from '../amr/math-op';
import { Parm_serial } from './bits';
import { L_FRAME, M } from './frame';
import { Qisf_ns } from './isf-encode';
import { noise_gen, SEED_COMFORT } from './noise';
import { Dot_product12, exponent, one_ov_sqrt_norm } from './operators';
import { EN_ADJUST, ISF_INIT } from './tables';

const DTX_HIST_SIZE: i32 = 8;
const DTX_HANG_CONST: i32 = 7;
const DTX_ELAPSED_FRAMES_THRESH: i32 = 24 + 7 - 1;
const INV_MED_THRESH: i32 = 14564;

export const TX_SPEECH: i32 = 0;
export const TX_SID_FIRST: i32 = 1;
export const TX_SID_UPDATE: i32 = 2;
export const TX_NO_DATA: i32 = 3;

const ISF_HIST: usize = memory.data(256, 16);
const LOG_EN_HIST: usize = memory.data(16, 16);
/** Distances between the remembered frequencies, and their sums. */
const D: usize = memory.data(112, 16);
const SUM_D: usize = memory.data(32, 16);
const INDICES: usize = memory.data(16, 16);

let histPtr: i32 = 0;
export let hangoverCount: i32 = 0;
let elapsedCount: i32 = 0;
let updateCounter: i32 = 3;
let previousType: i32 = TX_SPEECH;
export let silent: bool = false;

export function dtx_enc_reset(): void {
  histPtr = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) copy(ref(ISF_HIST, i * M), ISF_INIT, M);
  zero(LOG_EN_HIST, DTX_HIST_SIZE);
  memory.fill(D, 0, 112);
  memory.fill(SUM_D, 0, 32);
  hangoverCount = DTX_HANG_CONST;
  elapsedCount = 32767;
  updateCounter = 3;
  previousType = TX_SPEECH;
  silent = false;
}

export function noDtx(): void {
  silent = false;
}

/** Decides between speech and silence; speech lasts some frames longer. */
export function tx_dtx_handler(speech: bool): void {
  silent = false;
  elapsedCount = min(elapsedCount + 1, 32767);
  if (speech) {
    hangoverCount = DTX_HANG_CONST;
  } else if (hangoverCount == 0) {
    elapsedCount = 0;
    silent = true;
  } else {
    hangoverCount -= 1;
    silent = elapsedCount + hangoverCount < DTX_ELAPSED_FRAMES_THRESH;
  }
}

/** Remembers frequencies and energy of a frame. */
export function dtx_buffer(isf: usize, energy: i32, mode: i32): void {
  histPtr = (histPtr + 1) & (DTX_HIST_SIZE - 1);
  copy(ref(ISF_HIST, histPtr * M), isf, M);
  const power = Log2(energy);
  put(LOG_EN_HIST, histPtr, sat((power << 7) + (logFraction >> 8) - (1024 + at(EN_ADJUST, mode))));
}

function updateDistances(): void {
  for (let i = 0, j = -1, step = 7; i < 7; i += 1, step -= 1) {
    j += step;
    put32(SUM_D, i, L_sub(at32(SUM_D, i), at32(D, j)));
  }
  for (let i = 7; i > 0; i -= 1) put32(SUM_D, i, at32(SUM_D, i - 1));
  put32(SUM_D, 0, 0);
  for (let i = 27, step = 0; i >= 12; i -= step) {
    step += 1;
    for (let j = step; j > 0; j -= 1) put32(D, i - j + 1, at32(D, i - j - step));
  }
  for (let i = 1; i < DTX_HIST_SIZE; i += 1) {
    const other = (histPtr - i) & (DTX_HIST_SIZE - 1);
    let sum = 0;
    for (let j = 0; j < M; j += 1) {
      const difference = sat(at(ISF_HIST, histPtr * M + j) - at(ISF_HIST, other * M + j));
      sum = L_mac(sum, difference, difference);
    }
    put32(D, i - 1, sum);
    put32(SUM_D, 0, L_add(at32(SUM_D, 0), sum));
    put32(SUM_D, i, L_add(at32(SUM_D, i), sum));
  }
}

/** Two frames that stand out, and the median one, as places in the history; -1 where none stands out. */
function find_frame_indices(): void {
  updateDistances();
  let most = at32(SUM_D, 0);
  let least = most;
  let first = 0;
  let middle = 0;
  for (let i = 1; i < DTX_HIST_SIZE; i += 1) {
    const x = at32(SUM_D, i);
    if (x > most) {
      first = i;
      most = x;
    }
    if (x < least) {
      middle = i;
      least = x;
    }
  }
  let next = -2147483647;
  let second = -1;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) {
    if (at32(SUM_D, i) > next && i != first) {
      second = i;
      next = at32(SUM_D, i);
    }
  }
  const shift = norm_l(most);
  least <<= shift;
  put(INDICES, 0, L_mult(round(most << shift), INV_MED_THRESH) <= least ? -1 : (histPtr - first) & 7);
  put(INDICES, 1, L_mult(round(L_shl(next, shift)), INV_MED_THRESH) <= least ? -1 : (histPtr - second) & 7);
  put(INDICES, 2, (histPtr - middle) & 7);
}

/** Mean of the history, with the median in the place of what stands out. */
function averageHistory(isf: usize): void {
  for (let j = 0; j < M; j += 1) {
    let sum = 0;
    for (let i = 0; i < DTX_HIST_SIZE; i += 1) {
      const frame = i == at(INDICES, 0) || i == at(INDICES, 1) ? at(INDICES, 2) : i;
      sum += at(ISF_HIST, frame * M + j);
    }
    put(isf, j, sum >> 3);
  }
}

function dithering_control(): bool {
  let difference = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) difference = L_add(difference, at32(SUM_D, i));
  let mean = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) mean = sat(mean + at(LOG_EN_HIST, i));
  mean >>= 3;
  let change = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) change = sat(change + abs_s(sat(at(LOG_EN_HIST, i) - mean)));
  return difference >> 26 > 0 || change > 180;
}

/** Sends a silence description. @param isf comes back quantized; @param exc2 256 samples of comfort noise come back */
export function dtx_enc(isf: usize, exc2: usize): void {
  let logEn = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) logEn = sat(logEn + at(LOG_EN_HIST, i));
  find_frame_indices();
  averageHistory(isf);
  const index = max(0, min(mult(sat((logEn >> 2) + 512), 21504) >> 6, 63));
  Qisf_ns(isf);
  Parm_serial(index, 6);
  Parm_serial(dithering_control() ? 1 : 0, 1);
  logEn = mult(shl(index, 9), 12483);
  const level32 = Pow2((logEn >> 10) + 15, (logEn & 0x3ff) << 5);
  const levelShift = norm_l(level32);
  const level = hi(level32 << levelShift);
  for (let i = 0; i < L_FRAME; i += 1) put(exc2, i, noise_gen(SEED_COMFORT) >> 4);
  const noise = Dot_product12(exc2, exc2, L_FRAME);
  const gain = mult(level, hi(one_ov_sqrt_norm(noise, exponent)));
  const shift = exponent + 15 - levelShift + 4;
  for (let i = 0; i < L_FRAME; i += 1) put(exc2, i, shl(mult(at(exc2, i), gain), shift));
}

/** What is sent for the frame: TX_... (TS 26.193 §5.1.2). */
export function sid_sync(): i32 {
  if (!silent) {
    updateCounter = 8;
    previousType = TX_SPEECH;
    return TX_SPEECH;
  }
  updateCounter -= 1;
  let type = TX_NO_DATA;
  if (previousType == TX_SPEECH) {
    type = TX_SID_FIRST;
    updateCounter = 3;
  } else if (updateCounter == 0) {
    type = TX_SID_UPDATE;
    updateCounter = 8;
  }
  previousType = type;
  return type;
}
