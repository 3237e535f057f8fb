/** Line spectral pairs and frequencies, and the prediction coefficients they stand for (TS 26.090 §5.2). */
import { at, at32, hi, lo, put, put32, ref } from '../amr/basic-op';
import { LSF_GAP, M, MP1 } from './frame';
import { SLOPE, TABLE } from './tables';

const F1: usize = memory.data(32, 16);
const F2: usize = memory.data(32, 16);
const LSP: usize = memory.data(32, 16);

/** Frequencies, Q15 of half the sampling rate, to cosines. */
export function Lsf_lsp(lsf: usize, lsp: usize): void {
  for (let i = 0; i < M; i += 1) {
    const f = at(lsf, i);
    // Above half the sampling rate there is nothing: only damaged parameters lead there.
    const index = max(0, min(f >> 8, 63));
    const left = at(TABLE, index);
    put(lsp, i, left + (((at(TABLE, index + 1) - left) * (f & 0xff)) >> 8));
  }
}

export function Lsp_lsf(lsp: usize, lsf: usize): void {
  let index = 63;
  for (let i = M - 1; i >= 0; i -= 1) {
    const x = at(lsp, i);
    while (index > 0 && at(TABLE, index) < x) index -= 1;
    put(lsf, i, (((x - at(TABLE, index)) * at(SLOPE, index) + 0x800) >> 12) + (index << 8));
  }
}

/** Keeps neighbours LSF_GAP apart: a stable filter. */
export function Reorder_lsf(lsf: usize): void {
  let least = LSF_GAP;
  for (let i = 0; i < M; i += 1) {
    if (at(lsf, i) < least) put(lsf, i, least);
    least = at(lsf, i) + LSF_GAP;
  }
}

function Get_lsp_pol(lsp: usize, f: usize): void {
  put32(f, 0, 0x01000000);
  put32(f, 1, -at(lsp, 0) << 10);
  for (let i = 2; i <= 5; i += 1) {
    const x = at(lsp, (i - 1) << 1);
    put32(f, i, at32(f, i - 2));
    for (let j = i; j > 1; j -= 1) {
      const previous = at32(f, j - 1);
      const product = hi(previous) * x + ((lo(previous) * x) >> 15);
      put32(f, j, at32(f, j) + at32(f, j - 2) - (product << 2));
    }
    put32(f, 1, at32(f, 1) - (x << 10));
  }
}

/** Predictor coefficients a[0..10], Q12. */
export function Lsp_Az(lsp: usize, a: usize): void {
  Get_lsp_pol(lsp, F1);
  Get_lsp_pol(ref(lsp, 1), F2);
  for (let i = 5; i > 0; i -= 1) {
    put32(F1, i, at32(F1, i) + at32(F1, i - 1));
    put32(F2, i, at32(F2, i) - at32(F2, i - 1));
  }
  put(a, 0, 4096);
  for (let i = 1, j = M; i <= 5; i += 1, j -= 1) {
    put(a, i, (at32(F1, i) + at32(F2, i) + 0x1000) >> 13);
    put(a, j, (at32(F1, i) - at32(F2, i) + 0x1000) >> 13);
  }
}

function halfway(a: usize, b: usize, az: usize): void {
  for (let i = 0; i < M; i += 1) put(LSP, i, (at(a, i) >> 1) + (at(b, i) >> 1));
  Lsp_Az(LSP, az);
}

/** 3/4 of `near` and 1/4 of `far`. */
function quarter(near: usize, far: usize, az: usize): void {
  for (let i = 0; i < M; i += 1) {
    const x = at(near, i);
    put(LSP, i, x - (x >> 2) + (at(far, i) >> 2));
  }
  Lsp_Az(LSP, az);
}

/** Interpolates in subframes 1 and 3 (12.2 kbit/s). The encoder already has the other two. */
export function Int_lpc_1and3(old: usize, mid: usize, last: usize, az: usize, all: bool): void {
  halfway(old, mid, az);
  halfway(mid, last, ref(az, MP1 * 2));
  if (all) {
    Lsp_Az(mid, ref(az, MP1));
    Lsp_Az(last, ref(az, MP1 * 3));
  }
}

/** Interpolates in subframes 1 to 3. */
export function Int_lpc_1to3(old: usize, last: usize, az: usize, all: bool): void {
  quarter(old, last, az);
  halfway(last, old, ref(az, MP1));
  quarter(last, old, ref(az, MP1 * 2));
  if (all) Lsp_Az(last, ref(az, MP1 * 3));
}
