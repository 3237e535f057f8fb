/** Spectral frequencies from their indices, or from the past (TS 26.190 §6.1, TS 26.191 §6.2.4). */
import { at, copy, L_mac, L_mult, mult, put, ref, round, sat, word, zero } from '../amr/basic-op';
import { Serial_parm } from './bits';
import { ISF_GAP, M, MODE_7k, MU } from './frame';
import { keepIsfDistance, Reorder_isf } from './isp';
import {
  DICO1_ISF, DICO1_ISF_NOISE, DICO2_ISF, DICO2_ISF_NOISE, DICO21_ISF, DICO21_ISF_36B, DICO22_ISF, DICO22_ISF_36B, DICO23_ISF, DICO23_ISF_36B,
  DICO24_ISF, DICO25_ISF, DICO3_ISF_NOISE, DICO4_ISF_NOISE, DICO5_ISF_NOISE, ISF_INIT, MEAN_ISF, MEAN_ISF_NOISE,
} from './tables';

const L_MEANBUF: i32 = 3;
const ALPHA: i32 = 29491;
const ONE_ALPHA: i32 = 32768 - ALPHA;

/** Residuals and frequencies of the frames before. */
const PAST_ISFQ: usize = memory.data(32, 16);
const ISF_BUF: usize = memory.data(96, 16);

export function isf_decode_reset(full: bool): void {
  zero(PAST_ISFQ, M);
  if (full) for (let i = 0; i < L_MEANBUF; i += 1) copy(ref(ISF_BUF, i * M), ISF_INIT, M);
}

function add(isf: usize, from: i32, dictionary: usize, index: i32, count: i32): void {
  for (let i = 0; i < count; i += 1) put(isf, from + i, sat(at(isf, from + i) + at(dictionary, index * count + i)));
}

function readIndices(isf: usize, mode: i32): void {
  const first = Serial_parm(8);
  const second = Serial_parm(8);
  copy(isf, ref(DICO1_ISF, first * 9), 9);
  copy(ref(isf, 9), ref(DICO2_ISF, second * 7), 7);
  if (mode == MODE_7k) {
    add(isf, 0, DICO21_ISF_36B, Serial_parm(7), 5);
    add(isf, 5, DICO22_ISF_36B, Serial_parm(7), 4);
    add(isf, 9, DICO23_ISF_36B, Serial_parm(6), 7);
  } else {
    add(isf, 0, DICO21_ISF, Serial_parm(6), 3);
    add(isf, 3, DICO22_ISF, Serial_parm(7), 3);
    add(isf, 6, DICO23_ISF, Serial_parm(7), 3);
    add(isf, 9, DICO24_ISF, Serial_parm(5), 3);
    add(isf, 12, DICO25_ISF, Serial_parm(5), 4);
  }
}

/** @param old frequencies of the frame before */
export function Dpisf_2s(mode: i32, bfi: bool, isf: usize, old: usize): void {
  readIndices(isf, mode);
  if (!bfi) {
    for (let i = 0; i < M; i += 1) {
      const residual = at(isf, i);
      put(isf, i, word(residual + at(MEAN_ISF, i) + ((MU * at(PAST_ISFQ, i)) >> 15)));
      put(PAST_ISFQ, i, residual);
    }
    copy(ref(ISF_BUF, 2 * M), ref(ISF_BUF, M), M);
    copy(ref(ISF_BUF, M), ISF_BUF, M);
    copy(ISF_BUF, isf, M);
  } else {
    for (let i = 0; i < M; i += 1) {
      let sum = L_mult(at(MEAN_ISF, i), 8192);
      for (let j = 0; j < L_MEANBUF; j += 1) sum = L_mac(sum, at(ISF_BUF, j * M + i), 8192);
      const reference = round(sum);
      const f = sat(mult(ALPHA, at(old, i)) + mult(ONE_ALPHA, reference));
      put(isf, i, f);
      put(PAST_ISFQ, i, sat(f - sat(reference + mult(at(PAST_ISFQ, i), MU))) >> 1);
    }
  }
  keepIsfDistance(isf);
}

/** Frequencies of a silence description. */
export function Disf_ns(isf: usize): void {
  zero(isf, M);
  add(isf, 0, DICO1_ISF_NOISE, Serial_parm(6), 2);
  add(isf, 2, DICO2_ISF_NOISE, Serial_parm(6), 3);
  add(isf, 5, DICO3_ISF_NOISE, Serial_parm(6), 3);
  add(isf, 8, DICO4_ISF_NOISE, Serial_parm(5), 4);
  add(isf, 12, DICO5_ISF_NOISE, Serial_parm(5), 4);
  for (let i = 0; i < M; i += 1) put(isf, i, sat(at(isf, i) + at(MEAN_ISF_NOISE, i)));
  Reorder_isf(isf, ISF_GAP, M);
}
