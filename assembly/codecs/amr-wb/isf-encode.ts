/** Vector quantization of the spectral frequencies in two stages (TS 26.190 §5.2.5). */
import { at, at32, copy, L_add, mult, put, put32, ref, sat, word, zero } from '../amr/basic-op';
import { Parm_serial } from './bits';
import { M, MODE_7k, MU } from './frame';
import { keepIsfDistance } from './isp';
import {
  DICO1_ISF, DICO1_ISF_NOISE, DICO2_ISF, DICO2_ISF_NOISE, DICO21_ISF, DICO21_ISF_36B, DICO22_ISF, DICO22_ISF_36B, DICO23_ISF, DICO23_ISF_36B,
  DICO24_ISF, DICO25_ISF, DICO3_ISF_NOISE, DICO4_ISF_NOISE, DICO5_ISF_NOISE, MEAN_ISF, MEAN_ISF_NOISE,
} from './tables';

const PAST_ISFQ: usize = memory.data(32, 16);
const TARGET: usize = memory.data(32, 16);
const STAGE2: usize = memory.data(32, 16);
const SURVIVORS: usize = memory.data(16, 16);
const DISTANCES: usize = memory.data(16, 16);
const TRIED: usize = memory.data(16, 16);
const INDICES: usize = memory.data(16, 16);

export function isf_encode_reset(): void {
  zero(PAST_ISFQ, M);
}

let leastDistance: i32 = 0;

/** Nearest entry; its distance is leastDistance. */
function Sub_VQ(x: usize, dictionary: usize, dimension: i32, size: i32): i32 {
  leastDistance = i32.MAX_VALUE;
  let index = 0;
  let entry = dictionary;
  for (let i = 0; i < size; i += 1) {
    let distance = 0;
    for (let j = 0; j < dimension; j += 1, entry += 2) {
      const difference = word(at(x, j) - load<i16>(entry));
      distance += (difference * difference) << 1;
    }
    if (distance < leastDistance) {
      leastDistance = distance;
      index = i;
    }
  }
  return index;
}

/** The four nearest entries of 256 → SURVIVORS. */
function VQ_stage1(x: usize, dictionary: usize, dimension: i32): void {
  for (let k = 0; k < 4; k += 1) {
    put32(DISTANCES, k, i32.MAX_VALUE);
    put(SURVIVORS, k, k);
  }
  let entry = dictionary;
  for (let i = 0; i < 256; i += 1) {
    let distance = 0;
    for (let j = 0; j < dimension; j += 1, entry += 2) {
      const difference = word(at(x, j) - load<i16>(entry));
      distance += (difference * difference) << 1;
    }
    for (let k = 0; k < 4; k += 1) {
      if (distance >= at32(DISTANCES, k)) continue;
      for (let l = 3; l > k; l -= 1) {
        put32(DISTANCES, l, at32(DISTANCES, l - 1));
        put(SURVIVORS, l, at(SURVIVORS, l - 1));
      }
      put32(DISTANCES, k, distance);
      put(SURVIVORS, k, i);
      break;
    }
  }
}

let total: i32 = 0;

function second(slot: i32, offset: i32, dictionary: usize, dimension: i32, size: i32): void {
  put(TRIED, slot, Sub_VQ(ref(STAGE2, offset), dictionary, dimension, size));
  total = L_add(total, leastDistance);
}

/** Both stages of a half. @param upper frequencies 9..15. The chosen indices go to INDICES from `slot` on */
function quantizeHalf(upper: bool, low: bool, slot: i32): void {
  const target = upper ? ref(TARGET, 9) : TARGET;
  const first = upper ? DICO2_ISF : DICO1_ISF;
  const dimension = upper ? 7 : 9;
  VQ_stage1(target, first, dimension);
  let least = i32.MAX_VALUE;
  for (let k = 0; k < 4; k += 1) {
    const survivor = at(SURVIVORS, k);
    for (let i = 0; i < dimension; i += 1) put(STAGE2, i, sat(at(target, i) - at(first, survivor * dimension + i)));
    total = 0;
    let count = 1;
    if (upper && low) {
      second(0, 0, DICO23_ISF_36B, 7, 64);
    } else if (upper) {
      second(0, 0, DICO24_ISF, 3, 32);
      second(1, 3, DICO25_ISF, 4, 32);
      count = 2;
    } else if (low) {
      second(0, 0, DICO21_ISF_36B, 5, 128);
      second(1, 5, DICO22_ISF_36B, 4, 128);
      count = 2;
    } else {
      second(0, 0, DICO21_ISF, 3, 64);
      second(1, 3, DICO22_ISF, 3, 128);
      second(2, 6, DICO23_ISF, 3, 128);
      count = 3;
    }
    if (total >= least) continue;
    least = total;
    put(INDICES, upper ? 1 : 0, survivor);
    for (let i = 0; i < count; i += 1) put(INDICES, slot + i, at(TRIED, i));
  }
}

