/** Algebraic codebooks of eight and ten pulses, searched pair by pair: 10.2 and 12.2 kbit/s (TS 26.090 §5.7.2). */
import { at, put, zero } from '../amr/basic-op';
import { CODVEC, cor_h, cor_h_x, DN, filterPulses, IPOS, L_CODE, POS_MAX, rr, set_sign12k2, SIGN } from './codebook-correlation';
import { GRAY } from './tables';

const CHOSEN: usize = memory.data(32, 16);
/** Target and energy of each candidate of the inner track. */
const INNER: usize = memory.data(64, 16);
const SIGNS: usize = memory.data(32, 16);
const POSITIONS: usize = memory.data(32, 16);
const TRACK_SIGNS: usize = memory.data(16, 16);

let pairTarget: i32 = 0;
let pairSquare: i32 = 0;
let pairEnergy: i32 = 0;

/** Sum of the autocorrelations of position i with the first n chosen pulses. */
function crossed(i: i32, n: i32): i32 {
  let sum = 0;
  for (let k = 0; k < n; k += 1) sum += rr(i, at(CHOSEN, k));
  return sum;
}

function candidates(n: i32, track: i32, step: i32, target: i32, rounding: i32, shift: i32): void {
  let p = INNER;
  for (let i = track; i < L_CODE; i += step, p += 4) {
    store<i16>(p, <i16>(target + at(DN, i)));
    store<i16>(p, <i16>(((rr(i, i) >> 1) + crossed(i, n) + rounding) >> shift), 2);
  }
}

/** The second pair. Its energies are halved in another order than the later ones'. */
function secondPair(step: i32): void {
  const i0 = at(CHOSEN, 0);
  const i1 = at(CHOSEN, 1);
  const base = ((rr(i0, i0) << 12) + (rr(i1, i1) << 12) + (rr(i0, i1) << 13) + 0x8000) >> 12;
  candidates(2, at(IPOS, 3), step, <i32>(<i16>(at(DN, i0) + at(DN, i1))), 2, 2);
  startPair(2);
  for (let j = at(IPOS, 2); j < L_CODE; j += step) {
    const outer = ((base + rr(j, j)) >> 1) + crossed(j, 2);
    const target = at(DN, j);
    for (let i = at(IPOS, 3), p = INNER; i < L_CODE; i += step, p += 4) {
      const sum = <i32>(<i16>(target + load<i16>(p)));
      const energy = (((outer + rr(j, i)) >> 2) + load<i16>(p, 2)) >> 1;
      const square = <i32>(<i16>((sum * sum) >> 15));
      if (square * pairEnergy > pairSquare * energy) takePair(2, j, i, sum, square, energy);
    }
  }
}

/** Pair n, n + 1. @param weight shift of the autocorrelations; @param inner of the candidates' energies */
function laterPair(n: i32, step: i32, rounding: i32, shift: i32, weight: i32, inner: i32): void {
  candidates(n, at(IPOS, n + 1), step, pairTarget, rounding, shift);
  const base = (pairEnergy << 15) + 0x8000;
  startPair(n);
  for (let j = at(IPOS, n); j < L_CODE; j += step) {
    const outer = base + (rr(j, j) << (weight - 1)) + (crossed(j, n) << weight);
    const target = at(DN, j);
    for (let i = at(IPOS, n + 1), p = INNER; i < L_CODE; i += step, p += 4) {
      const sum = <i32>(<i16>(target + load<i16>(p)));
      const energy = <i32>(<i16>((outer + (rr(j, i) << weight) + (load<i16>(p, 2) << inner)) >> 16));
      const square = <i32>(<i16>((sum * sum) >> 15));
      if (square * pairEnergy > pairSquare * energy) takePair(n, j, i, sum, square, energy);
    }
  }
}

function startPair(n: i32): void {
  pairSquare = -1;
  pairEnergy = 1;
  pairTarget = 0;
  put(CHOSEN, n, at(IPOS, n));
  put(CHOSEN, n + 1, at(IPOS, n + 1));
}

// @ts-ignore: decorator
@inline
function takePair(n: i32, outer: i32, inner: i32, sum: i32, square: i32, energy: i32): void {
  pairSquare = square;
  pairEnergy = <i32>(<i16>energy);
  pairTarget = sum;
  put(CHOSEN, n, outer);
  put(CHOSEN, n + 1, inner);
}

