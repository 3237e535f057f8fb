/** Algebraic codebook search, pair by pair in four tracks (TS 26.190 §5.8.3). */
import { at, at32, copy, dot, hi, L_add, L_mult, L_shl, mult, mult_r, norm_l, put, put32, ref, round, shr_r, word, zero } from '../amr/basic-op';
import { Parm_serial } from './bits';
import { lowBits, pulsesOf } from './codebook-decode';
import { L_SUBFR, MODE_12k, MODE_14k, MODE_16k, MODE_18k, MODE_20k, MODE_24k, MODE_7k, MODE_9k } from './frame';
import { Dot_product12, exponent, one_ov_sqrt_norm } from './operators';
import { trackIndex } from './pulse-index';
import { TIPOS } from './tables';

const XPAD: usize = memory.data(288, 16);
const Y32: usize = memory.data(256, 16);
const DN2: usize = memory.data(128, 16);
const SIGN: usize = memory.data(128, 16);
const OPPOSITE: usize = memory.data(128, 16);
/** 64 zeros, the response, 64 zeros, the response turned over. */
const H_BUF: usize = memory.data(512, 16);
const H: usize = H_BUF + 128;
const H_INV: usize = H_BUF + 384;
/** Filtered codevector, with zeros behind it. */
const VEC: usize = memory.data(288, 16);
const RRIXIX: usize = memory.data(128, 16);
const RRIXIY: usize = memory.data(2048, 16);
const COR_X: usize = memory.data(32, 16);
const COR_Y: usize = memory.data(32, 16);
const POS_MAX: usize = memory.data(16, 16);
const IND: usize = memory.data(48, 16);
const CODVEC: usize = memory.data(48, 16);
/** Places of the pulses, six a track; -1 where there is none. */
const TRACK: usize = memory.data(96, 16);
const MOST_PULSES: i32 = 6;
const INDEX: usize = memory.data(32, 16);

/** Backward-filtered target. */
export function cor_h_x(h: usize, x: usize, dn: usize): void {
  copy(XPAD, x, L_SUBFR);
  zero(ref(XPAD, L_SUBFR), 16);
  let sum = 0;
  for (let track = 0; track < 4; track += 1) {
    let most = 0;
    for (let i = track; i < L_SUBFR; i += 4) {
      const t = (dot(ref(XPAD, i), h, (L_SUBFR - i + 7) & ~7) << 1) + 1;
      put32(Y32, i, t);
      most = max(most, t > 0 ? t : -t);
    }
    sum += most;
  }
  sum >>= 2;
  const shift = norm_l(L_add(L_add(1, sum), sum >> 1)) - 4;
  for (let i = 0; i < L_SUBFR; i += 1) put(dn, i, round(L_shl(at32(Y32, i), shift)));
}

// @ts-ignore: decorator
@inline
function rrixix(track: i32, i: i32): i32 {
  return at(RRIXIX, track * 16 + i);
}

function chooseSigns(dn: usize, cn: usize, alpha: i32, absolute: bool): void {
  let s = Dot_product12(cn, cn, L_SUBFR);
  s = one_ov_sqrt_norm(s, exponent);
  // Of next to nothing the weights are beyond full scale: the reference lets some of them wrap.
  s = L_shl(s, exponent + 5);
  const kCn = absolute ? round(s) : word((s + 0x8000) >> 16);
  s = Dot_product12(dn, dn, L_SUBFR);
  s = one_ov_sqrt_norm(s, exponent);
  const kDn = mult_r(alpha, word((L_shl(s, exponent + 8) + 0x8000) >> 16));
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = word((kCn * at(cn, i) + kDn * at(dn, i)) >> 7);
    const positive = x >= 0;
    put(DN2, i, positive || !absolute ? x : -x);
    put(SIGN, i, positive ? 32767 : -32768);
    put(OPPOSITE, i, positive ? -32768 : 32767);
    if (!positive) put(dn, i, -at(dn, i));
  }
}

/** Marks the eight best places of each track, the best one first. */
function rankPositions(): void {
  for (let track = 0; track < 4; track += 1) {
    let position = track;
    for (let k = 0; k < 8; k += 1) {
      let most = -1;
      for (let j = track; j < L_SUBFR; j += 4) {
        if (at(DN2, j) > most) {
          most = at(DN2, j);
          position = j;
        }
      }
      put(DN2, position, k - 8);
      if (k == 0) put(POS_MAX, track, position);
    }
  }
}

