/** Linear prediction analysis (TS 26.190 §5.2): autocorrelation, Levinson-Durbin, immittance spectral pairs. */
import { abs_s, at, copy, Div_32, div_s, dot, hi, L_add, L_shl, L_sub, lo, MAX_32, Mpy_32, mult_r, norm_l, norm_s, put, ref, round, sat, shr_r, word, zero, L_mult } from '../amr/basic-op';
import { M } from './frame';
import { GRID100, HAM_WIND_WINDOW, ISP_ISF_SLOPE, ISP_ISF_TABLE, LAG_H, LAG_L } from './tables';

const L_WINDOW: i32 = 384;
const NC: i32 = 8;
const Y: usize = memory.data(832, 16);
const RH: usize = memory.data(48, 16);
const RL: usize = memory.data(48, 16);
const AH: usize = memory.data(48, 16);
const AL: usize = memory.data(48, 16);
const ANH: usize = memory.data(48, 16);
const ANL: usize = memory.data(48, 16);
const OLD_A: usize = memory.data(48, 16);
const F1: usize = memory.data(32, 16);
const F2: usize = memory.data(32, 16);

export function lpc_reset(): void {
  zero(OLD_A, M);
}

function Autocorr(x: usize): void {
  let sum = 16 << 16;
  for (let i = 0; i < L_WINDOW; i += 1) {
    const y = mult_r(at(x, i), at(HAM_WIND_WINDOW, i));
    put(Y, i, y);
    sum += L_mult(y, y) >> 8;
  }
  const shift = 4 - (norm_l(sum) >> 1);
  if (shift > 0) for (let i = 0; i < L_WINDOW; i += 1) put(Y, i, shr_r(at(Y, i), shift));
  sum = (dot(Y, Y, L_WINDOW) << 1) + 1;
  const norm = norm_l(sum);
  sum <<= norm;
  put(RH, 0, hi(sum));
  put(RL, 0, lo(sum));
  for (let i = 1; i <= M; i += 1) {
    sum = dot(Y, ref(Y, i), L_WINDOW) << (norm + 1);
    const lagged = Mpy_32(hi(sum), lo(sum), at(LAG_H, i - 1), at(LAG_L, i - 1));
    put(RH, i, hi(lagged));
    put(RL, i, lo(lagged));
  }
}

// @ts-ignore: decorator
@inline
function magnitude(x: i32): i32 {
  return x == i32.MIN_VALUE ? MAX_32 : x < 0 ? -x : x;
}

/** Filter of the windowed speech, Q12. */
export function lpc(x: usize, a: usize): void {
  Autocorr(x);
  let t = (at(RH, 1) << 16) + (at(RL, 1) << 1);
  let k = Div_32(magnitude(t), at(RH, 0), at(RL, 0));
  if (t > 0) k = -k;
  put(AH, 1, hi(k >> 4));
  put(AL, 1, lo(k >> 4));
  t = L_sub(MAX_32, magnitude(Mpy_32(hi(k), lo(k), hi(k), lo(k))));
  t = Mpy_32(at(RH, 0), at(RL, 0), hi(t), lo(t));
  let alphaExponent = norm_l(t);
  t <<= alphaExponent;
  let alphaH = hi(t);
  let alphaL = lo(t);
  for (let i = 2; i <= M; i += 1) {
    t = 0;
    for (let j = 1; j < i; j += 1) t = L_add(t, Mpy_32(at(RH, j), at(RL, j), at(AH, i - j), at(AL, i - j)));
    t = L_add(t << 4, (at(RH, i) << 16) + (at(RL, i) << 1));
    k = Div_32(magnitude(t), alphaH, alphaL);
    if (t > 0) k = -k;
    k <<= alphaExponent;
    const kh = hi(k);
    const kl = lo(k);
    if (abs_s(kh) > 32750) {
      put(a, 0, 4096);
      copy(ref(a, 1), OLD_A, M);
      return;
    }
    for (let j = 1; j < i; j += 1) {
      t = L_add(Mpy_32(kh, kl, at(AH, i - j), at(AL, i - j)), (at(AH, j) << 16) + (at(AL, j) << 1));
      put(ANH, j, hi(t));
      put(ANL, j, lo(t));
    }
    put(ANH, i, hi(k >> 4));
    put(ANL, i, lo(k >> 4));
    t = L_sub(MAX_32, magnitude(Mpy_32(kh, kl, kh, kl)));
    t = Mpy_32(alphaH, alphaL, hi(t), lo(t));
    const shift = norm_l(t);
    t <<= shift;
    alphaH = hi(t);
    alphaL = lo(t);
    alphaExponent += shift;
    copy(ref(AH, 1), ref(ANH, 1), i);
    copy(ref(AL, 1), ref(ANL, 1), i);
  }
  put(a, 0, 4096);
  for (let i = 1; i <= M; i += 1) put(a, i, round(((at(AH, i) << 16) + (at(AL, i) << 1)) << 1));
  copy(OLD_A, ref(a, 1), M);
}

