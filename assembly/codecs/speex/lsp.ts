/** Line spectral pairs: codebooks, interpolation and conversion to filters. Radians. */
import { copy, get, put } from '../../dsp/floats';
import { read } from './bits';
import {
  CDBK_NB, CDBK_NB_HIGH1, CDBK_NB_HIGH2, CDBK_NB_LOW1, CDBK_NB_LOW2, HIGH_LSP_CDBK, HIGH_LSP_CDBK2,
} from './tables'; // prettier-ignore

const COSINES: usize = memory.data(48, 16);
const DELAYS: usize = memory.data(4 * 24, 16);
const PI: f32 = 3.14159265358979323846;

/** Means of the narrow and of the high band. */
export function mean(i: i32, high: bool): f32 {
  return high ? (0.3125 as f32) * (i as f32) + 0.75 : (0.25 as f32) * (i as f32) + 0.25;
}

function add(lsp: usize, codebook: usize, index: i32, dimension: i32, scale: f32): void {
  const vector = codebook + ((index * dimension) as usize);
  for (let i = 0; i < dimension; i++) put(lsp, i, get(lsp, i) + scale * (load<i8>(vector + (i as usize)) as f32));
}

/** Reads ten pairs in 18 (coarse) or 30 bits. */
export function readNarrow(lsp: usize, coarse: bool): void {
  for (let i = 0; i < 10; i++) put(lsp, i, mean(i, false));
  add(lsp, CDBK_NB, read(6), 10, 0.0039062);
  add(lsp, CDBK_NB_LOW1, read(6), 5, 0.0019531);
  if (!coarse) add(lsp, CDBK_NB_LOW2, read(6), 5, 0.00097656);
  add(lsp + 20, CDBK_NB_HIGH1, read(6), 5, 0.0019531);
  if (!coarse) add(lsp + 20, CDBK_NB_HIGH2, read(6), 5, 0.00097656);
}

/** Reads eight pairs of a high band in 12 bits. */
export function readHigh(lsp: usize): void {
  for (let i = 0; i < 8; i++) put(lsp, i, mean(i, true));
  add(lsp, HIGH_LSP_CDBK, read(6), 8, 0.0039062);
  add(lsp, HIGH_LSP_CDBK2, read(6), 8, 0.0019531);
}

/** Pairs at `part` of the way from `old` to `lsp`, kept apart by `margin`. */
export function interpolate(out: usize, old: usize, lsp: usize, order: i32, part: f32, margin: f32): void {
  for (let i = 0; i < order; i++) put(out, i, ((1 as f32) - part) * get(old, i) + part * get(lsp, i));
  put(out, 0, max<f32>(get(out, 0), margin));
  put(out, order - 1, min<f32>(get(out, order - 1), PI - margin));
  for (let i = 1; i < order - 1; i++) {
    put(out, i, max<f32>(get(out, i), get(out, i - 1) + margin));
    const highest = get(out, i + 1) - margin;
    if (get(out, i) > highest) put(out, i, (0.5 as f32) * (get(out, i) + highest));
  }
}

/** @param a room for twelve coefficients; a1 .. are set */
export function toFilter(a: usize, lsp: usize, order: i32): void {
  const sections = order >> 1;
  for (let i = 0; i < order; i++) put(COSINES, i, NativeMathf.cos(get(lsp, i)));
  memory.fill(DELAYS, 0, 4 * 24);
  let lastP: f32 = 0;
  let lastQ: f32 = 0;
  for (let j = 0; j <= order; j++) {
    let p: f32 = j == 0 ? 1 : 0;
    let q = p;
    for (let i = 0; i < sections; i++) {
      const d = DELAYS + ((i as usize) << 4);
      const p1 = load<f32>(d);
      const q1 = load<f32>(d, 8);
      const nextP = p - (2 as f32) * get(COSINES, 2 * i) * p1 + load<f32>(d, 4);
      const nextQ = q - (2 as f32) * get(COSINES, 2 * i + 1) * q1 + load<f32>(d, 12);
      store<f32>(d, p1, 4);
      store<f32>(d, p);
      store<f32>(d, q1, 12);
      store<f32>(d, q, 8);
      p = nextP;
      q = nextQ;
    }
    if (j > 0) put(a, j - 1, (0.5 as f32) * (p + lastP + q - lastQ));
    lastP = p;
    lastQ = q;
  }
}

/** Gain of A at half the sampling rate: where the high band meets this one. */
export function gainAtPi(a: usize, order: i32): f32 {
  let gain: f32 = 1;
  for (let i = 0; i < order; i += 2) gain += get(a, i + 1) - get(a, i);
  return gain;
}

/** Gain of A at zero. */
export function gainAtZero(a: usize, order: i32): f32 {
  let gain: f32 = 1;
  for (let i = 0; i < order; i++) gain += get(a, i);
  return gain;
}

export function remember(old: usize, lsp: usize, order: i32): void {
  copy(old, lsp, order);
}
