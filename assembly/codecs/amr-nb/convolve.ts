import { at, dot, put, ref } from '../amr/basic-op';
import { L_SUBFR } from './frame';

/** The impulse response backwards, then zeros. */
const REVERSED: usize = memory.data(192, 16);
const PADDED: usize = memory.data(96, 16);

/** y = x * h over a subframe, Q12. x may end where memory of any content follows. */
export function Convolve(x: usize, h: usize, y: usize): void {
  for (let i = 0; i < L_SUBFR; i += 1) put(REVERSED, i, at(h, L_SUBFR - 1 - i));
  memory.copy(PADDED, x, L_SUBFR * 2);
  for (let n = 0; n < L_SUBFR; n += 1) put(y, n, dot(PADDED, ref(REVERSED, L_SUBFR - 1 - n), (n + 8) & ~7) >> 12);
}
