/** Gains of the three codebook stages (RFC 3951 §3.6.4.2): 5, 4 and 3 bits, each relative to the stage before. */
import { get } from '../../dsp/floats';
import { GAIN_SQ3TBL, GAIN_SQ4TBL, GAIN_SQ5TBL } from './tables';

/** Stage → table of 32, 16 or 8 gains. */
// @ts-ignore: decorator
@inline
function table(stage: i32): usize {
  return stage == 0 ? GAIN_SQ5TBL : stage == 1 ? GAIN_SQ4TBL : GAIN_SQ3TBL;
}

/** @param previous gain of the stage before; 1 for the first */
export function dequantizeGain(stage: i32, index: i32, previous: f32): f32 {
  return max<f32>(abs(previous), 0.1) * get(table(stage), index & ((32 >> stage) - 1));
}

/** @returns the index of the nearest gain */
export function quantizeGain(stage: i32, gain: f32, previous: f32): i32 {
  const scale = max<f32>(abs(previous), 0.1);
  let best = 0;
  let least: f32 = 10000000.0;
  for (let i = 0; i < 32 >> stage; i++) {
    const error = gain - scale * get(table(stage), i);
    const measure = error * error;
    if (measure < least) {
      best = i;
      least = measure;
    }
  }
  return best;
}
