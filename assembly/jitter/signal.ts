/**
 * The samples around the playout point, in one line: what was played (history) | what is decoded and
 * waits. Concealment, merging and time-stretching work on this line.
 */
import { historyNeeded, next, start } from '../dsp/repetition';
import { power, similarity } from '../dsp/similarity';
import { AHEAD, between, prepare } from './glide';

/** Samples: 40 ms of history, 120 ms packets and a stretch at 48 kHz, with room to move rarely. */
const SIZE: i32 = 16384;
const LINE: usize = memory.data(65536, 16);
const SPARE: usize = memory.data(4096, 16);
/** What the decoder made up, a frame and what was left of the one before, and the part of it that was not used. */
const OFFER: usize = memory.data(8192, 16);
const OFFER_MAX: i32 = 2048;
let offerAt: i32 = 0;
let offerEnd: i32 = 0;

let rate: i32 = 8000;
let head: i32 = 0;
let tail: i32 = 0;
let concealing: bool = false;
/** Playout stands this share of a sample behind `head`, and moves by 1 + `pace` samples. */
let fraction: f64 = 0;
let pace: f64 = 0;
/** The next whole sample is where the pace is straight again. */
let landing: bool = false;
/** By which the pace may change each second, and the least at which a fraction that is left over is played away. */
const SLEW: f64 = 100e-6;
const CREEP: f64 = 20e-6;

export function reset(sampleRate: i32): void {
  rate = sampleRate;
  head = historyNeeded(rate);
  tail = head;
  concealing = false;
  fraction = 0;
  pace = 0;
  landing = false;
  offerAt = 0;
  offerEnd = 0;
  prepare();
  memory.fill(LINE, 0, <usize>SIZE << 2);
}

/** Samples that wait. */
export function waiting(): i32 {
  return tail - head;
}

/** `samples` are wanted next: moves the pace a little towards 1 + `wanted`. */
export function bend(wanted: f64, samples: i32): void {
  const most = (SLEW * <f64>samples) / rate;
  pace += max(-most, min(most, wanted - pace));
  // Between two samples there is no rest: on to the next.
  landing = wanted == 0 && abs(pace) <= CREEP;
  if (landing) pace = fraction == 0 ? 0 : pace < 0 ? -CREEP : CREEP;
}

/** Samples left out (or, negative, put in) by the bent pace since the last call. */
export let glided: i32 = 0;

export function clearGlided(): void {
  glided = 0;
}

/**
 * Moves up to `count` samples to `out`; while the pace is bent, the last few stay until more is there.
 * @param all nothing more comes: play them too, less well interpolated. @returns how many
 */
export function take(out: usize, count: i32, all: bool): i32 {
  if (fraction == 0 && pace == 0) {
    const n = min(count, tail - head);
    memory.copy(out, at(head), <usize>n << 2);
    head += n;
    return n;
  }
  let done = 0;
  for (; done < count; done += 1) {
    const left = tail - head;
    if (left >= AHEAD) store<f32>(out + (<usize>done << 2), between(at(head), fraction));
    else if (!all || left == 0) break;
    else {
      const next = left > 1 ? load<f32>(at(head + 1)) : load<f32>(at(head));
      const w = <f32>fraction;
      store<f32>(out + (<usize>done << 2), load<f32>(at(head)) * (1 - w) + next * w);
    }
    advance();
  }
  return done;
}

// @ts-ignore: decorator
@inline
function advance(): void {
  const fell = fraction > 0;
  fraction += pace;
  head += 1;
  if (fraction >= 1) {
    fraction -= 1;
    // At the end of the line there is nothing to leave out.
    if (head < tail) {
      head += 1;
      glided += 1;
    }
    if (landing) land();
  } else if (fraction < 0) {
    if (landing && fell) {
      land();
      return;
    }
    fraction += 1;
    head -= 1;
    glided -= 1;
  }
}

function land(): void {
  fraction = 0;
  pace = 0;
}

/** Appends `count` decoded samples, signed 16 bit; fades into them if a concealed stretch precedes. */
export function append(pcm: usize, count: i32): void {
  makeRoom(count);
  for (let i = 0; i < count; i += 1) store<f32>(at(tail + i), <f32>load<i16>(pcm + (<usize>i << 1)) / 32768);
  if (concealing || offerAt < offerEnd) {
    // Where the decoder made up exactly what was missing, it goes on from there by itself.
    const fade = min(count, concealing ? rate / 200 : min(rate / 200, offered()));
    for (let i = 0; i < fade; i += 1) {
      const w = <f32>(i + 1) / <f32>(fade + 1);
      const instead = concealing ? next() : load<f32>(OFFER + (<usize>(offerAt + i) << 2));
      store<f32>(at(tail + i), load<f32>(at(tail + i)) * w + instead * (1 - w));
    }
    concealing = false;
  }
  offerAt = 0;
  offerEnd = 0;
  tail += count;
}

