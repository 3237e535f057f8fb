/** Predictor coefficients to line spectral pairs, by the roots of two Chebyshev series (TS 26.090 §5.2.3). */
import { abs_s, at, copy, div_s, norm_s, put, sat, word } from '../amr/basic-op';
import { M } from './frame';
import { GRID } from './tables';

const GRID_POINTS: i32 = 60;
const F1: usize = memory.data(16, 16);
const F2: usize = memory.data(16, 16);

function Chebps(x: i32, f: usize): i32 {
  let before = 0x01000000;
  let sum = (x << 10) + (at(f, 1) << 14);
  for (let i = 2; i < 5; i += 1) {
    const next = (((sum >> 16) * x + ((((sum >> 1) & 0x7fff) * x) >> 15)) << 2) - before + (at(f, i) << 14);
    before = sum & ~1;
    sum = next;
  }
  sum = (((sum >> 16) * x + ((((sum >> 1) & 0x7fff) * x) >> 15)) << 1) - before + (at(f, 5) << 13);
  return sat(sum >> 10);
}

/** @param old used when not all ten roots are found */
export function Az_lsp(a: usize, lsp: usize, old: usize): void {
  put(F1, 0, 1024);
  put(F2, 0, 1024);
  for (let i = 0; i < 5; i += 1) {
    put(F1, i + 1, ((at(a, i + 1) + at(a, M - i)) >> 2) - at(F1, i));
    put(F2, i + 1, ((at(a, i + 1) - at(a, M - i)) >> 2) + at(F2, i));
  }
  let found = 0;
  let f = F1;
  let xlow = at(GRID, 0);
  let ylow = Chebps(xlow, f);
  for (let j = 1; found < M && j <= GRID_POINTS; j += 1) {
    let xhigh = xlow;
    let yhigh = ylow;
    xlow = at(GRID, j);
    ylow = Chebps(xlow, f);
    if (ylow * yhigh > 0) continue;
    for (let i = 0; i < 4; i += 1) {
      const xmid = (xlow >> 1) + (xhigh >> 1);
      const ymid = Chebps(xmid, f);
      if (ylow * ymid <= 0) {
        yhigh = ymid;
        xhigh = xmid;
      } else {
        ylow = ymid;
        xlow = xmid;
      }
    }
    const y = word(yhigh - ylow);
    let root = xlow;
    if (y != 0) {
      const size = abs_s(y);
      const shift = norm_s(size);
      let slope = word(((xhigh - xlow) * div_s(16383, size << shift)) >> (19 - shift));
      if (y < 0) slope = -slope;
      root = word(xlow - ((ylow * slope) >> 10));
    }
    put(lsp, found, root);
    xlow = root;
    found += 1;
    f = f == F1 ? F2 : F1;
    ylow = Chebps(xlow, f);
  }
  if (found < M) copy(lsp, old, M);
}