function add(isf: usize, from: i32, dictionary: usize, index: i32, count: i32): void {
  for (let i = 0; i < count; i += 1) put(isf, from + i, at(isf, from + i) + at(dictionary, index * count + i));
}

/** Quantizes isf in place and sends its indices. */
export function Qpisf_2s(mode: i32, isf: usize): void {
  const low = mode == MODE_7k;
  for (let i = 0; i < M; i += 1) put(TARGET, i, sat(sat(at(isf, i) - at(MEAN_ISF, i)) - mult(MU, at(PAST_ISFQ, i))));
  quantizeHalf(false, low, 2);
  quantizeHalf(true, low, low ? 4 : 5);
  Parm_serial(at(INDICES, 0), 8);
  Parm_serial(at(INDICES, 1), 8);
  copy(isf, ref(DICO1_ISF, at(INDICES, 0) * 9), 9);
  copy(ref(isf, 9), ref(DICO2_ISF, at(INDICES, 1) * 7), 7);
  if (low) {
    Parm_serial(at(INDICES, 2), 7);
    Parm_serial(at(INDICES, 3), 7);
    Parm_serial(at(INDICES, 4), 6);
    add(isf, 0, DICO21_ISF_36B, at(INDICES, 2), 5);
    add(isf, 5, DICO22_ISF_36B, at(INDICES, 3), 4);
    add(isf, 9, DICO23_ISF_36B, at(INDICES, 4), 7);
  } else {
    Parm_serial(at(INDICES, 2), 6);
    Parm_serial(at(INDICES, 3), 7);
    Parm_serial(at(INDICES, 4), 7);
    Parm_serial(at(INDICES, 5), 5);
    Parm_serial(at(INDICES, 6), 5);
    add(isf, 0, DICO21_ISF, at(INDICES, 2), 3);
    add(isf, 3, DICO22_ISF, at(INDICES, 3), 3);
    add(isf, 6, DICO23_ISF, at(INDICES, 4), 3);
    add(isf, 9, DICO24_ISF, at(INDICES, 5), 3);
    add(isf, 12, DICO25_ISF, at(INDICES, 6), 4);
  }
  for (let i = 0; i < M; i += 1) {
    const residual = at(isf, i);
    put(isf, i, residual + at(MEAN_ISF, i) + mult(MU, at(PAST_ISFQ, i)));
    put(PAST_ISFQ, i, residual);
  }
  keepIsfDistance(isf);
}

function noisePart(isf: usize, from: i32, dictionary: usize, dimension: i32, size: i32, bits: i32): void {
  const index = Sub_VQ(ref(isf, from), dictionary, dimension, size);
  Parm_serial(index, bits);
  copy(ref(isf, from), ref(dictionary, index * dimension), dimension);
}

/** Quantizes the frequencies of a silence description in place and sends their indices. */
export function Qisf_ns(isf: usize): void {
  for (let i = 0; i < M; i += 1) put(isf, i, sat(at(isf, i) - at(MEAN_ISF_NOISE, i)));
  noisePart(isf, 0, DICO1_ISF_NOISE, 2, 64, 6);
  noisePart(isf, 2, DICO2_ISF_NOISE, 3, 64, 6);
  noisePart(isf, 5, DICO3_ISF_NOISE, 3, 64, 6);
  noisePart(isf, 8, DICO4_ISF_NOISE, 4, 32, 5);
  noisePart(isf, 12, DICO5_ISF_NOISE, 4, 32, 5);
  for (let i = 0; i < M; i += 1) put(isf, i, sat(at(isf, i) + at(MEAN_ISF_NOISE, i)));
  keepIsfDistance(isf);
}
