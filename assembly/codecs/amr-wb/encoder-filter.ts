/** The encoder's single-precision filters, order 16. */
import { at, copy, dot, L_shl, put, ref, round, zero } from '../amr/basic-op';
import { L_SUBFR, M } from './frame';
import { wrapRound } from './operators';

const REVERSED: usize = memory.data(320, 16);
const WORK: usize = memory.data(640, 16);
const TAPS: usize = memory.data(48, 16);

export function Residu(a: usize, x: usize, y: usize, count: i32): void {
  // 17 taps: sixteen of the past by dot products, the last one apart.
  for (let j = 0; j < M; j += 1) put(TAPS, j, at(a, M - j));
  const first = at(a, 0);
  for (let i = 0; i < count; i += 1) put(y, i, round(L_shl(dot(ref(x, i - M), TAPS, M) + first * at(x, i), 5)));
}

export function Syn_filt(a: usize, x: usize, y: usize, count: i32, mem: usize, update: bool): void {
  for (let j = 0; j < M; j += 1) put(TAPS, j, at(a, M - j));
  const gain = at(a, 0) >> 1;
  copy(WORK, mem, M);
  for (let i = 0; i < count; i += 1) put(WORK, M + i, round(L_shl(gain * at(x, i) - dot(ref(WORK, i), TAPS, M), 4)));
  copy(y, ref(WORK, M), count);
  if (update) copy(mem, ref(WORK, count), M);
}

/** Impulse response of W(z) / Â(z), four times as large. */
export function impulseResponse(aq: usize, weighted: usize, h: usize): void {
  for (let j = 0; j < M; j += 1) put(TAPS, j, at(aq, M - j));
  zero(WORK, M);
  for (let i = 0; i < L_SUBFR; i += 1) {
    const x = i <= M ? at(weighted, i) : 0;
    put(WORK, M + i, wrapRound(((x << 14) - dot(ref(WORK, i), TAPS, M)) << 4));
  }
  copy(h, ref(WORK, M), L_SUBFR);
}

/** y = x * h over a subframe, Q15. */
export function Convolve(x: usize, h: usize, y: usize): void {
  for (let i = 0; i < L_SUBFR; i += 1) put(REVERSED, i, at(h, L_SUBFR - 1 - i));
  copy(WORK, x, L_SUBFR);
  for (let n = 0; n < L_SUBFR; n += 1) put(y, n, ((dot(WORK, ref(REVERSED, L_SUBFR - 1 - n), (n + 8) & ~7) << 1) + 0x8000) >> 16);
}

/** 1 / (1 - µ z), and half the level. @returns the memory */
export function Deemph2(x: usize, mu: i32, count: i32, mem: i32): i32 {
  let last = mem;
  for (let i = 0; i < count; i += 1) {
    last = <i32>(<i16>(((at(x, i) << 15) + ((last * mu) << 1) + 0x8000) >> 16));
    put(x, i, last);
  }
  return last;
}

/** 1 - µ z from rest. @param shift 1: at twice the level */
export function Preemph(x: usize, mu: i32, count: i32, shift: i32): void {
  for (let i = count - 1; i >= 0; i -= 1) {
    const before = i > 0 ? at(x, i - 1) : 0;
    put(x, i, ((((at(x, i) << 16) - ((before * mu) << 1)) << shift) + 0x8000) >> 16);
  }
}

export function Pit_shrp(x: usize, lag: i32, sharp: i32): void {
  for (let i = lag; i < L_SUBFR; i += 1) put(x, i, ((at(x, i) << 15) + at(x, i - lag) * sharp + 0x4000) >> 15);
}

/** x2 = x - gain y. */
export function Updt_tar(x: usize, x2: usize, y: usize, gain: i32): void {
  for (let i = 0; i < L_SUBFR; i += 1) put(x2, i, L_shl((at(x, i) << 15) - ((at(y, i) * gain) << 1), 1) >> 16);
}
