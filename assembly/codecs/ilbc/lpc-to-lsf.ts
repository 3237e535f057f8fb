/** Roots of the two polynomials of a filter on a grid that is refined three times (RFC 3951 §3.2.3, A.40). */
import { get, put } from '../../dsp/floats';
import { LPC_FILTERORDER } from './frame';
import { cosine } from './lsf';

const TWO_PI: f32 = 6.283185307;
const FLOAT_MAX: f32 = 1.0e37;
const STEPS: usize = memory.data<f32>([0.00635, 0.003175, 0.0015875, 0.00079375], 16);
/** Coefficients of the polynomial with even roots, then of the one with odd roots. */
const POLYNOMIALS: usize = memory.data(40, 16);
/** Cosines of the coarse grid, which is the same for every frame. */
const GRID: usize = memory.data(4 * 96, 16);
let gridLength = 0;

function fillGrid(): void {
  let omega: f32 = 0;
  for (; gridLength < 80; gridLength++) {
    put(GRID, gridLength, cosine(omega * TWO_PI));
    omega += get(STEPS, 0);
  }
}

/** @param lsf ten frequencies in radians */
export function lpcToLsf(lsf: usize, a: usize): void {
  if (gridLength == 0) fillGrid();
  reduce(POLYNOMIALS, a, -1);
  reduce(POLYNOMIALS + 20, a, 1);
  let evenBefore = FLOAT_MAX;
  let oddBefore = FLOAT_MAX;
  let omega: f32 = 0;
  let grid = 0;
  for (let root = 0; root < LPC_FILTERORDER; root++) {
    const odd = (root & 1) != 0;
    const polynomial = odd ? POLYNOMIALS + 20 : POLYNOMIALS;
    let before = odd ? oddBefore : evenBefore;
    let value: f32 = 0;
    // Coarse steps until the sign changes.
    for (;;) {
      value = evaluate(polynomial, get(GRID, min(grid, 79)));
      if (value * before <= 0 || omega >= 0.5) break;
      before = value;
      omega += get(STEPS, 0);
      grid++;
    }
    let fine = omega;
    for (let level = 1; level < 4; level++) {
      const step = get(STEPS, level);
      fine -= step;
      for (;;) {
        value = evaluate(polynomial, cosine(fine * TWO_PI));
        if (value * before <= 0 || fine >= 0.5) break;
        before = value;
        fine += step;
      }
    }
    put(lsf, root, (abs(value) >= abs(before) ? fine - get(STEPS, 3) : fine) * TWO_PI);
    before = before >= 0 ? -FLOAT_MAX : FLOAT_MAX;
    if (odd) oddBefore = before;
    else evenBefore = before;
  }
}

/** Divides the root at 0 or at the Nyquist frequency out of a sum or difference polynomial. */
function reduce(polynomial: usize, a: usize, sign: f32): void {
  let last = sign;
  for (let i = 0; i < 5; i++) {
    const low = get(a, i + 1);
    const high = get(a, LPC_FILTERORDER - i);
    const coefficient = sign < 0 ? -(low + high) : high - low;
    last = sign < 0 ? (i == 0 ? -1 - coefficient : -last - coefficient) : (i == 0 ? 1 : last) - coefficient;
    put(polynomial, i, i == 4 ? last / 2 : last);
  }
}

/** By Chebyshev's recursion. */
// @ts-ignore: decorator
@inline
function evaluate(polynomial: usize, cos: f32): f32 {
  const twice = (2 as f32) * cos;
  const c1 = twice + get(polynomial, 0);
  const c2 = twice * c1 - 1 + get(polynomial, 1);
  const c3 = twice * c2 - c1 + get(polynomial, 2);
  const c4 = twice * c3 - c2 + get(polynomial, 3);
  return cos * c4 - c3 + get(polynomial, 4);
}