/** Tries the tracks in turn for the second pulse. */
function search(pulses: i32, tracks: i32): void {
  let topSquare = -1;
  let topEnergy = 1;
  for (let i = 0; i < pulses; i += 1) put(CODVEC, i, i);
  put(CHOSEN, 0, at(POS_MAX, at(IPOS, 0)));
  for (let turn = 1; turn < tracks; turn += 1) {
    put(CHOSEN, 1, at(POS_MAX, at(IPOS, 1)));
    secondPair(tracks);
    laterPair(4, tracks, 2, 2, 12, 14);
    laterPair(6, tracks, 4, 3, 11, 14);
    if (pulses == 10) laterPair(8, tracks, 4, 3, 10, 13);
    if (topEnergy * pairSquare > topSquare * pairEnergy) {
      topSquare = pairSquare;
      topEnergy = pairEnergy;
      memory.copy(CODVEC, CHOSEN, <usize>pulses << 1);
    }
    const first = at(IPOS, 1);
    for (let j = 1; j < pulses - 1; j += 1) put(IPOS, j, at(IPOS, j + 1));
    put(IPOS, pulses - 1, first);
  }
}

/** Orders the two pulses of a track so that their order tells the second sign. */
function placeOnTrack(track: i32, tracks: i32, index: i32, negative: i32): void {
  const first = at(POSITIONS, track);
  if (first < 0) {
    put(POSITIONS, track, index);
    put(TRACK_SIGNS, track, negative);
    return;
  }
  const same = at(TRACK_SIGNS, track) == negative;
  if (same == (first <= index)) {
    put(POSITIONS, track + tracks, index);
  } else {
    put(POSITIONS, track + tracks, first);
    put(POSITIONS, track, index);
    put(TRACK_SIGNS, track, negative);
  }
}

function build(pulses: i32, tracks: i32, amplitude: i32, code: usize): void {
  zero(code, L_CODE);
  for (let i = 0; i < tracks; i += 1) put(POSITIONS, i, -1);
  for (let k = 0; k < pulses; k += 1) {
    const position = at(CODVEC, k);
    const positive = at(SIGN, position) > 0;
    put(code, position, at(code, position) + (positive ? amplitude : -amplitude));
    if (pulses == 10) put(SIGNS, k, positive ? 8192 : -8192);
    else put(SIGNS, k, positive ? 32767 : -32768);
    placeOnTrack(position % tracks, tracks, position / tracks, positive ? 0 : 1);
  }
}

function compress10(a: i32, b: i32, c: i32): i32 {
  return (((a >> 1) + (b >> 1) * 5 + (c >> 1) * 25) << 3) + (a & 1) + ((b & 1) << 1) + ((c & 1) << 2);
}

/** 10.2 kbit/s. @param prm seven parameters come back */
export function code_8i40_31bits(x: usize, residual: usize, h: usize, code: usize, y: usize, prm: usize): void {
  cor_h_x(h, x, 2, 4);
  set_sign12k2(residual, 4);
  cor_h(h);
  search(8, 4);
  build(8, 4, 8191, code);
  filterPulses(h, SIGNS, 8, y);
  for (let i = 0; i < 4; i += 1) put(prm, i, at(TRACK_SIGNS, i));
  put(prm, 4, compress10(at(POSITIONS, 0), at(POSITIONS, 4), at(POSITIONS, 1)));
  put(prm, 5, compress10(at(POSITIONS, 2), at(POSITIONS, 6), at(POSITIONS, 5)));
  const p3 = at(POSITIONS, 3);
  const p7 = at(POSITIONS, 7);
  const a = ((p7 >> 1) & 1) == 1 ? 4 - (p3 >> 1) : p3 >> 1;
  const m = ((((((p7 >> 1) * 5 + a) << 5) + 12) * 1311) >> 15) << 2;
  put(prm, 6, m + (p3 & 1) + ((p7 & 1) << 1));
}

/** 12.2 kbit/s. @param prm ten parameters come back */
export function code_10i40_35bits(x: usize, residual: usize, h: usize, code: usize, y: usize, prm: usize): void {
  cor_h_x(h, x, 2, 5);
  set_sign12k2(residual, 5);
  cor_h(h);
  search(10, 5);
  build(10, 5, 4096, code);
  filterPulses(h, SIGNS, 10, y);
  for (let i = 0; i < 5; i += 1) {
    put(prm, i, (at(TRACK_SIGNS, i) << 3) | at(GRAY, at(POSITIONS, i)));
    put(prm, i + 5, at(GRAY, at(POSITIONS, i + 5)));
  }
}
