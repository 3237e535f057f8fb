/** Indices of the pulses of a track (TS 26.190 §5.8.2): places below 16, NB_POS is the sign. */
import { at, put } from '../amr/basic-op';

const NB_POS: i32 = 16;
/** Pulses of the lower and the upper half, for three nested calls. */
const LOWER: usize = memory.data(48, 16);
const UPPER: usize = memory.data(48, 16);

function quant_1p(pos: i32, n: i32): i32 {
  return (pos & ((1 << n) - 1)) + ((pos & NB_POS) != 0 ? 1 << n : 0);
}

function quant_2p(pos1: i32, pos2: i32, n: i32): i32 {
  const mask = (1 << n) - 1;
  const a = pos1 & mask;
  const b = pos2 & mask;
  let index: i32;
  let negative: bool;
  if (((pos1 ^ pos2) & NB_POS) == 0) {
    // The masked places would order the same: all pulses lie in one section.
    index = pos1 <= pos2 ? (a << n) + b : (b << n) + a;
    negative = (pos1 & NB_POS) != 0;
  } else if (a <= b) {
    index = (b << n) + a;
    negative = (pos2 & NB_POS) != 0;
  } else {
    index = (a << n) + b;
    negative = (pos1 & NB_POS) != 0;
  }
  return negative ? index + (1 << (n << 1)) : index;
}

function quant_3p(pos1: i32, pos2: i32, pos3: i32, n: i32): i32 {
  const half = 1 << (n - 1);
  let a = pos1;
  let b = pos2;
  let c = pos3;
  if (((pos1 ^ pos2) & half) != 0) {
    if (((pos1 ^ pos3) & half) == 0) {
      b = pos3;
      c = pos2;
    } else {
      a = pos2;
      b = pos3;
      c = pos1;
    }
  }
  return quant_2p(a, b, n - 1) + ((a & half) << n) + (quant_1p(c, n) << (n << 1));
}

function quant_4p_4N1(pos1: i32, pos2: i32, pos3: i32, pos4: i32, n: i32): i32 {
  const half = 1 << (n - 1);
  let a = pos1;
  let b = pos2;
  let c = pos3;
  if (((pos1 ^ pos2) & half) != 0) {
    if (((pos1 ^ pos3) & half) == 0) {
      b = pos3;
      c = pos2;
    } else {
      a = pos2;
      b = pos3;
      c = pos1;
    }
  }
  return quant_2p(a, b, n - 1) + ((a & half) << n) + (quant_2p(c, pos4, n) << (n << 1));
}

/** Splits pulses by the upper half of a section. @returns how many lie in the lower one */
function split(pos: usize, count: i32, half: i32, lower: usize, upper: usize): i32 {
  let i = 0;
  let j = 0;
  for (let k = 0; k < count; k += 1) {
    const p = at(pos, k);
    if ((p & half) == 0) {
      put(lower, i, p);
      i += 1;
    } else {
      put(upper, j, p);
      j += 1;
    }
  }
  return i;
}

function quant_4p(pos: usize, n: i32): i32 {
  const lower = LOWER + 32;
  const upper = UPPER + 32;
  const m = n - 1;
  const count = split(pos, 4, 1 << m, lower, upper);
  let index: i32;
  switch (count) {
    case 0: index = (1 << ((n << 2) - 3)) + quant_4p_4N1(at(upper, 0), at(upper, 1), at(upper, 2), at(upper, 3), m); break;
    case 1: index = (quant_1p(at(lower, 0), m) << (3 * m + 1)) + quant_3p(at(upper, 0), at(upper, 1), at(upper, 2), m); break;
    case 2: index = (quant_2p(at(lower, 0), at(lower, 1), m) << ((m << 1) + 1)) + quant_2p(at(upper, 0), at(upper, 1), m); break;
    case 3: index = (quant_3p(at(lower, 0), at(lower, 1), at(lower, 2), m) << n) + quant_1p(at(upper, 0), m); break;
    default: index = quant_4p_4N1(at(lower, 0), at(lower, 1), at(lower, 2), at(lower, 3), m);
  }
  return index + ((count & 3) << ((n << 2) - 2));
}

function quant_5p(pos: usize, n: i32): i32 {
  const lower = LOWER + 16;
  const upper = UPPER + 16;
  const m = n - 1;
  const count = split(pos, 5, 1 << m, lower, upper);
  const high = (n << 1) + 1;
  switch (count) {
    case 0: return (1 << (5 * n - 1)) + (quant_3p(at(upper, 0), at(upper, 1), at(upper, 2), m) << high) + quant_2p(at(upper, 3), at(upper, 4), n);
    case 1: return (1 << (5 * n - 1)) + (quant_3p(at(upper, 0), at(upper, 1), at(upper, 2), m) << high) + quant_2p(at(upper, 3), at(lower, 0), n);
    case 2: return (1 << (5 * n - 1)) + (quant_3p(at(upper, 0), at(upper, 1), at(upper, 2), m) << high) + quant_2p(at(lower, 0), at(lower, 1), n);
    case 3: return (quant_3p(at(lower, 0), at(lower, 1), at(lower, 2), m) << high) + quant_2p(at(upper, 0), at(upper, 1), n);
    case 4: return (quant_3p(at(lower, 0), at(lower, 1), at(lower, 2), m) << high) + quant_2p(at(lower, 3), at(upper, 0), n);
    default: return (quant_3p(at(lower, 0), at(lower, 1), at(lower, 2), m) << high) + quant_2p(at(lower, 3), at(lower, 4), n);
  }
}

function quant_6p(pos: usize, n: i32): i32 {
  const m = n - 1;
  const count = split(pos, 6, 1 << m, LOWER, UPPER);
  const most = 1 << (6 * n - 5);
  let index: i32;
  let kind = count;
  switch (count) {
    case 0: index = most + (quant_5p(UPPER, m) << n) + quant_1p(at(UPPER, 5), m); break;
    case 1: index = most + (quant_5p(UPPER, m) << n) + quant_1p(at(LOWER, 0), m); break;
    case 2: index = most + (quant_4p(UPPER, m) << ((m << 1) + 1)) + quant_2p(at(LOWER, 0), at(LOWER, 1), m); break;
    case 3:
      index = (quant_3p(at(LOWER, 0), at(LOWER, 1), at(LOWER, 2), m) << (3 * m + 1)) + quant_3p(at(UPPER, 0), at(UPPER, 1), at(UPPER, 2), m);
      break;
    case 4:
      kind = 2;
      index = (quant_4p(LOWER, m) << ((m << 1) + 1)) + quant_2p(at(UPPER, 0), at(UPPER, 1), m);
      break;
    case 5:
      kind = 1;
      index = (quant_5p(LOWER, m) << n) + quant_1p(at(UPPER, 0), m);
      break;
    default:
      kind = 0;
      index = (quant_5p(LOWER, m) << n) + quant_1p(at(LOWER, 5), m);
  }
  return index + ((kind & 3) << (6 * n - 4));
}

/** Index of `count` pulses of a track, at `pos`. */
export function trackIndex(pos: usize, count: i32): i32 {
  switch (count) {
    case 1: return quant_1p(at(pos, 0), 4);
    case 2: return quant_2p(at(pos, 0), at(pos, 1), 4);
    case 3: return quant_3p(at(pos, 0), at(pos, 1), at(pos, 2), 4);
    case 4: return quant_4p(pos, 4);
    case 5: return quant_5p(pos, 4);
    default: return quant_6p(pos, 4);
  }
}
