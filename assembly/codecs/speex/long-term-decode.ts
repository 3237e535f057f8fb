/** Contribution of the past excitation to a subframe: three taps around the pitch, or one that is forced. */
import { clear, get, put } from '../../dsp/floats';
import { read } from './bits';
import { framePitch, pitchGainBits, pitchGains, PITCH_END, PITCH_START } from './submodes';

const SUBFRAME: i32 = 40;
/** The random octets of an attacker must not grow without end. */
const LIMIT: f32 = 32000;

/** Pitch and three gains of the last subframe. */
export let pitch: i32 = 40;
export const GAIN: usize = memory.data(16, 16);

/**
 * @param out forty samples @param excitation the subframe's place, zeros, after its past
 * @param late whether many frames are missing @param limit gain of before a loss, or less than 0 without one
 */
export function readPitch(out: usize, excitation: usize, submode: i32, frameLag: i32, late: bool, limit: f32, offset: i32): void {
  pitch = framePitch(submode) ? frameLag : min(PITCH_START + read(7), PITCH_END);
  const gains = pitchGains(submode) + ((read(pitchGainBits(submode)) << 2) as usize);
  for (let i = 0; i < 3; i++) put(GAIN, i, (0.015625 as f32) * (load<i8>(gains + (i as usize)) as f32) + (0.5 as f32));
  if (limit >= 0 && pitch > offset) damp(min<f32>(late ? (0.5 as f32) * limit : limit, 0.95));
  predict(out, excitation, pitch, GAIN);
}

/** After a loss the past is not to be trusted. */
function damp(limit: f32): void {
  let sum = abs(get(GAIN, 1));
  for (let i = 0; i < 3; i += 2) sum += get(GAIN, i) > 0 ? get(GAIN, i) : (-0.5 as f32) * get(GAIN, i);
  if (!(sum > limit)) return;
  for (let i = 0; i < 3; i++) put(GAIN, i, (limit / sum) * get(GAIN, i));
}

/** Where the lag is shorter than the subframe, the past is taken one period earlier. */
export function predict(out: usize, excitation: usize, lag: i32, gains: usize): void {
  clear(out, SUBFRAME);
  for (let i = 0; i < 3; i++) {
    const delay = lag + 1 - i;
    const gain = get(gains, 2 - i);
    for (let j = 0; j < min(SUBFRAME, delay); j++) put(out, j, get(out, j) + gain * get(excitation, j - delay));
    for (let j = delay; j < min(SUBFRAME, delay + lag); j++) {
      put(out, j, get(out, j) + gain * get(excitation, j - delay - lag));
    }
  }
  for (let j = 0; j < SUBFRAME; j++) put(out, j, min<f32>(max<f32>(get(out, j), -LIMIT), LIMIT));
}

/** One tap that the whole frame shares; it also becomes the excitation, so that short lags go on. */
export function forcePitch(out: usize, excitation: usize, lag: i32, gain: f32): void {
  const tap = min<f32>(gain, 0.99);
  for (let i = 0; i < SUBFRAME; i++) {
    const value = min<f32>(max<f32>(tap * get(excitation, i - lag), -LIMIT), LIMIT);
    put(out, i, value);
    put(excitation, i, value);
  }
  pitch = lag;
  put(GAIN, 0, 0);
  put(GAIN, 1, tap);
  put(GAIN, 2, 0);
}
