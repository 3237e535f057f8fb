/** Quantization of line spectral pairs in stages, errors weighted where pairs are close. */
import { get, put } from '../../dsp/floats';
import { write } from './bits';
import { mean } from './lsp';
import {
  CDBK_NB, CDBK_NB_HIGH1, CDBK_NB_HIGH2, CDBK_NB_LOW1, CDBK_NB_LOW2, HIGH_LSP_CDBK, HIGH_LSP_CDBK2,
} from './tables'; // prettier-ignore

const ERROR: usize = memory.data(48, 16);
const WEIGHTS: usize = memory.data(48, 16);
const ONES: usize = memory.data<f32>([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 16);

function begin(lsp: usize, order: i32, high: bool): void {
  for (let i = 0; i < order; i++) {
    const below = i == 0 ? get(lsp, 0) : get(lsp, i) - get(lsp, i - 1);
    const above = i == order - 1 ? (3.14159265 as f32) - get(lsp, i) : get(lsp, i + 1) - get(lsp, i);
    put(WEIGHTS, i, (10 as f32) / ((0.04 as f32) + min<f32>(below, above)));
    put(ERROR, i, (256 as f32) * (get(lsp, i) - mean(i, high)));
  }
}

/** Writes the index of the nearest of 64 vectors, and leaves what it lacks, doubled. */
function stage(codebook: usize, from: i32, dimension: i32, weights: usize): void {
  const error = ERROR + (from << 2);
  const weight = weights + (from << 2);
  let best = 0;
  let least: f32 = 1e30;
  for (let k = 0; k < 64; k++) {
    const vector = codebook + ((k * dimension) as usize);
    let distance: f32 = 0;
    for (let i = 0; i < dimension; i++) {
      const difference = get(error, i) - (load<i8>(vector + (i as usize)) as f32);
      distance += get(weight, i) * difference * difference;
    }
    if (distance < least) {
      least = distance;
      best = k;
    }
  }
  write(best, 6);
  const vector = codebook + ((best * dimension) as usize);
  for (let i = 0; i < dimension; i++) put(error, i, (2 as f32) * (get(error, i) - (load<i8>(vector + (i as usize)) as f32)));
}

/** @param out the pairs as the decoder will have them */
export function writeNarrow(out: usize, lsp: usize, coarse: bool): void {
  begin(lsp, 10, false);
  stage(CDBK_NB, 0, 10, ONES);
  stage(CDBK_NB_LOW1, 0, 5, WEIGHTS);
  if (!coarse) stage(CDBK_NB_LOW2, 0, 5, WEIGHTS);
  stage(CDBK_NB_HIGH1, 5, 5, WEIGHTS);
  if (!coarse) stage(CDBK_NB_HIGH2, 5, 5, WEIGHTS);
  const scale: f32 = coarse ? 1.0 / 1024.0 : 1.0 / 2048.0;
  for (let i = 0; i < 10; i++) put(out, i, get(lsp, i) - scale * get(ERROR, i));
}

export function writeHigh(out: usize, lsp: usize): void {
  begin(lsp, 8, true);
  stage(HIGH_LSP_CDBK, 0, 8, ONES);
  stage(HIGH_LSP_CDBK2, 0, 8, WEIGHTS);
  for (let i = 0; i < 8; i++) put(out, i, get(lsp, i) - ((1.0 / 1024.0) as f32) * get(ERROR, i));
}
