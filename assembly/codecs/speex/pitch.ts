/** Open-loop pitch: the lags whose prediction gains most, best first. */
import { get, put, slidingDots } from '../../dsp/floats';
import { product } from './filters';

/** Lags and gains of the last search. */
export const LAGS: usize = memory.data(48, 16);
export const GAINS: usize = memory.data(48, 16);
const SCORES: usize = memory.data(48, 16);
const ENERGIES: usize = memory.data(48, 16);
const DOTS: usize = memory.data(4 * 160, 16);
const ENERGY: usize = memory.data(4 * 160, 16);

export function lag(i: i32): i32 {
  return load<i32>(LAGS + ((i as usize) << 2));
}

/** @param n samples from `x` on @param count lags wanted, at most ten @param gains whether to find their gains */
export function findPitch(x: usize, start: i32, end: i32, n: i32, count: i32, gains: bool): void {
  for (let i = 0; i < count; i++) {
    put(SCORES, i, -1);
    put(ENERGIES, i, 0);
    store<i32>(LAGS + ((i as usize) << 2), start);
  }
  slidingDots(DOTS, x, x - ((end as usize) << 2), n, end - start + 1);
  let energy = product(x - ((start as usize) << 2), x - ((start as usize) << 2), n);
  for (let i = start; i <= end; i++) {
    put(ENERGY, i - start, energy);
    consider(i, get(DOTS, end - i), energy, count);
    const enters = get(x, -i - 1);
    const leaves = get(x, n - i - 1);
    energy = max<f32>(energy + enters * enters - leaves * leaves, 0);
  }
  if (!gains) return;
  const own = sqrt<f32>(product(x, x, n));
  for (let i = 0; i < count; i++) {
    const gain = get(DOTS, end - lag(i)) / ((10 as f32) + own * sqrt<f32>(get(ENERGY, lag(i) - start)));
    put(GAINS, i, max<f32>(gain, 0));
  }
}

/** Puts a lag where it belongs among the best. */
function consider(candidate: i32, cross: f32, energy: f32, count: i32): void {
  const score = cross * cross;
  let place = count;
  while (place > 0 && score * get(ENERGIES, place - 1) > get(SCORES, place - 1) * ((1 as f32) + energy)) place--;
  if (place == count) return;
  for (let k = count - 1; k > place; k--) {
    put(SCORES, k, get(SCORES, k - 1));
    put(ENERGIES, k, get(ENERGIES, k - 1));
    store<i32>(LAGS + ((k as usize) << 2), lag(k - 1));
  }
  put(SCORES, place, score);
  put(ENERGIES, place, energy + 1);
  store<i32>(LAGS + ((place as usize) << 2), candidate);
}

/** The best lag, or a fraction of it whose gain is more than `share` of its gain. */
export function withoutMultiples(count: i32, share: f32): i32 {
  let best = lag(0);
  for (let i = 1; i < count; i++) {
    if (!(get(GAINS, i) > share * get(GAINS, 0))) continue;
    for (let multiple = 2; multiple <= 5; multiple++) {
      if (abs(multiple * lag(i) - best) <= multiple) {
        best = lag(i);
        break;
      }
    }
  }
  return best;
}