/** Samples that the decoder made up for a gap, signed 16 bit, to be used by {@link conceal}. */
export function offer(pcm: usize, count: i32): void {
  memory.copy(OFFER, OFFER + (<usize>offerAt << 2), <usize>offered() << 2);
  offerEnd -= offerAt;
  offerAt = 0;
  const n = min(count, OFFER_MAX - offerEnd);
  for (let i = 0; i < n; i += 1) {
    store<f32>(OFFER + (<usize>(offerEnd + i) << 2), <f32>load<i16>(pcm + (<usize>i << 1)) / 32768);
  }
  offerEnd += n;
}

/** Samples that were made up by the decoder and not used. */
export function offered(): i32 {
  return offerEnd - offerAt;
}

/** Appends `count` samples of concealment: the decoder's as far as they go, else the last pitch period again and again. */
export function conceal(count: i32): void {
  makeRoom(count);
  const n = concealing ? 0 : min(count, offered());
  memory.copy(at(tail), OFFER + (<usize>offerAt << 2), <usize>n << 2);
  offerAt += n;
  tail += n;
  if (n == count) return;
  if (!concealing) {
    start(at(tail), rate);
    concealing = true;
  }
  for (let i = n; i < count; i += 1) {
    store<f32>(at(tail), next());
    tail += 1;
  }
}

/**
 * Takes one pitch period out of what waits, where two periods alike follow each other or nobody
 * would hear it. @param most samples to take out @param urgent also where they are less alike. @returns samples taken out
 */
export function accelerate(most: i32, urgent: bool): i32 {
  const shortest = rate / 400;
  const longest = min(most, min(rate / 80, (tail - head) >> 1));
  if (longest < shortest) return 0;
  const from = at(head);
  const stride = max(1, rate / 8000);
  let best: f32 = -1;
  let period = longest;
  for (let lag = shortest; lag <= longest; lag += stride) {
    const s = similarity(from, at(head + lag), lag);
    if (s > best) {
      best = s;
      period = lag;
    }
  }
  if (quiet(from, 2 * longest)) period = longest;
  else if (best < threshold(urgent)) return 0;
  for (let i = 0; i < period; i += 1) {
    const w = <f32>(i + 1) / <f32>(period + 1);
    store<f32>(at(head + i), load<f32>(at(head + i)) * (1 - w) + load<f32>(at(head + period + i)) * w);
  }
  const rest = tail - head - 2 * period;
  memory.copy(at(head + period), at(head + 2 * period), <usize>rest << 2);
  tail -= period;
  return period;
}

/** Plays the last pitch period once more before what waits. @param most samples to put in. @returns samples put in */
export function decelerate(most: i32, urgent: bool): i32 {
  const shortest = rate / 400;
  const longest = min(min(most, rate / 80), min(tail - head, historyNeeded(rate)));
  if (longest < shortest) return 0;
  makeRoom(longest);
  const from = at(head);
  const stride = max(1, rate / 8000);
  let best: f32 = -1;
  let period = longest;
  for (let lag = shortest; lag <= longest; lag += stride) {
    const s = similarity(from, at(head - lag), lag);
    if (s > best) {
      best = s;
      period = lag;
    }
  }
  if (quiet(from, longest)) period = longest;
  else if (best < threshold(urgent)) return 0;
  for (let i = 0; i < period; i += 1) {
    const w = <f32>(i + 1) / <f32>(period + 1);
    store<f32>(SPARE + (<usize>i << 2), load<f32>(at(head + i)) * (1 - w) + load<f32>(at(head - period + i)) * w);
  }
  memory.copy(at(head + period), at(head), <usize>(tail - head) << 2);
  memory.copy(at(head), SPARE, <usize>period << 2);
  tail += period;
  return period;
}

/** How much alike two periods must be. */
// @ts-ignore: decorator
@inline
function threshold(urgent: bool): f32 {
  return urgent ? 0.5 : 0.8;
}

/** Below -60 dBFS nobody hears a cut. */
// @ts-ignore: decorator
@inline
function quiet(from: usize, count: i32): bool {
  return power(from, count) < 1e-6;
}

/** Moves the line to the front when `count` samples would not fit, with the history that is needed. */
function makeRoom(count: i32): void {
  if (tail + count <= SIZE) return;
  const keep = historyNeeded(rate);
  memory.copy(LINE, at(head - keep), <usize>(tail - head + keep) << 2);
  tail -= head - keep;
  head = keep;
}

// @ts-ignore: decorator
@inline
function at(index: i32): usize {
  return LINE + (<usize>index << 2);
}
