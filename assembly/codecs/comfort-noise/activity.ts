/**
 * Voice activity. A frame of 10 ms is speech if it stands above the quietest moments of the last two seconds, in all of its
 * spectrum or in the upper part, or if it repeats itself as voices and tones do.
 */
import { at, clear, get, put } from '../../dsp/floats';
import { similarity } from '../../dsp/similarity';

/** Quietest moments: eight stretches of 25 frames. */
const STRETCHES: i32 = 8;
const STRETCH_FRAMES: i32 = 25;
/** Frames that are held after a burst of speech, and after a click. */
const HOLD: i32 = 20;
const HOLD_SHORT: i32 = 6;
const BURST: i32 = 5;
/** dB above the floor; mean squares of samples below which nothing is heard, and voices are not looked for (-75, -58 dBov). */
const MARGIN: f64 = 5;
const INAUDIBLE: f64 = 34;
const FAINT: f64 = 1700;
const PERIODIC: f32 = 0.65;

/** For each of the two measures the minima of the stretches, mean squares. */
const MINIMA: usize = memory.data(64, 16);
const SMOOTH: usize = memory.data(16, 16);

let stretch: i32 = 0;
let frames: i32 = 0;
let burst: i32 = 0;
let hold: i32 = 0;
/** Whether the frame itself is no speech, held or not. */
export let background: bool = false;

export function resetActivity(): void {
  for (let i = 0; i < 2 * STRETCHES; i++) put(MINIMA, i, f32.MAX_VALUE);
  clear(SMOOTH, 2);
  stretch = 0;
  frames = 0;
  burst = 0;
  // What nobody knows yet is sent.
  hold = HOLD;
}

/**
 * @param x the frame, as floats of 16-bit size, behind 27.5 ms of history @param count its samples @param rate Hz
 * @returns whether it is to be sent as speech
 */
export function isSpeech(x: usize, count: i32, rate: i32): bool {
  let all: f64 = 0;
  let upper: f64 = 0;
  for (let i = 0; i < count; i++) {
    const value = get(x, i);
    const step = value - get(x, i - 1);
    all += value * value;
    upper += step * step;
  }
  all /= count;
  upper /= count;
  const rises = i32(above(0, all)) | i32(above(1, upper));
  frames++;
  if (frames == STRETCH_FRAMES) {
    frames = 0;
    stretch = (stretch + 1) % STRETCHES;
    put(MINIMA, stretch, f32.MAX_VALUE);
    put(MINIMA, STRETCHES + stretch, f32.MAX_VALUE);
  }
  background = all < INAUDIBLE || (rises == 0 && !(all > FAINT && repeats(x, count, rate)));
  if (!background) {
    burst++;
    hold = max(hold, burst >= BURST ? HOLD : HOLD_SHORT);
    return true;
  }
  burst = 0;
  if (hold == 0) return false;
  hold--;
  return true;
}

/** Follows the floor of one measure. @returns whether `power` stands above it */
function above(measure: i32, power: f64): bool {
  const row = at(MINIMA, measure * STRETCHES);
  const before = get(SMOOTH, measure);
  // Three frames: the minimum of single ones lies far below the noise.
  const smooth = before == 0 ? (power as f32) : (0.67 as f32) * before + (0.33 as f32) * (power as f32);
  put(SMOOTH, measure, smooth);
  put(row, stretch, min<f32>(get(row, stretch), smooth));
  let floor = get(row, 0);
  for (let i = 1; i < STRETCHES; i++) floor = min<f32>(floor, get(row, i));
  return 10 * NativeMath.log10((power + 1) / ((floor as f64) + 1)) > MARGIN;
}

/** Whether the last 20 ms are there again 2.5 to 12.5 ms earlier. */
function repeats(x: usize, count: i32, rate: i32): bool {
  const window = 2 * count;
  const from = at(x, -count);
  const stride = rate / 8000;
  for (let lag = rate / 400, last = rate / 80; lag <= last; lag += stride) {
    if (similarity(from, at(from, -lag), window) > PERIODIC) return true;
  }
  return false;
}
