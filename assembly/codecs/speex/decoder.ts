/** A frame of any band: the narrow one, then what lies above it. */
import { get, put } from '../../dsp/floats';
import { concealHigh, decodeHigh, highBand, resetHigh } from './high-decoder';
import {
  concealNarrow, decodeNarrow, excitationLevel, GAIN_AT_PI, INNOVATION, resetNarrow, silent,
} from './narrow-decoder'; // prettier-ignore

/** 0 narrow, 1 wide, 2 ultra-wide. */
export let bands: i32 = 0;

const NARROW: usize = memory.data(4 * 164, 16);
const WIDE: usize = memory.data(4 * 324, 16);
const ULTRA_WIDE: usize = memory.data(4 * 644, 16);
const LEVELS: usize = memory.data(16, 16);

export function setBands(count: i32): void {
  bands = count;
}

export function resetDecoder(): void {
  resetNarrow();
  resetHigh(0);
  resetHigh(1);
}

/** @returns 0, or less when there is no (sane) frame */
export function decodeFrame(pcm: usize): i32 {
  const status = decodeNarrow(NARROW, bands > 0);
  if (status < 0) return status;
  if (bands > 0) {
    for (let sub = 0; sub < 4; sub++) put(LEVELS, sub, excitationLevel(sub));
    const wide = highBand(0);
    if (decodeHigh(wide, WIDE, NARROW, INNOVATION, GAIN_AT_PI, LEVELS, silent) < 0) return -2;
    if (bands > 1) {
      if (decodeHigh(highBand(1), ULTRA_WIDE, WIDE, wide.innovation, wide.gainAtPi, wide.levels, silent) < 0) return -2;
    }
  }
  output(pcm);
  return 0;
}

export function concealFrame(pcm: usize): void {
  concealNarrow(NARROW);
  if (bands > 0) concealHigh(highBand(0), WIDE, NARROW, silent);
  if (bands > 1) concealHigh(highBand(1), ULTRA_WIDE, WIDE, silent);
  output(pcm);
}

function output(pcm: usize): void {
  const from = bands == 0 ? NARROW : bands == 1 ? WIDE : ULTRA_WIDE;
  for (let i = 0; i < 160 << bands; i++) {
    const value = floor<f32>(get(from, i) + (0.5 as f32));
    store<i16>(pcm + ((i as usize) << 1), max<f32>(min<f32>(value, 32767), -32768) as i32 as i16);
  }
}
