/** Vector quantization of line spectral frequencies (TS 26.090 §5.2.5). */
import { at, copy, mult, put, ref, word, zero } from '../amr/basic-op';
import { LSP_PRED_FAC_MR122, M, MR475, MR515, MR795, MRDTX } from './frame';
import { Lsf_lsp, Lsp_lsf, Reorder_lsf } from './lsp';
import {
  DICO1_LSF_3, DICO1_LSF_5, DICO2_LSF_3, DICO2_LSF_5, DICO3_LSF_3, DICO3_LSF_5, DICO4_LSF_5, DICO5_LSF_5,
  MEAN_LSF_3, MEAN_LSF_5, MR515_3_LSF, MR795_1_LSF, PAST_RQ_INIT, PRED_FAC_3,
} from './tables';

const PAST_RQ: usize = memory.data(32, 16);
const LSF1: usize = memory.data(32, 16);
const LSF2: usize = memory.data(32, 16);
const WF1: usize = memory.data(32, 16);
const WF2: usize = memory.data(32, 16);
const P: usize = memory.data(32, 16);
const R1: usize = memory.data(32, 16);
const R2: usize = memory.data(32, 16);

export function Q_plsf_reset(): void {
  zero(PAST_RQ, M);
}

/** Weights: close frequencies count more. */
function Lsf_wt(lsf: usize, weights: usize): void {
  put(weights, 0, at(lsf, 1));
  for (let i = 1; i < 9; i += 1) put(weights, i, at(lsf, i + 1) - at(lsf, i - 1));
  put(weights, 9, 16384 - at(lsf, 8));
  for (let i = 0; i < M; i += 1) {
    const distance = at(weights, i);
    const over = distance - 1843;
    put(weights, i, (over > 0 ? 1843 - ((over * 6242) >> 15) : 3427 - ((distance * 28160) >> 15)) << 3);
  }
}

// @ts-ignore: decorator
@inline
function squared(x: i32): i32 {
  return x * x;
}

