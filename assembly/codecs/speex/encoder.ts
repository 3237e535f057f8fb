/** A frame of any band: the narrow band first, each wider one as a layer above. */
import { put } from '../../dsp/floats';
import { resetActivity } from './activity';
import { part } from './band-filter';
import { written } from './bits';
import { bands } from './decoder';
import { level } from './filters';
import { encodeHigh, highBandCoder, highBandInput, newest, resetHighEncoder } from './high-encoder';
import { encodeNarrow, GAIN_AT_PI, INNOVATION_LEVELS, LEVELS, resetNarrowEncoder } from './narrow-encoder';
import { account, chooseHigh, resetRateControl } from './rate-control';

const SPEECH: usize = memory.data(4 * 640, 16);
const WIDE: usize = memory.data(4 * 320, 16);
const NARROW: usize = memory.data(4 * 160, 16);

/** Whether the last frame has to be sent: not in a silence that has been described. */
export let worthSending: bool = true;

export function resetEncoder(): void {
  resetNarrowEncoder();
  resetHighEncoder(0);
  resetHighEncoder(1);
  resetRateControl();
  resetActivity();
}

/** Writes a frame behind what the packet holds already. */
export function encodeFrame(pcm: usize): void {
  const start = written();
  const n = 160 << bands;
  const x = bands == 0 ? NARROW : bands == 1 ? WIDE : SPEECH;
  for (let i = 0; i < n; i++) put(x, i, load<i16>(pcm + ((i as usize) << 1)) as f32);
  const wide = highBandCoder(0);
  const ultra = highBandCoder(1);
  if (bands > 1) part(WIDE, highBandInput(ultra), SPEECH, 640, ultra.partMemory);
  // The rate of a high band goes by the two halves as they are before they are coded.
  const below = bands > 1 ? level(WIDE, 320) : 0;
  const above = bands > 1 ? level(newest(ultra), 320) : 0;
  if (bands > 0) part(NARROW, highBandInput(wide), WIDE, 320, wide.partMemory);
  const low = bands > 0 ? level(NARROW, 160) : 0;
  const high = bands > 0 ? level(newest(wide), 160) : 0;
  const submode = encodeNarrow(NARROW, bands);
  worthSending = submode != 0;
  if (bands > 0) {
    encodeHigh(wide, worthSending ? chooseHigh(0, low, high, bands) : 0, GAIN_AT_PI, LEVELS, INNOVATION_LEVELS);
  }
  if (bands > 1) {
    const layer = worthSending ? chooseHigh(1, below, above, bands) : 0;
    encodeHigh(ultra, layer, wide.gainAtPi, wide.levels, wide.innovationLevels);
  }
  account(written() - start);
}
