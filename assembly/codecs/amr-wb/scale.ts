import { at, L_shl, put, round } from '../amr/basic-op';

/** Scales a signal by a power of two, rounded. */
export function Scale_sig(x: usize, count: i32, shift: i32): void {
  if (shift > 0) {
    for (let i = 0; i < count; i += 1) put(x, i, round(L_shl(at(x, i), 16 + shift)));
  } else {
    for (let i = 0; i < count; i += 1) put(x, i, (((at(x, i) << 16) >> -shift) + 0x8000) >> 16);
  }
}
