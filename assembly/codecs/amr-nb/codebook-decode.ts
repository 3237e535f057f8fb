/** Algebraic codevectors from their indices (TS 26.090 §5.7, §6.1). Signs: bit set means positive, but in 12.2 and 10.2. */
import { at, put, zero } from '../amr/basic-op';
import { L_SUBFR, MR102, MR122, MR475, MR515, MR59, MR67 } from './frame';
import { DGRAY, STARTPOS } from './tables';

const POSITIONS: usize = memory.data(16, 16);

function place(code: usize, position: i32, sign: i32): void {
  put(code, position, (sign & 1) * 16383 - 8192);
}

function decode2i40_9bits(subframe: i32, signs: i32, index: i32, code: usize): void {
  const k = (subframe << 1) + ((index & 64) >> 3);
  place(code, (index & 7) * 5 + at(STARTPOS, k), signs);
  place(code, ((index >> 3) & 7) * 5 + at(STARTPOS, k + 1), signs >> 1);
}

function decode2i40_11bits(signs: i32, index: i32, code: usize): void {
  place(code, ((index >> 1) & 7) * 5 + (index & 1) * 2 + 1, signs);
  const track = (index >> 4) & 3;
  place(code, ((index >> 6) & 7) * 5 + (track == 3 ? 4 : track), signs >> 1);
}

function decode3i40_14bits(signs: i32, index: i32, code: usize): void {
  place(code, (index & 7) * 5, signs);
  place(code, ((index >> 4) & 7) * 5 + ((index >> 3) & 1) * 2 + 1, signs >> 1);
  place(code, ((index >> 8) & 7) * 5 + ((index >> 7) & 1) * 2 + 2, signs >> 2);
}

function decode4i40_17bits(signs: i32, index: i32, code: usize): void {
  place(code, at(DGRAY, index & 7) * 5, signs);
  place(code, at(DGRAY, (index >> 3) & 7) * 5 + 1, signs >> 1);
  place(code, at(DGRAY, (index >> 6) & 7) * 5 + 2, signs >> 2);
  place(code, at(DGRAY, (index >> 10) & 7) * 5 + 3 + ((index >> 9) & 1), signs >> 3);
}

/** Three positions of 10.2 kbit/s out of ten bits. */
function decompress10(msbs: i32, lsbs: i32, i1: i32, i2: i32, i3: i32): void {
  const m = min(msbs, 124);
  const fifth = m % 25;
  put(POSITIONS, i1, ((fifth % 5) << 1) + (lsbs & 1));
  put(POSITIONS, i2, ((fifth / 5) << 1) + ((lsbs >> 1) & 1));
  put(POSITIONS, i3, (lsbs >> 2) + ((m / 25) << 1));
}

function decode8i40_31bits(prm: usize, code: usize): void {
  decompress10(at(prm, 4) >> 3, at(prm, 4) & 7, 0, 4, 1);
  decompress10(at(prm, 5) >> 3, at(prm, 5) & 7, 2, 6, 5);
  const m = ((at(prm, 6) >> 2) * 25 + 12) >> 5;
  const quotient = m / 5;
  const rest = m % 5;
  put(POSITIONS, 3, (((quotient & 1) == 1 ? 4 - rest : rest) << 1) + (at(prm, 6) & 1));
  put(POSITIONS, 7, (quotient << 1) + ((at(prm, 6) >> 1) & 1));
  for (let j = 0; j < 4; j += 1) {
    const first = (at(POSITIONS, j) << 2) + j;
    const second = (at(POSITIONS, j + 4) << 2) + j;
    let amplitude = at(prm, j) == 0 ? 8191 : -8191;
    if (first < L_SUBFR) put(code, first, amplitude);
    if (second < first) amplitude = -amplitude;
    if (second < L_SUBFR) put(code, second, at(code, second) + amplitude);
  }
}

function decode10i40_35bits(prm: usize, code: usize): void {
  for (let j = 0; j < 5; j += 1) {
    const first = at(DGRAY, at(prm, j) & 7) * 5 + j;
    const second = at(DGRAY, at(prm, j + 5) & 7) * 5 + j;
    let amplitude = ((at(prm, j) >> 3) & 1) == 0 ? 4096 : -4096;
    put(code, first, amplitude);
    if (second < first) amplitude = -amplitude;
    put(code, second, at(code, second) + amplitude);
  }
}

/** @returns how many parameters were used */
export function decodeCodebook(mode: i32, subframe: i32, prm: usize, code: usize): i32 {
  zero(code, L_SUBFR);
  if (mode == MR122) {
    decode10i40_35bits(prm, code);
    return 10;
  }
  if (mode == MR102) {
    decode8i40_31bits(prm, code);
    return 7;
  }
  const index = at(prm, 0);
  const signs = at(prm, 1);
  if (mode == MR475 || mode == MR515) decode2i40_9bits(subframe, signs, index, code);
  else if (mode == MR59) decode2i40_11bits(signs, index, code);
  else if (mode == MR67) decode3i40_14bits(signs, index, code);
  else decode4i40_17bits(signs, index, code);
  return 2;
}
