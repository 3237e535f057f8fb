/** The weighted speech at half its rate, for the open-loop search (TS 26.190 §5.4). */
import { at, copy, put, ref, zero } from '../amr/basic-op';
import { L_FRAME } from './frame';
import { Scale_sig } from './scale';

const MEMORY: usize = memory.data(16, 16);
const LINE: usize = memory.data(544, 16);

export function half_rate_reset(): void {
  zero(MEMORY, 3);
}

/** The memory follows the scaling of the signal. */
export function scaleHalfRate(change: i32): void {
  Scale_sig(MEMORY, 3, change);
}

/** Low-pass and every second sample. */
export function LP_Decim2(x: usize): void {
  copy(LINE, MEMORY, 3);
  copy(ref(LINE, 3), x, L_FRAME);
  copy(MEMORY, ref(x, L_FRAME - 3), 3);
  for (let i = 0, j = 0; i < L_FRAME; i += 2, j += 1) {
    const sum = (at(LINE, i) + at(LINE, i + 4)) * 4260 + (at(LINE, i + 1) + at(LINE, i + 3)) * 7536 + at(LINE, i + 2) * 9175;
    put(x, j, (sum + 0x4000) >> 15);
  }
}
