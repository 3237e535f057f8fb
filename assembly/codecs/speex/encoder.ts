/** A frame of any band at a constant rate: the narrow band first, each wider one as a layer above. */
import { put } from '../../dsp/floats';
import { part } from './band-filter';
import { finish, startWriting } from './bits';
import { bands } from './decoder';
import { encodeHigh, highBandCoder, highBandInput, resetHighEncoder } from './high-encoder';
import { encodeNarrow, GAIN_AT_PI, INNOVATION_LEVELS, LEVELS, resetNarrowEncoder } from './narrow-encoder';

// Quality 0 .. 10 → submode (Speex manual, tables 9.2 and 10.2).
const NARROW_SUBMODES: usize = memory.data<u8>([1, 8, 2, 3, 3, 4, 4, 5, 5, 6, 7]);
const NARROW_SUBMODES_IN_WIDE: usize = memory.data<u8>([1, 8, 2, 3, 4, 5, 5, 6, 6, 7, 7]);
const WIDE_SUBMODES: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4]);

const SPEECH: usize = memory.data(4 * 640, 16);
const WIDE: usize = memory.data(4 * 320, 16);
const NARROW: usize = memory.data(4 * 160, 16);

let quality = 8;

export function setQuality(value: i32): void {
  quality = max(0, min(value, 10));
}

export function resetEncoder(): void {
  resetNarrowEncoder();
  resetHighEncoder(0);
  resetHighEncoder(1);
}

/** @returns octets written */
export function encodeFrame(octets: usize, room: i32, pcm: usize): i32 {
  const n = 160 << bands;
  const x = bands == 0 ? NARROW : bands == 1 ? WIDE : SPEECH;
  for (let i = 0; i < n; i++) put(x, i, load<i16>(pcm + ((i as usize) << 1)) as f32);
  startWriting(octets, room);
  const wide = highBandCoder(0);
  const ultra = highBandCoder(1);
  if (bands > 1) part(WIDE, highBandInput(ultra), SPEECH, 640, ultra.partMemory);
  if (bands > 0) part(NARROW, highBandInput(wide), WIDE, 320, wide.partMemory);
  encodeNarrow(NARROW, load<u8>((bands > 0 ? NARROW_SUBMODES_IN_WIDE : NARROW_SUBMODES) + (quality as usize)), bands > 0);
  if (bands > 0) encodeHigh(wide, load<u8>(WIDE_SUBMODES + (quality as usize)), GAIN_AT_PI, LEVELS, INNOVATION_LEVELS);
  if (bands > 1) encodeHigh(ultra, 1, wide.gainAtPi, wide.levels, wide.innovationLevels);
  return finish();
}
