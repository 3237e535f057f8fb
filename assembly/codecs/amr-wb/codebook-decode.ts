/** Algebraic codevectors from their indices (TS 26.190 §5.8, §6.1): pulses in four tracks of 16 places. */
import { at, put, zero } from '../amr/basic-op';
import { Serial_parm } from './bits';
import { L_SUBFR, MODE_12k, MODE_14k, MODE_16k, MODE_18k, MODE_20k, MODE_7k, MODE_9k } from './frame';

const NB_POS: i32 = 16;
/** Places of a track's pulses; NB_POS is the sign. */
const POS: usize = memory.data(16, 16);
const INDEX: usize = memory.data(16, 16);

function dec_1p(index: i32, n: i32, offset: i32, to: i32): void {
  put(POS, to, (index & ((1 << n) - 1)) + offset + (((index >> n) & 1) == 1 ? NB_POS : 0));
}

function dec_2p(index: i32, n: i32, offset: i32, to: i32): void {
  const mask = (1 << n) - 1;
  let first = ((index >> n) & mask) + offset;
  let second = (index & mask) + offset;
  const negative = ((index >> (n << 1)) & 1) == 1;
  // The order of the two tells whether their signs differ.
  if (second < first) {
    if (negative) first += NB_POS;
    else second += NB_POS;
  } else if (negative) {
    first += NB_POS;
    second += NB_POS;
  }
  put(POS, to, first);
  put(POS, to + 1, second);
}

function dec_3p(index: i32, n: i32, offset: i32, to: i32): void {
  const bits = (n << 1) - 1;
  const half = ((index >> bits) & 1) != 0 ? offset + (1 << (n - 1)) : offset;
  dec_2p(index & ((1 << bits) - 1), n - 1, half, to);
  dec_1p((index >> (n << 1)) & ((1 << (n + 1)) - 1), n, offset, to + 2);
}

function dec_4p_4N1(index: i32, n: i32, offset: i32, to: i32): void {
  const bits = (n << 1) - 1;
  const half = ((index >> bits) & 1) != 0 ? offset + (1 << (n - 1)) : offset;
  dec_2p(index & ((1 << bits) - 1), n - 1, half, to);
  dec_2p((index >> (n << 1)) & ((1 << ((n << 1) + 1)) - 1), n, offset, to + 2);
}

function dec_4p(index: i32, n: i32, offset: i32, to: i32): void {
  const m = n - 1;
  const upper = offset + (1 << m);
  switch ((index >> ((n << 2) - 2)) & 3) {
    case 0:
      dec_4p_4N1(index, m, ((index >> ((m << 2) + 1)) & 1) != 0 ? upper : offset, to);
      break;
    case 1:
      dec_1p(index >> (3 * m + 1), m, offset, to);
      dec_3p(index, m, upper, to + 1);
      break;
    case 2:
      dec_2p(index >> ((m << 1) + 1), m, offset, to);
      dec_2p(index, m, upper, to + 2);
      break;
    default:
      dec_3p(index >> (m + 1), m, offset, to);
      dec_1p(index, m, upper, to + 3);
  }
}

function dec_5p(index: i32, n: i32, offset: i32, to: i32): void {
  const m = n - 1;
  dec_3p(index >> ((n << 1) + 1), m, ((index >> (5 * n - 1)) & 1) != 0 ? offset + (1 << m) : offset, to);
  dec_2p(index, n, offset, to + 3);
}

function dec_6p(index: i32): void {
  // Sections of eight places, n = 4.
  const a = ((index >> 19) & 1) != 0 ? 8 : 0;
  const b = 8 - a;
  switch ((index >> 20) & 3) {
    case 0:
      dec_5p(index >> 4, 3, a, 0);
      dec_1p(index, 3, a, 5);
      break;
    case 1:
      dec_5p(index >> 4, 3, a, 0);
      dec_1p(index, 3, b, 5);
      break;
    case 2:
      dec_4p(index >> 7, 3, a, 0);
      dec_2p(index, 3, b, 4);
      break;
    default:
      dec_3p(index >> 10, 3, 0, 0);
      dec_3p(index, 3, 8, 3);
  }
}

function add_pulses(count: i32, track: i32, code: usize): void {
  for (let k = 0; k < count; k += 1) {
    const pos = at(POS, k);
    const i = ((pos & (NB_POS - 1)) << 2) + track;
    put(code, i, at(code, i) + ((pos & NB_POS) == 0 ? 512 : -512));
  }
}

/** Pulses in the tracks of a mode. */
export function pulsesOf(mode: i32, track: i32): i32 {
  if (mode == MODE_9k) return 1;
  if (mode == MODE_12k) return 2;
  if (mode == MODE_14k) return track < 2 ? 3 : 2;
  if (mode == MODE_16k) return 3;
  if (mode == MODE_18k) return 4;
  return mode == MODE_20k ? (track < 2 ? 5 : 4) : 6;
}

/** Bits of a track's index by its pulses. */
function indexBits(pulses: i32): i32 {
  switch (pulses) {
    case 1: return 5;
    case 2: return 9;
    case 3: return 13;
    case 4: return 16;
    case 5: return 20;
    default: return 22;
  }
}

/** The low part of an index that is sent in two parts. */
export function lowBits(pulses: i32): i32 {
  return pulses == 4 ? 14 : pulses == 5 ? 10 : 11;
}

/** Reads the indices of a subframe and builds its codevector. */
export function decodeCodebook(mode: i32, code: usize): void {
  zero(code, L_SUBFR);
  if (mode == MODE_7k) {
    const index = Serial_parm(12);
    put(code, (index >> 5) & 0x3e, ((index >> 6) & 32) == 0 ? 512 : -512);
    put(code, ((index & 31) << 1) + 1, (index & 32) == 0 ? 512 : -512);
    return;
  }
  const split = mode >= MODE_18k;
  for (let track = 0; track < 4; track += 1) {
    const pulses = pulsesOf(mode, track);
    put(INDEX, track, Serial_parm(split ? indexBits(pulses) - lowBits(pulses) : indexBits(pulses)));
  }
  for (let track = 0; track < 4; track += 1) {
    const pulses = pulsesOf(mode, track);
    let index = at(INDEX, track);
    if (split) index = (index << lowBits(pulses)) + Serial_parm(lowBits(pulses));
    switch (pulses) {
      case 1: dec_1p(index, 4, 0, 0); break;
      case 2: dec_2p(index, 4, 0, 0); break;
      case 3: dec_3p(index, 4, 0, 0); break;
      case 4: dec_4p(index, 4, 0, 0); break;
      case 5: dec_5p(index, 4, 0, 0); break;
      default: dec_6p(index);
    }
    add_pulses(pulses, track, code);
  }
}
