/** High-pass at 80 Hz and halving of the input, of which 13 bits count (TS 26.090 §5.1). */
import { at, put } from '../amr/basic-op';
import { L_FRAME } from './frame';

/** Outputs in Q12, and inputs, of the two samples before. */
let y1: i32 = 0;
let y2: i32 = 0;
let x1: i32 = 0;
let x2: i32 = 0;

export function pre_process_reset(): void {
  y1 = 0;
  y2 = 0;
  x1 = 0;
  x2 = 0;
}

export function preProcess(input: usize, output: usize): void {
  for (let i = 0; i < L_FRAME; i += 1) {
    const x0 = at(input, i) & ~7;
    const sum = (y1 >> 12) * 7807 + ((((y1 << 3) & 0x7fff) * 7807) >> 15) - (y2 >> 12) * 3733 + ((((y2 << 3) & 0x7fff) * -3733) >> 15)
      + x2 * 1899 - x1 * 3798 + x0 * 1899;
    put(output, i, (sum + 0x800) >> 12);
    y2 = y1;
    y1 = sum;
    x2 = x1;
    x1 = x0;
  }
}
