/** The reference's pseudo-random generator; its seeds stand in memory, one for each use. */
import { at, put } from '../amr/basic-op';

export const SEEDS: usize = memory.data(16, 16);
export const SEED_CODE: i32 = 0;
export const SEED_HIGH_BAND: i32 = 1;
export const SEED_LAG: i32 = 2;
export const SEED_COMFORT: i32 = 3;
export const SEED_DITHER: i32 = 4;

export function noise_reset(): void {
  for (let i = 0; i < 5; i += 1) put(SEEDS, i, 21845);
}

export function noise_gen(which: i32): i32 {
  const next = <i32>(<i16>(at(SEEDS, which) * 31821 + 13849));
  put(SEEDS, which, next);
  return next;
}