function storeResponse(h: usize, shift: i32): void {
  zero(H_BUF, 64);
  zero(H_BUF + 256, 64);
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = at(h, i) >> shift;
    put(H, i, x);
    put(H_INV, i, -x);
  }
}

/** Autocorrelations of the response: of each place, and between neighbouring tracks, signs included. */
function correlateResponse(): void {
  let sum = 0x8000;
  for (let i = 0; i < L_SUBFR; i += 1) {
    sum += L_mult(at(H, i), at(H, i));
    put(RRIXIX, (3 - (i & 3)) * 16 + 15 - (i >> 2), hi(sum));
  }
  for (let k = 0; k < 16; k += 1) {
    sum = 0x8000;
    let position = 255 - 16 * k;
    for (let i = 0, n = 63 - 4 * k; i < n; i += 1) {
      sum += L_mult(at(H, i), at(H, i + 1 + 4 * k));
      const phase = i & 3;
      put(RRIXIY, phase == 3 ? 768 + position - 16 : (2 - phase) * 256 + position, hi(sum));
      if (phase == 3) position -= 17;
    }
    sum = 0x8000;
    position = 255 - k;
    for (let i = 0, n = 61 - 4 * k; i < n; i += 1) {
      sum += L_mult(at(H, i), at(H, i + 3 + 4 * k));
      const phase = i & 3;
      put(RRIXIY, phase == 0 ? 768 + position : (3 - phase) * 256 + position - 1, hi(sum));
      if (phase == 3) position -= 17;
    }
  }
  let p = RRIXIY;
  for (let track = 0; track < 4; track += 1) {
    for (let i = track; i < L_SUBFR; i += 4) {
      const signs = at(SIGN, i) < 0 ? OPPOSITE : SIGN;
      for (let j = (track + 1) & 3; j < L_SUBFR; j += 4, p += 2) store<i16>(p, <i16>mult(load<i16>(p), at(signs, j)));
    }
  }
}

/** Response of a pulse, turned over where its sign is negative. */
// @ts-ignore: decorator
@inline
function response(position: i32): usize {
  return at(SIGN, position) < 0 ? ref(H_INV, -position) : ref(H, -position);
}

function addPulse(position: i32): void {
  const h = response(position);
  for (let i = 0; i < L_SUBFR; i += 8) v128.store(ref(VEC, i), i16x8.add(v128.load(ref(VEC, i)), v128.load(ref(h, i))));
}

/** Correlation of the response with the code so far, at the places of a track. */
function correlateCode(track: i32, out: usize): void {
  for (let i = 0, position = track; i < 16; i += 1, position += 4) {
    const sum = dot(ref(VEC, position), H, (L_SUBFR - position + 7) & ~7) << 2;
    put(out, i, mult(<i32>(<i16>((sum + 0x8000) >> 16)), at(SIGN, position)) + rrixix(track, i));
  }
}

let target: i32 = 0;
let energy: i32 = 0;
let chosenX: i32 = 0;
let chosenY: i32 = 0;

function search_ixiy(candidates: i32, trackX: i32, trackY: i32, dn: usize): void {
  const limit = candidates - 8;
  const base = (energy << 16) + 0x8000;
  let bestSquare = -1;
  let bestEnergy = 1;
  let p = RRIXIY + <usize>(trackX * 512);
  for (let x = trackX, i = 0; x < L_SUBFR; x += 4, i += 1, p += 32) {
    if (at(DN2, x) >= limit) continue;
    const sumX = word(target + at(dn, x));
    const energyX = base + (at(COR_X, i) << 13);
    for (let y = trackY, j = 0; y < L_SUBFR; y += 4, j += 1) {
      const sum = word(sumX + at(dn, y));
      const e = (energyX + (at(COR_Y, j) << 13) + (at(p, j) << 14)) >> 16;
      const square = word((sum * sum) >> 15);
      if (bestEnergy * square - bestSquare * e > 0) {
        bestSquare = square;
        bestEnergy = e;
        chosenX = x;
        chosenY = y;
      }
    }
  }
  target = word(target + word(at(dn, chosenX) + at(dn, chosenY)));
  energy = bestEnergy;
}

