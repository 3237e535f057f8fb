/** The quadrature mirror filters that part a band into two halves and join them again. */
import { copy, get, put } from '../../dsp/floats';
import { H0_FLOAT } from './tables';

const ORDER: i32 = 64;
const HALF: i32 = 32;
/** Taps for the even and for the odd samples. */
const PHASES: usize = memory.data(4 * ORDER, 16);
/** Difference and sum of the bands, 32 samples of the past before them. */
const DIFFERENCE: usize = memory.data(4 * (HALF + 324), 16);
const SUM: usize = memory.data(4 * (HALF + 324), 16);
const INPUT: usize = memory.data(4 * (ORDER + 648), 16);
let prepared = false;

function prepare(): void {
  for (let j = 0; j < HALF; j++) {
    put(PHASES, j, 2 * get(H0_FLOAT, 2 * j));
    put(PHASES, HALF + j, 2 * get(H0_FLOAT, 2 * j + 1));
  }
  prepared = true;
}

/**
 * Joins two bands of `n` samples. @param out room for 2 n samples, may overlap nothing
 * @param memory 64 floats: the past of difference and sum
 */
export function join(out: usize, low: usize, high: usize, n: i32, memory: usize): void {
  if (!prepared) prepare();
  copy(DIFFERENCE, memory, HALF);
  copy(SUM, memory + (HALF << 2), HALF);
  for (let i: usize = 0, last = (n as usize) << 2; i < last; i += 16) {
    const l = v128.load(low + i);
    const h = v128.load(high + i);
    v128.store(DIFFERENCE + (HALF << 2) + i, f32x4.sub(l, h));
    v128.store(SUM + (HALF << 2) + i, f32x4.add(l, h));
  }
  for (let i: usize = 0, last = (n as usize) << 2; i < last; i += 16) {
    let even = f32x4.splat(0);
    let odd = even;
    for (let j: usize = 0; j < 128; j += 4) {
      const at = (HALF << 2) + i - j;
      even = f32x4.add(even, f32x4.mul(v128.load_splat<f32>(PHASES + j), v128.load(DIFFERENCE + at)));
      odd = f32x4.add(odd, f32x4.mul(v128.load_splat<f32>(PHASES + (HALF << 2) + j), v128.load(SUM + at)));
    }
    v128.store(out + (i << 1), v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
    v128.store(out + (i << 1), v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
  }
  copy(memory, DIFFERENCE + (n << 2), HALF);
  copy(memory + (HALF << 2), SUM + (n << 2), HALF);
}

/** Parts `n` samples into two bands of n / 2. @param memory 63 samples of the past */
export function part(low: usize, high: usize, x: usize, n: i32, memory: usize): void {
  copy(INPUT, memory, ORDER - 1);
  copy(INPUT + ((ORDER - 1) << 2), x, n);
  for (let k = 0; k < n >> 1; k++) {
    const from = INPUT + ((2 * k) << 2);
    let sum: f32 = 0;
    let difference: f32 = 0;
    for (let j = 0; j < HALF; j += 2) {
      const a = get(H0_FLOAT, j);
      const b = get(H0_FLOAT, j + 1);
      const a0 = get(from, j);
      const a1 = get(from, 63 - j);
      const b0 = get(from, j + 1);
      const b1 = get(from, 62 - j);
      sum += a * (a0 + a1) + b * (b0 + b1);
      difference += b * (b0 - b1) - a * (a0 - a1);
    }
    put(low, k, sum);
    put(high, k, difference);
  }
  copy(memory, INPUT + (n << 2), ORDER - 1);
}
