/** The filters A(z), 1/A(z) and their weighting, order 10. */
import { at, copy, put, ref } from '../amr/basic-op';
import { M } from './frame';

const WORK: usize = memory.data(512, 16);

/** 1/A(z): `count` samples of x to y, which may be one. mem: the 10 outputs before. */
export function Syn_filt(a: usize, x: usize, y: usize, count: i32, mem: usize, update: bool): void {
  const a0 = at(a, 0), a1 = at(a, 1), a2 = at(a, 2), a3 = at(a, 3), a4 = at(a, 4), a5 = at(a, 5);
  const a6 = at(a, 6), a7 = at(a, 7), a8 = at(a, 8), a9 = at(a, 9), a10 = at(a, 10);
  copy(WORK, mem, M);
  let out: usize = WORK;
  let last = at(WORK, 9);
  for (let i = 0; i < count; i += 1, out += 2) {
    const sum = at(x, i) * a0 + 0x800
      - load<i16>(out) * a10 - load<i16>(out, 2) * a9 - load<i16>(out, 4) * a8 - load<i16>(out, 6) * a7 - load<i16>(out, 8) * a6
      - load<i16>(out, 10) * a5 - load<i16>(out, 12) * a4 - load<i16>(out, 14) * a3 - load<i16>(out, 16) * a2 - last * a1;
    last = sum >> 12;
    last = last > 32767 ? 32767 : last < -32768 ? -32768 : last;
    store<i16>(out, <i16>last, 20);
  }
  copy(y, ref(WORK, M), count);
  if (update) copy(mem, ref(WORK, count), M);
}

/** A(z): residual y of x, which has 10 samples before its first. `count` is a multiple of 4. */
export function Residu(a: usize, x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    let sum = i32x4.splat(0x800);
    for (let j = 0; j <= M; j += 1) {
      sum = i32x4.add(sum, i32x4.mul(i32x4.splat(at(a, j)), v128.load16x4_s(ref(x, i - j))));
    }
    const shifted = i32x4.shr_s(sum, 12);
    put(y, i, i32x4.extract_lane(shifted, 0));
    put(y, i + 1, i32x4.extract_lane(shifted, 1));
    put(y, i + 2, i32x4.extract_lane(shifted, 2));
    put(y, i + 3, i32x4.extract_lane(shifted, 3));
  }
}

/** A(z/γ): `factors` are γ, γ², ... */
export function Weight_Ai(a: usize, factors: usize, weighted: usize): void {
  put(weighted, 0, at(a, 0));
  for (let i = 1; i <= M; i += 1) put(weighted, i, (at(a, i) * at(factors, i - 1) + 0x4000) >> 15);
}