function pulseCount(mode: i32): i32 {
  let count = 0;
  for (let track = 0; track < 4; track += 1) count += pulsesOf(mode, track);
  return count;
}

/** Candidates of the first pulse of each pair. */
function candidatesOf(mode: i32, step: i32): i32 {
  if (mode == MODE_9k) return step == 0 ? 4 : 8;
  if (mode == MODE_12k) return step == 0 ? 4 : 8;
  if (mode <= MODE_16k) return step == 0 ? 4 : step == 1 ? 6 : 8;
  if (mode == MODE_18k) return step < 2 ? 4 : step < 4 ? 6 : 8;
  if (mode == MODE_20k) return step + 2;
  return step == 0 ? 2 : min(step + 1, 8);
}

function criterionWeight(mode: i32): i32 {
  if (mode == MODE_9k) return 8192;
  if (mode <= MODE_16k) return 4096;
  return mode == MODE_18k ? 3277 : mode == MODE_20k ? 3072 : 2048;
}

/** Places the first pulses at the best places of their tracks. @returns how many */
function startPulses(mode: i32, turn: i32, dn: usize): i32 {
  zero(VEC, L_SUBFR);
  target = 0;
  energy = 0;
  if (mode == MODE_9k) return 0;
  const count = mode <= MODE_14k ? 2 : 4;
  for (let i = 0; i < count; i += 1) {
    const position = at(POS_MAX, at(TIPOS, (turn << 2) + i));
    put(IND, i, position);
    target = word(target + at(dn, position));
    addPulse(position);
  }
  if (count == 2) {
    const t0 = at(TIPOS, turn << 2);
    const t1 = at(TIPOS, (turn << 2) + 1);
    const i = at(IND, 0) >> 2;
    const j = at(IND, 1) >> 2;
    const sum = (rrixix(t0, i) << 13) + (rrixix(t1, j) << 13) + (at(RRIXIY, t0 * 256 + (i << 4) + j) << 14);
    energy = word((sum + 0x8000) >> 16);
  } else {
    energy = word((((dot(VEC, VEC, L_SUBFR) << 1) >> 3) + 0x8000) >> 16);
  }
  return count;
}

/** Track of pulse i. The last pair of the modes with odd counts lies in the first two. */
function trackOf(mode: i32, turn: i32, i: i32): i32 {
  if (mode == MODE_14k && i >= 8) return i - 8;
  if (mode == MODE_20k && i >= 16) return i - 16;
  return at(TIPOS, (turn << 2) + i);
}

function search(mode: i32, pulses: i32, dn: usize, y: usize): void {
  const turns = mode <= MODE_16k ? 4 : mode <= MODE_20k ? 3 : mode == MODE_24k ? 1 : 2;
  let topSquare = -1;
  let topEnergy = 1;
  for (let i = 0; i < pulses; i += 1) put(CODVEC, i, i);
  for (let turn = 0; turn < turns; turn += 1) {
    let step = 0;
    for (let j = startPulses(mode, turn, dn); j < pulses; j += 2, step += 1) {
      const track = trackOf(mode, turn, j);
      correlateCode(track, COR_X);
      correlateCode((track + 1) & 3, COR_Y);
      search_ixiy(candidatesOf(mode, step), track, trackOf(mode, turn, j + 1), dn);
      put(IND, j, chosenX);
      put(IND, j + 1, chosenY);
      addPulse(chosenX);
      addPulse(chosenY);
    }
    const square = word((target * target) >> 15);
    if (L_mult(topEnergy, square) - L_mult(topSquare, energy) <= 0) continue;
    topSquare = square;
    topEnergy = energy;
    copy(CODVEC, IND, pulses);
    copy(y, VEC, L_SUBFR);
  }
}

/** Codevector, and the indices of its tracks. */
function build(mode: i32, pulses: i32, amplitude: i32, code: usize): void {
  zero(code, L_SUBFR);
  memory.fill(TRACK, 0xff, 96);
  for (let k = 0; k < pulses; k += 1) {
    const position = at(CODVEC, k);
    const track = position & 3;
    const positive = at(SIGN, position) > 0;
    put(code, position, at(code, position) + (positive ? amplitude : -amplitude));
    // Where no pair is better than none, the search repeats one: a track may have too few pulses, and another too many.
    let slot = track * MOST_PULSES;
    while (at(TRACK, slot) >= 0) slot += 1;
    put(TRACK, slot, (position >> 2) + (positive ? 0 : 16));
  }
}

