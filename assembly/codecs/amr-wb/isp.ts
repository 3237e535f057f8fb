/** Immittance spectral pairs and frequencies, and the filters they stand for (TS 26.190 §5.2). */
import { at, at32, L_add, L_mac, L_mult, L_shl, L_sub, norm_l, put, put32, ref, round, sat, shl } from '../amr/basic-op';
import { ISF_GAP, M, MP1 } from './frame';
import { fxp_mul32_by_16 } from './operators';
import { INTERPOL_FRAC, ISP_ISF_TABLE } from './tables';

const F1: usize = memory.data(48, 16);
const F2: usize = memory.data(48, 16);
const ISP: usize = memory.data(32, 16);

export function Isf_isp(isf: usize, isp: usize, m: i32): void {
  for (let i = 0; i < m; i += 1) {
    const f = i == m - 1 ? shl(at(isf, i), 1) : at(isf, i);
    const index = max(0, min(f >> 7, 127));
    const left = at(ISP_ISF_TABLE, index);
    put(isp, i, sat(left + (L_mult(at(ISP_ISF_TABLE, index + 1) - left, f & 0x7f) >> 8)));
  }
}

export function Reorder_isf(isf: usize, distance: i32, n: i32): void {
  let least = distance;
  for (let i = 0; i < n - 1; i += 1) {
    if (at(isf, i) < least) put(isf, i, least);
    least = sat(at(isf, i) + distance);
  }
}

export function keepIsfDistance(isf: usize): void {
  Reorder_isf(isf, ISF_GAP, M);
}

/** @param one 1 in the polynomial's scale */
function Get_isp_pol(isp: usize, f: usize, n: i32, one: i32): void {
  const shift = one == 0x00800000 ? 9 : 7;
  put32(f, 0, one);
  put32(f, 1, -at(isp, 0) << shift);
  for (let i = 2; i <= n; i += 1) {
    const x = at(isp, (i - 1) << 1);
    put32(f, i, at32(f, i - 2));
    for (let j = i; j > 1; j -= 1) {
      const product = L_shl(fxp_mul32_by_16(at32(f, j - 1), x), 2);
      put32(f, j, at32(f, j) - product + at32(f, j - 2));
    }
    put32(f, 1, at32(f, 1) - (x << shift));
  }
}

// @ts-ignore: decorator
@inline
function rounded(x: i32, shift: i32): i32 {
  return (x >> shift) + ((x >> (shift - 1)) & 1);
}

// @ts-ignore: decorator
@inline
function magnitude(x: i32): i32 {
  const y = x - <i32>(x < 0);
  return y ^ (y >> 31);
}

/** Predictor coefficients a[0..m], Q12. @param adaptive scales down what does not fit */
export function Isp_Az(isp: usize, a: usize, m: i32, adaptive: bool): void {
  const nc = m >> 1;
  const wide = nc > 8;
  const one = wide ? 0x00200000 : 0x00800000;
  Get_isp_pol(isp, F1, nc, one);
  Get_isp_pol(ref(isp, 1), F2, nc - 1, one);
  if (wide) {
    for (let i = 0; i <= nc; i += 1) put32(F1, i, L_shl(at32(F1, i), 2));
    for (let i = 0; i < nc; i += 1) put32(F2, i, L_shl(at32(F2, i), 2));
  }
  for (let i = nc - 1; i > 1; i -= 1) put32(F2, i, at32(F2, i) - at32(F2, i - 2));
  const last = at(isp, m - 1);
  for (let i = 0; i < nc; i += 1) {
    const x = at32(F1, i);
    const y = at32(F2, i);
    put32(F1, i, x + (fxp_mul32_by_16(x, last) << 1));
    put32(F2, i, y - (fxp_mul32_by_16(y, last) << 1));
  }
  let most = 1;
  for (let i = 1; i < nc; i += 1) {
    most |= magnitude(L_add(at32(F1, i), at32(F2, i)));
    most |= magnitude(L_sub(at32(F1, i), at32(F2, i)));
  }
  const q = adaptive ? max(0, 4 - norm_l(most)) : 0;
  const shift = 12 + q;
  put(a, 0, 4096 >> q);
  for (let i = 1, j = m - 1; i < nc; i += 1, j -= 1) {
    put(a, i, rounded(L_add(at32(F1, i), at32(F2, i)), shift));
    put(a, j, rounded(L_sub(at32(F1, i), at32(F2, i)), shift));
  }
  const middle = at32(F1, nc);
  put(a, nc, rounded(L_add(middle, fxp_mul32_by_16(middle, last) << 1), shift));
  put(a, m, rounded(last, 3 + q));
}

/** Filters of the four subframes. */
export function interpolate_isp(old: usize, last: usize, az: usize): void {
  for (let k = 0; k < 3; k += 1) {
    const weight = at(INTERPOL_FRAC, k);
    for (let i = 0; i < M; i += 1) put(ISP, i, round(L_mac(L_mult(at(old, i), 32768 - weight), at(last, i), weight)));
    Isp_Az(ISP, ref(az, k * MP1), M, false);
  }
  Isp_Az(last, ref(az, 3 * MP1), M, false);
}
