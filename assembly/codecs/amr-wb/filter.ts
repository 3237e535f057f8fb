/** Filters of the wide-band codec. Each keeps its past in memory that its caller gives. */
import { at, copy, dot, L_shl, put, ref, round, sat } from '../amr/basic-op';
import { M } from './frame';

const REVERSED: usize = memory.data(64, 16);
const WORK: usize = memory.data(320, 16);

/** 1/A(z) in double precision: 64 samples of exc (scaled by Q) → hi and lo, which have 16 samples before the first. */
export function Syn_filt_32(a: usize, exc: usize, Q: i32, high: usize, low: usize, count: i32): void {
  for (let j = 0; j < M; j += 1) put(REVERSED, j, at(a, M - j));
  const shift = 9 - Q;
  for (let i = 0; i < count; i += 1) {
    let sum = (-dot(ref(low, i - M), REVERSED, M)) >> 11;
    sum += at(exc, i) << shift;
    sum -= dot(ref(high, i - M), REVERSED, M) << 1;
    sum = L_shl(sum, 3);
    put(high, i, sum >> 16);
    put(low, i, (sum >> 4) - ((sum >> 16) << 12));
  }
}

/** 1/A(z) of order m, at most 24. x and y may be one. */
export function wb_syn_filt(a: usize, m: i32, x: usize, y: usize, count: i32, mem: usize, update: bool): void {
  for (let j = 0; j < 24; j += 1) put(REVERSED, j, 24 - j <= m ? at(a, 24 - j) : 0);
  memory.fill(WORK, 0, 48);
  copy(ref(WORK, 24 - m), mem, m);
  for (let i = 0; i < count; i += 1) {
    put(WORK, 24 + i, round(L_shl((at(x, i) << 11) - dot(ref(WORK, i), REVERSED, 24), 4)));
  }
  copy(y, ref(WORK, 24), count);
  if (update) copy(mem, ref(WORK, 24 + count - m), m);
}

/** A(z/γ) of order m. */
export function weight_lpc(a: usize, weighted: usize, gamma: i32, m: i32): void {
  put(weighted, 0, at(a, 0));
  let factor = gamma;
  for (let i = 1; i <= m; i += 1) {
    put(weighted, i, (at(a, i) * factor + 0x4000) >> 15);
    factor = (factor * gamma + 0x4000) >> 15;
  }
}

/** 31 taps, at `taps` with a zero after them. mem: 30 samples. @param shift of the input */
export function fir31(signal: usize, count: i32, mem: usize, taps: usize, shift: i32): void {
  copy(WORK, mem, 30);
  for (let i = 0; i < count; i += 1) put(WORK, 30 + i, at(signal, i) >> shift);
  put(WORK, 30 + count, 0);
  for (let i = 0; i < count; i += 1) put(signal, i, sat((dot(ref(WORK, i), taps, 32) + 0x4000) >> 15));
  copy(mem, ref(WORK, count), 30);
}

/** High-pass at 400 Hz, in place. mem: y1, y2 as 32 bits, x0, x1. */
export function highpass_400Hz(signal: usize, count: i32, mem: usize): void {
  let y1 = load<i32>(mem), y2 = load<i32>(mem, 4), x0 = load<i32>(mem, 8), x1 = load<i32>(mem, 12);
  for (let i = 0; i < count; i += 1) {
    const low = 8192 + ((y1 >> 1) & 0x7fff) * 29280 - ((y2 >> 1) & 0x7fff) * 14160;
    const x2 = x1;
    x1 = x0;
    x0 = at(signal, i);
    const high = (y1 >> 16) * 29280 - (y2 >> 16) * 14160 + (x2 + x0) * 915 - x1 * 1830;
    y2 = y1;
    y1 = (low >> 13) + (high << 2);
    put(signal, i, (y1 + 0x8000) >> 16);
  }
  store<i32>(mem, y1);
  store<i32>(mem, y2, 4);
  store<i32>(mem, x0, 8);
  store<i32>(mem, x1, 12);
}

/** High-pass at 50 Hz, in place. mem as above. @param wrap the encoder's reference wraps where the decoder's saturates */
export function highpass_50Hz(signal: usize, count: i32, mem: usize, wrap: bool): void {
  let y1 = load<i32>(mem), y2 = load<i32>(mem, 4), x0 = load<i32>(mem, 8), x1 = load<i32>(mem, 12);
  for (let i = 0; i < count; i += 1) {
    const low = 8192 + ((y1 >> 1) & 0x7fff) * 16211 - ((y2 >> 1) & 0x7fff) * 8021;
    const x2 = x1;
    x1 = x0;
    x0 = at(signal, i);
    const high = (y1 >> 16) * 32422 - (y2 >> 16) * 16042 + (x2 + x0) * 8106 - x1 * 16212;
    y2 = y1;
    y1 = ((low >> 14) + high) << 2;
    put(signal, i, round(wrap ? y1 << 1 : L_shl(y1, 1)));
  }
  store<i32>(mem, y1);
  store<i32>(mem, y2, 4);
  store<i32>(mem, x0, 8);
  store<i32>(mem, x1, 12);
}