function send(mode: i32): void {
  const split = mode >= MODE_18k;
  for (let track = 0; track < 4; track += 1) {
    const count = pulsesOf(mode, track);
    const index = trackIndex(ref(TRACK, track * MOST_PULSES), count);
    put32(INDEX, track, index);
    if (split) Parm_serial(index >> lowBits(count), count == 4 ? 2 : count == 5 ? 10 : 11);
    else Parm_serial(index, count == 1 ? 5 : count == 2 ? 9 : 13);
  }
  if (split) for (let track = 0; track < 4; track += 1) Parm_serial(at32(INDEX, track), lowBits(pulsesOf(mode, track)));
}

/** All modes but 6.60 kbit/s. dn is spoilt; code and the filtered y come back, and the indices are sent. */
export function ACELP_4t64(mode: i32, dn: usize, cn: usize, h: usize, code: usize, y: usize): void {
  const pulses = pulseCount(mode);
  chooseSigns(dn, cn, criterionWeight(mode), true);
  rankPositions();
  const shift = pulses >= 12 && hi(dot(h, h, L_SUBFR) << 1) > 1024 ? 1 : 0;
  storeResponse(h, shift);
  correlateResponse();
  search(mode, pulses, dn, y);
  for (let i = 0; i < L_SUBFR; i += 1) put(y, i, shr_r(at(y, i), 3));
  build(mode, pulses, 512 >> shift, code);
  send(mode);
}

/** 6.60 kbit/s: a pulse on the even places and one on the odd ones. */
export function ACELP_2t64(dn: usize, cn: usize, h: usize, code: usize, y: usize): void {
  chooseSigns(dn, cn, 8192, false);
  storeResponse(h, 0);
  let sum = 0x00010000;
  // Energies: even places in the first half, odd ones in the second.
  for (let i = 0; i < L_SUBFR; i += 1) {
    sum += (at(H, i) * at(H, i)) << 1;
    put(RRIXIX, ((i & 1) == 0 ? 32 : 0) + 31 - (i >> 1), hi(sum) >> 1);
  }
  for (let k = 0; k < 32; k += 1) {
    let odd = 1023 - 32 * k;
    let even = 1022 - k;
    sum = 0x8000;
    for (let i = 0, n = 63 - 2 * k; i < n; i += 1) {
      sum += (at(H, i) * at(H, i + 1 + 2 * k)) << 1;
      if ((i & 1) == 0) {
        put(RRIXIY, odd, hi(sum));
        odd -= 33;
      } else {
        put(RRIXIY, even, hi(sum));
        even -= 33;
      }
    }
  }
  let bestSquare = -1;
  let bestEnergy = 1;
  let ix = 0;
  let iy = 1;
  let p = RRIXIY;
  for (let i0 = 0; i0 < L_SUBFR; i0 += 2) {
    const signs = at(SIGN, i0) < 0 ? OPPOSITE : SIGN;
    for (let i1 = 1; i1 < L_SUBFR; i1 += 2, p += 2) {
      const sumXY = word(at(dn, i0) + at(dn, i1));
      const e = word(at(RRIXIX, i0 >> 1) + at(RRIXIX, 32 + (i1 >> 1)) + mult(load<i16>(p), at(signs, i1)));
      const square = word((sumXY * sumXY) >> 15);
      if (L_mult(bestEnergy, square) - ((bestSquare * e) << 1) > 0) {
        bestSquare = square;
        bestEnergy = e;
        ix = i0;
        iy = i1;
      }
    }
  }
  zero(code, L_SUBFR);
  put(code, ix, at(SIGN, ix) > 0 ? 512 : -512);
  put(code, iy, at(SIGN, iy) > 0 ? 512 : -512);
  const a = response(ix);
  const b = response(iy);
  for (let i = 0; i < L_SUBFR; i += 1) put(y, i, shr_r(word(at(a, i) + at(b, i)), 3));
  const first = (ix >> 1) + (at(SIGN, ix) > 0 ? 0 : 32);
  Parm_serial((first << 6) + (iy >> 1) + (at(SIGN, iy) > 0 ? 0 : 32), 12);
}
