/** Pseudo-random numbers of comfort noise and concealment (reference's b_cn_cod). */
import { at, put, zero } from '../amr/basic-op';
import { L_SUBFR } from './frame';
import { PRM, parameterBits, parameterCount } from './bits';
import { WINDOW_200_40 } from './tables';

let seed: i32 = 0;
let noDataSeed: i32 = 0;

export function noise_reset(): void {
  seed = 0x70816958;
}

export function no_data_reset(): void {
  noDataSeed = 21845;
}

export function pseudonoise(bits: i32): i32 {
  let noise = 0;
  for (let i = 0; i < bits; i += 1) {
    const feedback = (seed ^ (seed >> 28)) & 1;
    noise = (noise << 1) | (seed & 1);
    seed >>= 1;
    if (feedback != 0) seed |= 0x40000000;
  }
  return noise;
}

/** Ten pulses of random sign and place. */
export function build_CN_code(code: usize): void {
  zero(code, L_SUBFR);
  for (let k = 0; k < 10; k += 1) {
    const position = pseudonoise(2) * 10 + k;
    put(code, position, pseudonoise(1) > 0 ? 4096 : -4096);
  }
}

/** Parameters of a frame that never came. */
export function build_CN_param(mode: i32): void {
  noDataSeed = <i32>(<i16>(noDataSeed * 31821 + 13849));
  const table = WINDOW_200_40 + ((<usize>(noDataSeed & 0x7f)) << 1);
  for (let i = 0, n = parameterCount(mode); i < n; i += 1) put(PRM, i, at(table, i) & ((1 << parameterBits(mode, i)) - 1));
}
