import { at, copy, put } from './basic-op';

const WORK: usize = memory.data(32, 16);

/** Median of n values, n odd and at most 9. */
export function gmed_n(values: usize, n: i32): i32 {
  copy(WORK, values, n);
  for (let i = 1; i < n; i += 1) {
    const x = at(WORK, i);
    let j = i - 1;
    while (j >= 0 && at(WORK, j) > x) {
      put(WORK, j + 1, at(WORK, j));
      j -= 1;
    }
    put(WORK, j + 1, x);
  }
  return at(WORK, n >> 1);
}
