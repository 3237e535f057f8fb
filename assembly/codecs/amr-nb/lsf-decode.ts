/** Line spectral frequencies from their indices, or from the past (TS 26.090 §6.1, TS 26.091 §6.2.4). */
import { at, copy, put, ref, zero } from '../amr/basic-op';
import { mult, sat } from '../amr/called-op';
import { LSP_PRED_FAC_MR122, M, MR475, MR515, MR795, MRDTX } from './frame';
import { Lsf_lsp, Reorder_lsf } from './lsp';
import {
  DICO1_LSF_3, DICO1_LSF_5, DICO2_LSF_3, DICO2_LSF_5, DICO3_LSF_3, DICO3_LSF_5, DICO4_LSF_5, DICO5_LSF_5,
  MEAN_LSF_3, MEAN_LSF_5, MR515_3_LSF, MR795_1_LSF, PAST_RQ_INIT, PRED_FAC_3,
} from './tables';

/** Quantized residual of the frame before, and its frequencies. */
const PAST_R_Q: usize = memory.data(32, 16);
export const PAST_LSF_Q: usize = memory.data(32, 16);
const LSF1: usize = memory.data(32, 16);
const LSF2: usize = memory.data(32, 16);
const R: usize = memory.data(32, 16);

export function D_plsf_reset(): void {
  zero(PAST_R_Q, M);
  copy(PAST_LSF_Q, MEAN_LSF_5, M);
}

export function Init_D_plsf_3(index: i32): void {
  copy(PAST_R_Q, ref(PAST_RQ_INIT, index * M), M);
}

export function clearPastResidual(): void {
  zero(PAST_R_Q, M);
}

// @ts-ignore: decorator
@inline
function predicted3(mode: i32, i: i32): i32 {
  const past = at(PAST_R_Q, i);
  return sat(at(MEAN_LSF_3, i) + (mode == MRDTX ? past : mult(past, at(PRED_FAC_3, i))));
}

/** One set of frequencies: all modes but 12.2, and SID. @param indices three of them */
export function D_plsf_3(mode: i32, bfi: bool, indices: usize, lsp: usize): void {
  if (bfi) {
    for (let i = 0; i < M; i += 1) {
      const f = sat(mult(at(MEAN_LSF_3, i), 3277) + mult(at(PAST_LSF_Q, i), 29491));
      put(LSF1, i, f);
      put(PAST_R_Q, i, sat(f - predicted3(mode, i)));
    }
  } else {
    const short = mode == MR475 || mode == MR515;
    const first = mode == MR795 ? MR795_1_LSF : DICO1_LSF_3;
    const firstLimit = mode == MR795 ? 511 : 255;
    copy(R, ref(first, min(at(indices, 0), firstLimit) * 3), 3);
    copy(ref(R, 3), ref(DICO2_LSF_3, min(short ? at(indices, 1) << 1 : at(indices, 1), 511) * 3), 3);
    if (short) copy(ref(R, 6), ref(MR515_3_LSF, min(at(indices, 2), 127) << 2), 4);
    else copy(ref(R, 6), ref(DICO3_LSF_3, min(at(indices, 2), 511) << 2), 4);
    for (let i = 0; i < M; i += 1) put(LSF1, i, sat(at(R, i) + predicted3(mode, i)));
    copy(PAST_R_Q, R, M);
  }
  Reorder_lsf(LSF1);
  copy(PAST_LSF_Q, LSF1, M);
  Lsf_lsp(LSF1, lsp);
}

function pair(dictionary: usize, index: i32, negative: bool, prediction: i32, i: i32): void {
  for (let k = 0; k < 2; k += 1) {
    let first = at(dictionary, (index << 2) + k);
    let second = at(dictionary, (index << 2) + 2 + k);
    if (negative) {
      first = -first;
      second = -second;
    }
    const base = sat(at(MEAN_LSF_5, i + k) + mult(at(PAST_R_Q, i + k), prediction));
    put(LSF1, i + k, sat(first + base));
    put(LSF2, i + k, sat(second + base));
    put(PAST_R_Q, i + k, second);
  }
}

/** Two sets of frequencies in a frame: 12.2 kbit/s. @param indices five of them */
export function D_plsf_5(bfi: bool, indices: usize, lspMid: usize, lspNew: usize): void {
  if (bfi) {
    for (let i = 0; i < M; i += 1) {
      const f = sat(mult(at(MEAN_LSF_5, i), 1639) + mult(at(PAST_LSF_Q, i), 31128));
      put(LSF1, i, f);
      put(LSF2, i, f);
      put(PAST_R_Q, i, sat(f - sat(at(MEAN_LSF_5, i) + mult(at(PAST_R_Q, i), LSP_PRED_FAC_MR122))));
    }
  } else {
    pair(DICO1_LSF_5, at(indices, 0) & 127, false, LSP_PRED_FAC_MR122, 0);
    pair(DICO2_LSF_5, at(indices, 1) & 255, false, LSP_PRED_FAC_MR122, 2);
    pair(DICO3_LSF_5, (at(indices, 2) >> 1) & 255, (at(indices, 2) & 1) != 0, LSP_PRED_FAC_MR122, 4);
    pair(DICO4_LSF_5, at(indices, 3) & 255, false, LSP_PRED_FAC_MR122, 6);
    pair(DICO5_LSF_5, at(indices, 4) & 63, false, LSP_PRED_FAC_MR122, 8);
  }
  Reorder_lsf(LSF1);
  Reorder_lsf(LSF2);
  copy(PAST_LSF_Q, LSF2, M);
  Lsf_lsp(LSF1, lspMid);
  Lsf_lsp(LSF2, lspNew);
}
