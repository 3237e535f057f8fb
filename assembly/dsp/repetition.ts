/**
 * Continues a signal by its last pitch period: the part of concealment that the G.711 decoder and
 * the jitter buffer share. Voiced sound goes on with its pitch, everything decays to silence.
 */
import { similarity } from './similarity';

/** 15 ms at 48 kHz. */
const MAX_PERIOD: i32 = 720;
const PERIOD: usize = memory.data(2880, 16);

let period: i32 = 0;
let position: i32 = 0;
let generated: i32 = 0;
let step: f32 = 0;
let rate: i32 = 8000;

/** History, in samples, that {@link start} reads before `end`: two longest periods. */
export function historyNeeded(sampleRate: i32): i32 {
  return min((sampleRate * 3) / 100 + sampleRate / 100, 2 * MAX_PERIOD + 480);
}

/** Analyses the floats before `end`. */
export function start(end: usize, sampleRate: i32): void {
  rate = sampleRate;
  const shortest = sampleRate / 400; // 2.5 ms
  const longest = min((sampleRate * 3) / 200, MAX_PERIOD); // 15 ms
  const window = sampleRate / 100;
  const from = end - ((<usize>window) << 2);
  const stride = max(1, sampleRate / 8000);
  let best: f32 = -1;
  period = longest;
  for (let lag = shortest; lag <= longest; lag += stride) {
    const s = similarity(from, from - ((<usize>lag) << 2), window);
    // A multiple of the pitch correlates as well as the pitch: prefer the shorter one.
    if (s > best + 0.01) {
      best = s;
      period = lag;
    }
  }
  if (stride > 1) {
    for (
      let lag = max(shortest, period - stride + 1), last = min(longest, period + stride - 1);
      lag <= last;
      lag += 1
    ) {
      const s = similarity(from, from - ((<usize>lag) << 2), window);
      if (s > best) {
        best = s;
        period = lag;
      }
    }
  }
  if (best < 0.4) period = longest; // noise: the longest loop buzzes least
  const source = end - ((<usize>period) << 2);
  memory.copy(PERIOD, source, (<usize>period) << 2);
  // Fade the loop's end into what preceded its beginning, so that the seam is smooth.
  const overlap = period >> 2;
  for (let i = 0; i < overlap; i += 1) {
    const w = <f32>(i + 1) / <f32>(overlap + 1);
    const at = PERIOD + ((<usize>(period - overlap + i)) << 2);
    const before = load<f32>(source - ((<usize>(overlap - i)) << 2));
    store<f32>(at, load<f32>(at) * (1 - w) + before * w);
  }
  // The one seam that is already played: spread its step over the first 2 ms.
  step = load<f32>(end - 4) - load<f32>(source - 4);
  position = 0;
  generated = 0;
}

/** The next sample of the continuation. Full level for 10 ms, silent after 80 ms. */
export function next(): f32 {
  const hold = rate / 100;
  const decay = (rate * 7) / 100;
  const smooth = rate / 500;
  let gain: f32 = 1;
  if (generated > hold) gain = max<f32>(0, 1 - <f32>(generated - hold) / <f32>decay);
  let value = load<f32>(PERIOD + ((<usize>position) << 2));
  if (generated < smooth) value += step * (1 - <f32>(generated + 1) / <f32>smooth);
  position += 1;
  if (position >= period) position = 0;
  if (generated < hold + decay) generated += 1;
  return value * gain;
}

/** Samples since {@link start}, up to the end of the decay. */
export function progress(): i32 {
  return generated;
}