function Chebps2(x: i32, f: usize, n: i32): i32 {
  let b2 = at(f, 0) << 13;
  let b1 = ((((hi(b2) * x) << 1) + (((lo(b2) * x) >> 15) << 1)) << 1) + (at(f, 1) << 13);
  for (let i = 2; i < n; i += 1) {
    let t = ((hi(b1) * x) << 1) + (((lo(b1) * x) >> 15) << 1);
    t += (hi(b2) * -16384) << 1;
    t = ((t + (at(f, i) << 12)) << 1) - (lo(b2) << 1);
    b2 = b1;
    b1 = t;
  }
  let t = ((hi(b1) * x) << 1) + (((lo(b1) * x) >> 15) << 1);
  t += (hi(b2) * -32768) << 1;
  t += (at(f, n) << 12) - (lo(b2) << 1);
  return max(hi(L_shl(t, 6)), -32767);
}

/** @param old used when not all roots are found */
export function Az_isp(a: usize, isp: usize, old: usize): void {
  for (let i = 0; i < NC; i += 1) {
    put(F1, i, round((at(a, i) << 15) + (at(a, M - i) << 15)));
    put(F2, i, round((at(a, i) << 15) - (at(a, M - i) << 15)));
  }
  put(F1, NC, at(a, NC));
  for (let i = 2; i < NC; i += 1) put(F2, i, at(F2, i) + at(F2, i - 2));
  let found = 0;
  let f = F1;
  let order = NC;
  let xlow = at(GRID100, 0);
  let ylow = Chebps2(xlow, f, order);
  for (let j = 1; found < M - 1 && j <= 100; j += 1) {
    let xhigh = xlow;
    let yhigh = ylow;
    xlow = at(GRID100, j);
    ylow = Chebps2(xlow, f, order);
    if (ylow * yhigh > 0) continue;
    for (let i = 0; i < 2; i += 1) {
      const xmid = (xlow >> 1) + (xhigh >> 1);
      const ymid = Chebps2(xmid, f, order);
      if (ylow * ymid <= 0) {
        yhigh = ymid;
        xhigh = xmid;
      } else {
        ylow = ymid;
        xlow = xmid;
      }
    }
    const y = word(yhigh - ylow);
    let root = xlow;
    if (y != 0) {
      const size = abs_s(y);
      const shift = norm_s(size);
      let slope = word(((xhigh - xlow) * div_s(16383, size << shift)) >> (19 - shift));
      if (y < 0) slope = -slope;
      root = sat(xlow - word((ylow * slope) >> 10));
    }
    put(isp, found, root);
    xlow = root;
    found += 1;
    f = f == F1 ? F2 : F1;
    order = f == F1 ? NC : NC - 1;
    ylow = Chebps2(xlow, f, order);
  }
  if (found < M - 1) copy(isp, old, M);
  else put(isp, M - 1, at(a, M) << 3);
}

export function Isp_isf(isp: usize, isf: usize): void {
  let index = 127;
  for (let i = M - 1; i >= 0; i -= 1) {
    if (i >= M - 2) index = 127;
    while (index > 0 && at(ISP_ISF_TABLE, index) < at(isp, i)) index -= 1;
    const step = L_mult(sat(at(isp, i) - at(ISP_ISF_TABLE, index)), at(ISP_ISF_SLOPE, index));
    put(isf, i, round(step << 4) + (index << 7));
  }
  put(isf, M - 1, at(isf, M - 1) >> 1);
}
