/** Algebraic codebooks of two to four pulses: 4.75 to 7.95 kbit/s (TS 26.090 §5.7.2). */
import { at, put, sat, zero } from '../amr/basic-op';
import { CODVEC, cor_h, cor_h_x, DN, DN2, filterPulses, L_CODE, rr, set_sign, SIGN } from './codebook-correlation';
import { MR475, MR515, MR59, MR67 } from './frame';
import { GRAY, STARTPOS, STARTPOS1, STARTPOS2, TRACKTABLE } from './tables';

const SIGNS: usize = memory.data(16, 16);

export let codeIndex: i32 = 0;
export let codeSigns: i32 = 0;

/** The best pulse so far: position, target, squared target and energy. */
let bestPosition: i32 = 0;
let bestTarget: i32 = 0;
let bestSquare: i32 = 0;
let bestEnergy: i32 = 0;

/** Adds the best pulse of a track. @param base energy so far; @param shift weight of the autocorrelations; i0..i2 earlier pulses, -1 none */
function addPulse(start: i32, target: i32, base: i32, shift: i32, i0: i32, i1: i32, i2: i32): void {
  bestSquare = -1;
  bestEnergy = 1;
  bestTarget = 0;
  bestPosition = start;
  for (let i = start; i < L_CODE; i += 5) {
    const sum = sat(target + at(DN, i));
    let energy = base + (rr(i, i) << shift) + (rr(i0, i) << (shift + 1));
    if (i1 >= 0) energy += rr(i1, i) << (shift + 1);
    if (i2 >= 0) energy += rr(i2, i) << (shift + 1);
    const square = <i32>(<i16>((sum * sum) >> 15));
    const rounded = <i32>(<i16>((energy + 0x8000) >> 16));
    if (bestEnergy * square - bestSquare * rounded > 0) {
      bestSquare = square;
      bestTarget = sum;
      bestEnergy = rounded;
      bestPosition = i;
    }
  }
}

let topSquare: i32 = 0;
let topEnergy: i32 = 0;

function startSearch(pulses: i32): void {
  topSquare = -1;
  topEnergy = 1;
  for (let i = 0; i < pulses; i += 1) put(CODVEC, i, i);
}

/** Whether the combination at hand beats all before it. */
function better(): bool {
  if (topEnergy * bestSquare - topSquare * bestEnergy <= 0) return false;
  topSquare = bestSquare;
  topEnergy = bestEnergy;
  return true;
}

function searchPair(start0: i32, start1: i32): void {
  for (let i0 = start0; i0 < L_CODE; i0 += 5) {
    addPulse(start1, at(DN, i0), rr(i0, i0) << 14, 14, i0, -1, -1);
    if (better()) {
      put(CODVEC, 0, i0);
      put(CODVEC, 1, bestPosition);
    }
  }
}

/** Three or four pulses, the first on the best places of its track. */
function searchTracks(t0: i32, t1: i32, t2: i32, t3: i32): void {
  for (let i0 = t0; i0 < L_CODE; i0 += 5) {
    if (at(DN2, i0) < 0) continue;
    addPulse(t1, at(DN, i0), rr(i0, i0) << 14, 14, i0, -1, -1);
    const i1 = bestPosition;
    addPulse(t2, bestTarget, bestEnergy << 14, 12, i0, i1, -1);
    const i2 = bestPosition;
    if (t3 >= 0) addPulse(t3, bestTarget, bestEnergy << 16, 12, i0, i1, i2);
    if (better()) {
      put(CODVEC, 0, i0);
      put(CODVEC, 1, i1);
      put(CODVEC, 2, i2);
      put(CODVEC, 3, bestPosition);
    }
  }
}

function search3(): void {
  for (let a = 1; a < 4; a += 2) {
    for (let b = 2; b < 5; b += 2) {
      searchTracks(0, a, b, -1);
      searchTracks(b, 0, a, -1);
      searchTracks(a, b, 0, -1);
    }
  }
}

function search4(): void {
  for (let track = 3; track < 5; track += 1) {
    searchTracks(0, 1, 2, track);
    searchTracks(track, 0, 1, 2);
    searchTracks(2, track, 0, 1);
    searchTracks(1, 2, track, 0);
  }
}

/** Bit of the sign, and what the pulse adds to the index: the codes of the modes differ. */
let signBit: i32 = 0;

function pulseIndex(mode: i32, subframe: i32, k: i32, position: i32): i32 {
  const index = position / 5;
  const track = position % 5;
  signBit = k;
  if (mode == MR475 || mode == MR515) {
    if (k == 1) return index << 3;
    return at(TRACKTABLE, subframe * 5 + track) != 0 ? index + 64 : index;
  }
  if (mode == MR59) {
    signBit = track == 3 || (track == 1 && k == 0) ? 0 : 1;
    if (signBit == 0) return (index << 1) + (track == 3 ? 1 : 0);
    return (index << 6) + (track == 0 ? 0 : (track == 4 ? 3 : track) << 4);
  }
  if (mode == MR67) {
    signBit = track == 0 ? 0 : (track & 1) != 0 ? 1 : 2;
    if (signBit == 0) return index;
    return signBit == 1 ? (index << 4) + (track == 3 ? 8 : 0) : (index << 8) + (track == 4 ? 128 : 0);
  }
  const gray = at(GRAY, index);
  signBit = min(track, 3);
  return track < 3 ? gray << (3 * track) : (gray << 10) + (track == 4 ? 512 : 0);
}

/** Codevector, filtered codevector, index and signs. */
function build(mode: i32, subframe: i32, pulses: i32, code: usize, h: usize, y: usize): void {
  zero(code, L_CODE);
  codeIndex = 0;
  codeSigns = 0;
  for (let k = 0; k < pulses; k += 1) {
    const position = at(CODVEC, k);
    codeIndex += pulseIndex(mode, subframe, k, position);
    const positive = at(SIGN, position) > 0;
    put(code, position, positive ? 8191 : -8192);
    put(SIGNS, k, positive ? 32767 : -32768);
    if (positive) codeSigns += 1 << signBit;
  }
  filterPulses(h, SIGNS, pulses, y);
}

/** Repeats the pitch in the response or the code: adds it, delayed by T0, times `gain` (Q15). */
export function sharpen(x: usize, T0: i32, gain: i32): void {
  for (let i = T0; i < L_CODE; i += 1) {
    const product = (at(x, i - T0) * gain) >> 15;
    put(x, i, sat(at(x, i) + min(product, 32767)));
  }
}

/** @param h response, pitch sharpened; @param code comes back without sharpening; @param y filtered code */
export function searchCodebook(mode: i32, subframe: i32, x: usize, h: usize, code: usize, y: usize): void {
  cor_h_x(h, x, 1, 5);
  const pulses = mode <= MR59 ? 2 : mode == MR67 ? 3 : 4;
  set_sign(mode <= MR59 ? 8 : mode == MR67 ? 6 : 4);
  cor_h(h);
  startSearch(pulses);
  if (mode == MR475 || mode == MR515) {
    for (let track = 0; track < 2; track += 1) {
      const i = (subframe << 1) + (track << 3);
      searchPair(at(STARTPOS, i), at(STARTPOS, i + 1));
    }
  } else if (mode == MR59) {
    for (let a = 0; a < 2; a += 1) for (let b = 0; b < 4; b += 1) searchPair(at(STARTPOS1, a), at(STARTPOS2, b));
  } else if (mode == MR67) {
    search3();
  } else {
    search4();
  }
  build(mode, subframe, pulses, code, h, y);
}
