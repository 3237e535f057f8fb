/** Which submode a frame gets: by quality, or by what it is worth (variable rate), or silence (VAD, DTX). Speex manual, chapter 4. */
import { get } from '../../dsp/floats';
import { VBR_HB_THRESH, VBR_NB_THRESH, VBR_UHB_THRESH } from './tables';

// Quality 0 .. 10 → submode (Speex manual, tables 9.2 and 10.2).
const NARROW_SUBMODES: usize = memory.data<u8>([1, 8, 2, 3, 3, 4, 4, 5, 5, 6, 7]);
const NARROW_SUBMODES_IN_WIDE: usize = memory.data<u8>([1, 8, 2, 3, 4, 5, 5, 6, 6, 7, 7]);
const WIDE_SUBMODES: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4]);
/** Silence is described anew after so many frames of it, */
const LONGEST_SILENCE: i32 = 20;
/** or when its spectrum has moved by more than this. */
const MOVED: f32 = 0.05;

let quality: f64 = 8;
let variable = false;
let detecting = false;
let discontinuous = false;
/** bit/s that the rate settles at, or 0. */
let target: f64 = 0;
let drift: f64 = 0;
let recentDrift: f64 = 0;
let frames: f64 = 0;
/** Frames of the silence so far, from 1. */
let silence = 0;
let rating: f64 = 0;

export function setQuality(value: f64): void {
  quality = max<f64>(0, min<f64>(10, value));
}

export function setVariable(on: bool): void {
  variable = on;
}

export function setDetection(on: bool): void {
  detecting = on;
}

export function setDiscontinuous(on: bool): void {
  discontinuous = on;
}

/** @param bitRate bit/s on average, or 0 for whatever the quality takes */
export function setAverage(bitRate: f64): void {
  target = bitRate;
  if (target > 0) variable = true;
}

export function resetRateControl(): void {
  silence = 0;
  drift = 0;
  recentDrift = 0;
  frames = 0;
}

/** Whether frames are rated at all. */
export function rated(): bool {
  return variable || detecting;
}

/** Whether the frame at hand is silence, which the decoder is told. */
export function inSilence(): bool {
  return silence > 0;
}

function whole(): usize {
  return floor<f64>(quality + 0.5) as usize;
}

function constantNarrow(wide: bool): i32 {
  return load<u8>((wide ? NARROW_SUBMODES_IN_WIDE : NARROW_SUBMODES) + whole());
}

/** Between the columns of two whole qualities. */
function threshold(table: usize, submode: i32, at: f64): f64 {
  const column = floor<f64>(at) as i32;
  const row = table + ((submode * 11) << 2);
  if (column >= 10) return get(row, 10);
  return (at - (column as f64)) * get(row, column + 1) + ((column as f64) + 1 - at) * get(row, column);
}

/** The submode before the frame has been rated. */
export function expectedNarrow(wide: bool): i32 {
  return constantNarrow(wide);
}

/** @param bands of the stream above the narrow one @param moved squared distance of the spectra @returns 0 (nothing is sent) .. 8 */
export function chooseNarrow(value: f64, moved: f32, bands: i32): i32 {
  rating = value;
  let submode = constantNarrow(bands > 0);
  if (variable) {
    // Each band above asks for a little more below.
    const at = min<f64>(10, quality + 0.6 * (bands as f64));
    let least: f64 = 100;
    submode = 0;
    for (let mode = 8; mode > 0; mode--) {
      const over = rating - threshold(VBR_NB_THRESH, mode, at);
      if (over > 0 && over < least) {
        submode = mode;
        least = over;
      }
    }
    if (submode != 0) silence = 0;
  } else if (rating < 2) submode = 0;
  else silence = 0;
  if (submode != 0) return submode;
  if (silence == 0 || moved > MOVED || !discontinuous || silence > LONGEST_SILENCE) {
    silence = 1;
    return 1;
  }
  silence++;
  return 0;
}

/** @param above 0 for the wide band, 1 for the ultra-wide @param low, high levels of the two halves @returns 0 .. 4 */
export function chooseHigh(above: i32, low: f32, high: f32, bands: i32): i32 {
  const most = above == 0 ? 4 : 1;
  const constant: i32 = above == 0 ? load<u8>(WIDE_SUBMODES + whole()) : i32(whole() > 0);
  if (!rated()) return constant;
  if (!variable) return rating < 2 ? 1 : constant;
  const ratio = 2 * NativeMath.log(((1 as f64) + high) / ((1 as f64) + low));
  rating = max<f64>(-1, rating + 2 + max<f64>(-4, min<f64>(2, ratio)));
  const at = min<f64>(10, quality + 0.6 * ((bands - 1 - above) as f64));
  let submode = most;
  while (submode > 0 && rating < threshold(above == 0 ? VBR_HB_THRESH : VBR_UHB_THRESH, submode, at)) submode--;
  return submode;
}

/** @param bits of the frame that was written: where an average is wanted, the quality follows */
export function account(bits: i32): void {
  if (!(target > 0)) return;
  const over = 50 * (bits as f64) - target;
  drift += over;
  recentDrift = 0.95 * recentDrift + 0.05 * over;
  frames++;
  // Only where the long run and the last second agree.
  if (recentDrift * drift <= 0) return;
  const change = (-0.00001 * drift) / (1 + frames);
  setQuality(quality + max<f64>(-0.05, min<f64>(0.05, change)));
}
