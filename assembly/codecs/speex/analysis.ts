/** Linear prediction analysis: window, autocorrelation, filter, line spectral pairs. */
import { clear, get, put, slidingDots } from '../../dsp/floats';
import { TAPS } from './filters';
import { LAG_WINDOW_FLOAT, LPC_WINDOW_FLOAT } from './tables';

const FLOOR: f32 = 0.0002;
const GRID: i32 = 128;

const WINDOWED: usize = memory.data(4 * 448, 16);
const CORRELATION: usize = memory.data(64, 16);
const LPC: usize = memory.data(48, 16);
/** Coefficients of the sum and of the difference polynomial. */
const SUM: usize = memory.data(32, 16);
const DIFFERENCE: usize = memory.data(32, 16);
const GRID_COSINES: usize = memory.data(4 * (GRID + 1), 16);
let prepared = false;

/**
 * @param lsp room for `order` frequencies; unchanged where the filter has none
 * @param signal 200 samples, or 400 with `stride` 2
 * @returns whether they were found
 */
export function findLsp(lsp: usize, signal: usize, stride: i32, order: i32): bool {
  const n = 200 * stride;
  for (let i = 0; i < n; i++) put(WINDOWED, i, get(signal, i) * get(LPC_WINDOW_FLOAT, stride == 1 ? i : i >> 1));
  clear(WINDOWED + (n << 2), 48);
  slidingDots(CORRELATION, WINDOWED, WINDOWED, n, order + 1);
  put(CORRELATION, 0, (get(CORRELATION, 0) + 10) * ((1 as f32) + FLOOR));
  for (let i = 0; i <= order; i++) put(CORRELATION, i, get(CORRELATION, i) * get(LAG_WINDOW_FLOAT, i));
  if (order == 10) put(CORRELATION, 0, get(CORRELATION, 0) + 1);
  levinsonDurbin(order);
  return findRoots(lsp, order);
}

function levinsonDurbin(order: i32): void {
  clear(LPC, TAPS);
  let error = get(CORRELATION, 0);
  // A little damping of every reflection: a filter so sharp that its quantized pairs may ring gains nothing.
  const damping = (0.003 as f32) * error;
  for (let i = 0; i < order; i++) {
    let sum = -get(CORRELATION, i + 1);
    for (let j = 0; j < i; j++) sum -= get(LPC, j) * get(CORRELATION, i - j);
    const k = sum / (error + damping);
    put(LPC, i, k);
    for (let j = 0; j < i >> 1; j++) {
      const low = get(LPC, j);
      const high = get(LPC, i - 1 - j);
      put(LPC, j, low + k * high);
      put(LPC, i - 1 - j, high + k * low);
    }
    if ((i & 1) != 0) put(LPC, i >> 1, get(LPC, i >> 1) * ((1 as f32) + k));
    error -= k * k * error;
  }
}

/** Roots of both polynomials in turn, by their sign on a grid and by bisection. */
function findRoots(lsp: usize, order: i32): bool {
  const half = order >> 1;
  if (!prepared) {
    for (let i = 0; i <= GRID; i++) put(GRID_COSINES, i, NativeMathf.cos(((i as f32) * (3.14159265 as f32)) / (GRID as f32)));
    prepared = true;
  }
  put(SUM, 0, 1);
  put(DIFFERENCE, 0, 1);
  for (let i = 0; i < half; i++) {
    const low = get(LPC, i);
    const high = get(LPC, order - 1 - i);
    put(SUM, i + 1, low + high - get(SUM, i));
    put(DIFFERENCE, i + 1, low - high + get(DIFFERENCE, i));
  }
  let at = 0;
  let left: f32 = 1;
  for (let root = 0; root < order; root++) {
    const polynomial = (root & 1) != 0 ? DIFFERENCE : SUM;
    let leftValue = evaluate(polynomial, left, half);
    while (true) {
      if (at >= GRID) return false;
      const x = get(GRID_COSINES, at + 1);
      const value = evaluate(polynomial, x, half);
      if (leftValue * value <= 0) break;
      left = x;
      leftValue = value;
      at++;
    }
    let right = get(GRID_COSINES, at + 1);
    let a = left;
    for (let i = 0; i < 14; i++) {
      const middle = (0.5 as f32) * (a + right);
      const value = evaluate(polynomial, middle, half);
      if (leftValue * value <= 0) right = middle;
      else a = middle;
    }
    left = (0.5 as f32) * (a + right);
    put(FOUND, root, NativeMathf.acos(left));
  }
  for (let i = 0; i < order; i++) put(lsp, i, get(FOUND, i));
  return true;
}

const FOUND: usize = memory.data(48, 16);

/** By Chebyshev's recursion. */
function evaluate(polynomial: usize, x: f32, half: i32): f32 {
  const twice = x + x;
  let b1: f32 = 0;
  let b2: f32 = 0;
  for (let i = 0; i < half; i++) {
    const b = twice * b1 - b2 + get(polynomial, i);
    b2 = b1;
    b1 = b;
  }
  return x * b1 - b2 + (0.5 as f32) * get(polynomial, half);
}
