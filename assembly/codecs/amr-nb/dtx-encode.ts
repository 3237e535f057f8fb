/** Silence descriptions of the encoder, and when they are sent (TS 26.092 §5, TS 26.093 §5.1). */
import { at, copy, energy, put, ref, zero } from '../amr/basic-op';
import { Log2, logFraction } from '../amr/math-op';
import { L_FRAME, M, MRDTX } from './frame';
import { setPastEnergies } from './gain-predictor';
import { Q_plsf_3 } from './lsf-encode';
import { Lsf_lsp, Lsp_lsf, Reorder_lsf } from './lsp';
import { LSP_INIT_DATA } from './tables';

const DTX_HIST_SIZE: i32 = 8;
const DTX_HANG_CONST: i32 = 7;
const DTX_ELAPSED_FRAMES_THRESH: i32 = 24 + 7 - 1;
const SID_UPDATE_RATE: i32 = 8;

export const TX_SPEECH_GOOD: i32 = 0;
export const TX_SID_FIRST: i32 = 1;
export const TX_SID_UPDATE: i32 = 2;
export const TX_NO_DATA: i32 = 3;

const LSP_HIST: usize = memory.data(160, 16);
const LOG_EN_HIST: usize = memory.data(16, 16);
const LSP: usize = memory.data(32, 16);
const LSF: usize = memory.data(32, 16);
const LSP_Q: usize = memory.data(32, 16);
const INDICES: usize = memory.data(16, 16);

let histPtr: i32 = 0;
let logEnIndex: i32 = 0;
let predictionIndex: i32 = 0;
let hangoverCount: i32 = 0;
let elapsedCount: i32 = 0;
let updateCounter: i32 = 3;
let previousType: i32 = TX_SPEECH_GOOD;

export function dtx_enc_reset(): void {
  histPtr = 0;
  logEnIndex = 0;
  predictionIndex = 0;
  zero(INDICES, 3);
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) copy(ref(LSP_HIST, i * M), LSP_INIT_DATA, M);
  zero(LOG_EN_HIST, DTX_HIST_SIZE);
  hangoverCount = DTX_HANG_CONST;
  elapsedCount = 32767;
  updateCounter = 3;
  previousType = TX_SPEECH_GOOD;
}

/** Whether the frame is silence. */
export let silent: bool = false;

/** Decides between speech and silence; speech lasts some frames longer. @returns whether a new SID may be computed */
export function tx_dtx_handler(speech: bool): bool {
  silent = false;
  elapsedCount = min(elapsedCount + 1, 32767);
  if (speech) {
    hangoverCount = DTX_HANG_CONST;
    return false;
  }
  if (hangoverCount == 0) {
    elapsedCount = 0;
    silent = true;
    return true;
  }
  hangoverCount -= 1;
  silent = elapsedCount + hangoverCount < DTX_ELAPSED_FRAMES_THRESH;
  return false;
}

export function noDtx(): void {
  silent = false;
}

/** Remembers pairs and energy of a frame. */
export function dtx_buffer(lsp: usize, speech: usize): void {
  histPtr = (histPtr + 1) & (DTX_HIST_SIZE - 1);
  copy(ref(LSP_HIST, histPtr * M), lsp, M);
  const exponent = Log2(energy(speech, L_FRAME));
  put(LOG_EN_HIST, histPtr, ((exponent << 10) + (logFraction >> 5) - 8521) >> 1);
}

function compute(): void {
  let logEn = 0;
  for (let i = 0; i < DTX_HIST_SIZE; i += 1) logEn += at(LOG_EN_HIST, i) >> 2;
  logEn >>= 1;
  for (let j = 0; j < M; j += 1) {
    let sum = 0;
    for (let i = 0; i < DTX_HIST_SIZE; i += 1) sum += at(LSP_HIST, i * M + j);
    put(LSP, j, sum >> 3);
  }
  logEnIndex = max(0, min((logEn + 2560 + 128) >> 8, 63));
  const past = max(-14436, min((logEnIndex << 8) - 11560, 0));
  setPastEnergies(past, (past * 5443) >> 15);
  Lsp_lsf(LSP, LSF);
  Reorder_lsf(LSF);
  Lsf_lsp(LSF, LSP);
  predictionIndex = Q_plsf_3(MRDTX, LSP, LSP_Q, INDICES);
}

/** Parameters of a silence description. */
export function dtx_enc(computeSid: bool, prm: usize): void {
  if (computeSid || logEnIndex == 0) compute();
  put(prm, 0, predictionIndex);
  copy(ref(prm, 1), INDICES, 3);
  put(prm, 4, logEnIndex);
}

/** What is sent for the frame: TX_... (TS 26.093 §5.1.2). */
export function sid_sync(): i32 {
  if (!silent) {
    updateCounter = SID_UPDATE_RATE;
    previousType = TX_SPEECH_GOOD;
    return TX_SPEECH_GOOD;
  }
  updateCounter -= 1;
  let type = TX_NO_DATA;
  if (previousType == TX_SPEECH_GOOD) {
    type = TX_SID_FIRST;
    updateCounter = 3;
  } else if (updateCounter == 0) {
    type = TX_SID_UPDATE;
    updateCounter = SID_UPDATE_RATE;
  }
  previousType = type;
  return type;
}
