/** Pitch lag of bad frames (TS 26.191 §6.2.3.2). */
import { at, mult, put, sat } from '../amr/basic-op';
import { GOOD_PITCH_GAINS } from './gain-decode';
import { noise_gen, SEED_LAG } from './noise';

const HISTORY: usize = memory.data(16, 16);
const SORTED: usize = memory.data(16, 16);

export function lag_reset(): void {
  for (let i = 0; i < 5; i += 1) put(HISTORY, i, 64);
}

export function rememberLag(lag: i32): void {
  for (let i = 4; i > 0; i -= 1) put(HISTORY, i, at(HISTORY, i - 1));
  put(HISTORY, 0, lag);
}

/** Mean of the three longest lags, varied at random. */
function randomLag(): i32 {
  for (let i = 0; i < 5; i += 1) {
    const x = at(HISTORY, i);
    let j = i - 1;
    while (j >= 0 && at(SORTED, j) > x) {
      put(SORTED, j + 1, at(SORTED, j));
      j -= 1;
    }
    put(SORTED, j + 1, x);
  }
  const spread = min(at(SORTED, 4) - at(SORTED, 2), 40);
  const variation = mult(spread >> 1, noise_gen(SEED_LAG));
  return sat(mult(at(SORTED, 2) + at(SORTED, 3) + at(SORTED, 4), 10923) + variation);
}

/** @param lag what the bad frame says. @param old lag of the last good subframe */
export function lagconceal(lag: i32, old: i32, unusable: bool): i32 {
  const lastGain = at(GOOD_PITCH_GAINS, 4);
  const voiced = lastGain > 8192 && at(GOOD_PITCH_GAINS, 3) > 8192;
  const last = at(HISTORY, 0);
  let least = last;
  let most = last;
  let sum = 0;
  let leastGain = at(GOOD_PITCH_GAINS, 0);
  for (let i = 0; i < 5; i += 1) {
    least = min(least, at(HISTORY, i));
    most = max(most, at(HISTORY, i));
    sum += at(HISTORY, i);
    leastGain = min(leastGain, at(GOOD_PITCH_GAINS, i));
  }
  const range = most - least;
  let result: i32;
  if (unusable) {
    result = leastGain > 8192 && range < 10 ? old : voiced ? last : randomLag();
  } else {
    const mean = mult(sum, 6554);
    const inside = lag > least && lag < most;
    const plausible = (range < 10 && lag > least - 5 && lag - most < 5) || (voiced && lag - last + 10 > 0 && lag - last < 10)
      || (leastGain < 6554 && lastGain == leastGain && inside) || (range < 70 && inside) || (lag > mean && lag < most);
    if (plausible) return lag;
    result = (leastGain > 8192 && range < 10) || voiced ? last : randomLag();
  }
  return max(least, min(result, most));
}