/** Nearest entry of three numbers. @param stride words between the entries that are tried */
function Vq_subvec3(r: usize, dictionary: usize, w: usize, size: i32, stride: i32): i32 {
  const r0 = at(r, 0), r1 = at(r, 1), r2 = at(r, 2);
  const w0 = at(w, 0), w1 = at(w, 1), w2 = at(w, 2);
  let least = i32.MAX_VALUE;
  let index = 0;
  let entry = dictionary;
  for (let i = 0; i < size; i += 1, entry += <usize>stride << 1) {
    const distance = squared((w0 * (r0 - load<i16>(entry))) >> 15) + squared((w1 * (r1 - load<i16>(entry, 2))) >> 15)
      + squared((w2 * (r2 - load<i16>(entry, 4))) >> 15);
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  copy(r, ref(dictionary, index * stride), 3);
  return index;
}

function Vq_subvec4(r: usize, dictionary: usize, w: usize, size: i32): i32 {
  const r0 = at(r, 0), r1 = at(r, 1), r2 = at(r, 2), r3 = at(r, 3);
  const w0 = at(w, 0), w1 = at(w, 1), w2 = at(w, 2), w3 = at(w, 3);
  let least = i32.MAX_VALUE;
  let index = 0;
  let entry = dictionary;
  for (let i = 0; i < size; i += 1, entry += 8) {
    const distance = squared((w0 * (r0 - load<i16>(entry))) >> 15) + squared((w1 * (r1 - load<i16>(entry, 2))) >> 15)
      + squared((w2 * (r2 - load<i16>(entry, 4))) >> 15) + squared((w3 * (r3 - load<i16>(entry, 6))) >> 15);
    if (distance < least) {
      least = distance;
      index = i;
    }
  }
  copy(r, ref(dictionary, index << 2), 4);
  return index;
}

/** Chooses one of eight predictions for a SID. */
function choosePrediction(): i32 {
  let least = i32.MAX_VALUE;
  let chosen = 0;
  for (let j = 0; j < 8; j += 1) {
    let error = 0;
    for (let i = 0; i < M; i += 1) error += squared(word(at(LSF1, i) - at(MEAN_LSF_3, i) - at(PAST_RQ_INIT, j * M + i))) << 1;
    if (error < least) {
      least = error;
      chosen = j;
    }
  }
  copy(PAST_RQ, ref(PAST_RQ_INIT, chosen * M), M);
  return chosen;
}

/** One set of pairs. @param indices three of them come back. @returns for MRDTX, the index of the prediction */
export function Q_plsf_3(mode: i32, lsp: usize, lspQ: usize, indices: usize): i32 {
  Lsp_lsf(lsp, LSF1);
  Lsf_wt(LSF1, WF1);
  let prediction = 0;
  if (mode == MRDTX) prediction = choosePrediction();
  for (let i = 0; i < M; i += 1) {
    const past = at(PAST_RQ, i);
    const p = at(MEAN_LSF_3, i) + (mode == MRDTX ? past : mult(past, at(PRED_FAC_3, i)));
    put(P, i, p);
    put(R1, i, at(LSF1, i) - p);
  }
  const short = mode == MR475 || mode == MR515;
  put(indices, 0, mode == MR795 ? Vq_subvec3(R1, MR795_1_LSF, WF1, 512, 3) : Vq_subvec3(R1, DICO1_LSF_3, WF1, 256, 3));
  put(indices, 1, Vq_subvec3(ref(R1, 3), DICO2_LSF_3, ref(WF1, 3), short ? 256 : 512, short ? 6 : 3));
  put(indices, 2, short ? Vq_subvec4(ref(R1, 6), MR515_3_LSF, ref(WF1, 6), 128) : Vq_subvec4(ref(R1, 6), DICO3_LSF_3, ref(WF1, 6), 512));
  for (let i = 0; i < M; i += 1) put(LSF1, i, at(R1, i) + at(P, i));
  copy(PAST_RQ, R1, M);
  Reorder_lsf(LSF1);
  Lsf_lsp(LSF1, lspQ);
  return prediction;
}

/** Nearest entry of two numbers for each of two sets. @param signed the negative entries count too. @returns index, with the sign below it */
function Vq_subvec(i: i32, dictionary: usize, size: i32, signed: bool): i32 {
  const r0 = at(R1, i), r1 = at(R1, i + 1), r2 = at(R2, i), r3 = at(R2, i + 1);
  const w0 = at(WF1, i), w1 = at(WF1, i + 1), w2 = at(WF2, i), w3 = at(WF2, i + 1);
  let least = i32.MAX_VALUE;
  let index = 0;
  let entry = dictionary;
  for (let k = 0; k < size; k += 1, entry += 8) {
    const d0 = load<i16>(entry), d1 = load<i16>(entry, 2), d2 = load<i16>(entry, 4), d3 = load<i16>(entry, 6);
    const distance = squared((w0 * (r0 - d0)) >> 15) + squared((w1 * (r1 - d1)) >> 15) + squared((w2 * (r2 - d2)) >> 15)
      + squared((w3 * (r3 - d3)) >> 15);
    if (distance < least) {
      least = distance;
      index = k << 1;
    }
    if (signed) {
      const opposite = squared((w0 * (r0 + d0)) >> 15) + squared((w1 * (r1 + d1)) >> 15) + squared((w2 * (r2 + d2)) >> 15)
        + squared((w3 * (r3 + d3)) >> 15);
      if (opposite < least) {
        least = opposite;
        index = (k << 1) | 1;
      }
    }
  }
  entry = ref(dictionary, (index >> 1) << 2);
  const sign = (index & 1) != 0 ? -1 : 1;
  put(R1, i, at(entry, 0) * sign);
  put(R1, i + 1, at(entry, 1) * sign);
  put(R2, i, at(entry, 2) * sign);
  put(R2, i + 1, at(entry, 3) * sign);
  return signed ? index : index >> 1;
}

/** Two sets of pairs, 12.2 kbit/s. @param indices five of them come back */
export function Q_plsf_5(lspMid: usize, lspNew: usize, lspMidQ: usize, lspNewQ: usize, indices: usize): void {
  Lsp_lsf(lspMid, LSF1);
  Lsp_lsf(lspNew, LSF2);
  Lsf_wt(LSF1, WF1);
  Lsf_wt(LSF2, WF2);
  for (let i = 0; i < M; i += 1) {
    const p = at(MEAN_LSF_5, i) + mult(at(PAST_RQ, i), LSP_PRED_FAC_MR122);
    put(P, i, p);
    put(R1, i, at(LSF1, i) - p);
    put(R2, i, at(LSF2, i) - p);
  }
  put(indices, 0, Vq_subvec(0, DICO1_LSF_5, 128, false));
  put(indices, 1, Vq_subvec(2, DICO2_LSF_5, 256, false));
  put(indices, 2, Vq_subvec(4, DICO3_LSF_5, 256, true));
  put(indices, 3, Vq_subvec(6, DICO4_LSF_5, 256, false));
  put(indices, 4, Vq_subvec(8, DICO5_LSF_5, 64, false));
  for (let i = 0; i < M; i += 1) {
    put(LSF1, i, at(R1, i) + at(P, i));
    put(LSF2, i, at(R2, i) + at(P, i));
  }
  copy(PAST_RQ, R2, M);
  Reorder_lsf(LSF1);
  Reorder_lsf(LSF2);
  Lsf_lsp(LSF1, lspMidQ);
  Lsf_lsp(LSF2, lspNewQ);
}
