/** What the algebraic codebook searches share: backward-filtered target, signs, autocorrelation of the response (TS 26.090 §5.7.2). */
import { at, dot, energy, L_mac, L_mult, L_shl, norm_l, put, put32, at32, ref, round, zero } from '../amr/basic-op';
import { Inv_sqrt } from '../amr/math-op';
import { L_SUBFR } from './frame';

export const L_CODE: i32 = 40;

/** Backward-filtered target; positive after the signs are taken. */
export const DN: usize = memory.data(96, 16);
/** Copy of DN where hopeless positions are -1. */
export const DN2: usize = memory.data(96, 16);
export const SIGN: usize = memory.data(96, 16);
/** Autocorrelations, signs included: 40 x 40. */
export const RR: usize = memory.data(3200, 16);
/** Best position of each track, and the order in which tracks are searched. */
export const POS_MAX: usize = memory.data(16, 16);
export const IPOS: usize = memory.data(32, 16);
/** Positions that were chosen. */
export const CODVEC: usize = memory.data(32, 16);
const XPAD: usize = memory.data(112, 16);
const Y32: usize = memory.data(160, 16);
const H2: usize = memory.data(96, 16);
const EN: usize = memory.data(96, 16);

// @ts-ignore: decorator
@inline
export function rr(i: i32, j: i32): i32 {
  return load<i16>(RR + ((<usize>(i * 40 + j)) << 1));
}

/** Correlation of target and response → DN, scaled to leave room for `headroom` bits. */
export function cor_h_x(h: usize, x: usize, headroom: i32, step: i32): void {
  memory.copy(XPAD, x, 80);
  zero(ref(XPAD, L_CODE), 8);
  let total = 5;
  for (let track = 0; track < step; track += 1) {
    let most = 0;
    for (let i = track; i < L_CODE; i += step) {
      const sum = dot(ref(XPAD, i), h, (L_CODE - i + 7) & ~7) << 1;
      put32(Y32, i, sum);
      most = max(most, sum < 0 ? -sum : sum);
    }
    total += most >> 1;
  }
  const shift = norm_l(total) - headroom;
  for (let i = 0; i < L_CODE; i += 1) put(DN, i, round(L_shl(at32(Y32, i), shift)));
}

/** Takes the signs from the target, and leaves the `keep` best positions of each of five tracks in DN2. */
export function set_sign(keep: i32): void {
  for (let i = 0; i < L_CODE; i += 1) {
    const x = at(DN, i);
    put(SIGN, i, x >= 0 ? 32767 : -32767);
    const size = x >= 0 ? x : x == -32768 ? 32767 : -x;
    put(DN, i, size);
    put(DN2, i, size);
  }
  for (let track = 0; track < 5; track += 1) {
    for (let k = keep; k < 8; k += 1) {
      let least = 0x7fff;
      let position = track;
      for (let j = track; j < L_CODE; j += 5) {
        const x = at(DN2, j);
        if (x >= 0 && x < least) {
          least = x;
          position = j;
        }
      }
      put(DN2, position, -1);
    }
  }
}

/** Signs from target and residual together; best position and order of the tracks. @param cn residual */
export function set_sign12k2(cn: usize, tracks: i32): void {
  const kCn = L_shl(Inv_sqrt(limited(energy(cn, L_SUBFR))), 5) >> 16;
  const kDn = <i32>(<i16>(Inv_sqrt(256 + (dot(DN, DN, L_CODE) << 1)) >> 11));
  for (let i = 0; i < L_CODE; i += 1) {
    const x = at(DN, i);
    let correlation = round(L_shl(L_mac(L_mult(kCn, at(cn, i)), kDn, x), 10));
    put(SIGN, i, correlation >= 0 ? 32767 : -32767);
    if (correlation < 0) {
      correlation = correlation == -32768 ? 32767 : -correlation;
      put(DN, i, x == -32768 ? 32767 : -x);
    }
    put(EN, i, correlation);
  }
  let mostOfAll = -1;
  let first = 0;
  for (let i = 0; i < tracks; i += 1) {
    let most = -1;
    let position = i;
    for (let j = i; j < L_CODE; j += tracks) {
      if (at(EN, j) > most) {
        most = at(EN, j);
        position = j;
      }
    }
    put(POS_MAX, i, position);
    if (most > mostOfAll) {
      mostOfAll = most;
      first = i;
    }
  }
  for (let i = 0; i < tracks; i += 1) {
    put(IPOS, i, first);
    put(IPOS, i + tracks, first);
    first = first + 1 >= tracks ? 0 : first + 1;
  }
}

/** 256 + x, saturated. */
function limited(x: i32): i32 {
  return x > i32.MAX_VALUE - 256 ? i32.MAX_VALUE : x + 256;
}

/** Autocorrelation of the response with the signs → RR. */
export function cor_h(h: usize): void {
  let sum = dot(h, h, L_CODE) + 1;
  if ((sum << 1) < 0) {
    for (let i = 0; i < L_CODE; i += 1) put(H2, i, at(h, i) >> 1);
  } else {
    sum = Inv_sqrt(sum);
    const factor = sum < 0x00ffffff ? ((sum >> 9) * 32440) >> 15 : 32440;
    for (let i = 0; i < L_CODE; i += 1) put(H2, i, (at(h, i) * factor + 0x20) >> 6);
  }
  sum = 0;
  for (let i = 0, k = L_CODE - 1; i < L_CODE; i += 1, k -= 1) {
    const x = at(H2, i);
    sum += x * x;
    put(RR, k * 41, (sum + 0x4000) >> 15);
  }
  for (let distance = 1; distance < L_CODE; distance += 1) {
    sum = 0;
    let row = RR + <usize>((39 * 40 + 39 - distance) << 1);
    let column = RR + <usize>(((39 - distance) * 40 + 39) << 1);
    let sign1 = ref(SIGN, 39);
    let sign2 = ref(SIGN, 39 - distance);
    let x = H2;
    let y = ref(H2, distance);
    for (let i = L_CODE - distance; i > 0; i -= 1) {
      sum += load<i16>(x) * load<i16>(y);
      // Product of the signs in Q15, as the norm rounds it.
      const sign = (load<i16>(sign1) ^ load<i16>(sign2)) < 0 ? -32767 : 32766;
      const value = (<i32>(<i16>((sum + 0x4000) >> 15)) * sign) >> 15;
      store<i16>(row, <i16>value);
      store<i16>(column, <i16>value);
      row -= 82;
      column -= 82;
      sign1 -= 2;
      sign2 -= 2;
      x += 2;
      y += 2;
    }
  }
}

/** Filtered codevector: `count` responses, from 40 zeros before h, with the signs at `signs`. */
export function filterPulses(h: usize, signs: usize, count: i32, y: usize): void {
  for (let i = 0; i < L_CODE; i += 1) {
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum = L_mac(sum, at(h, i - at(CODVEC, k)), at(signs, k));
    put(y, i, round(sum));
  }
}
