import { copy, dot, L_shl, put, ref, round } from '../amr/basic-op';
import { FIR_DOWN1 } from './tables';

const SIGNAL: usize = memory.data(720, 16);
/** The four phases of the filter, padded to whole vectors. */
const TAPS: usize = memory.data(256, 16);

export function decimate_reset(): void {
  for (let i = 0; i < 4; i += 1) copy(ref(TAPS, i * 32), ref(FIR_DOWN1, i * 30), 30);
}

/** 16 → 12.8 kHz, `count` samples to 4/5 as many. mem: 30 samples. */
export function decimate(input: usize, count: i32, output: usize, mem: usize): void {
  copy(SIGNAL, mem, 30);
  copy(ref(SIGNAL, 30), input, count);
  for (let j = 0, n = (count * 4) / 5, position = 0; j < n; j += 1, position += 5) {
    put(output, j, round(L_shl(dot(ref(SIGNAL, (position >> 2) + 1), ref(TAPS, (position & 3) * 32), 32), 2)));
  }
  copy(mem, ref(SIGNAL, count), 30);
}
