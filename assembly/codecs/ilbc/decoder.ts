/** The decoder (RFC 3951 §4), one frame at a time. */
import { stateIndices, unpack } from './bitstream';
import { concealResidual, rememberFrame, resetConcealment } from './concealment';
import { enhance, resetEnhancer } from './enhancer';
import { allPole, highPass, settled } from './filters';
import { clear, copy, get, put } from '../../dsp/floats';
import { blockl, LPC_FILTERORDER, LPC_LENGTH, mode, nsub, NSUB_MAX, SUBL } from './frame';
import { dequantize, interpolateFilters, stabilize } from './lsf';
import { DECODED, decodeResidual } from './residual';
import { HPO_POLE_COEFSTBL, HPO_ZERO_COEFSTBL, LSFMEANTBL } from './tables';

const LSF: usize = memory.data(80, 16);
const LSF_OLD: usize = memory.data(40, 16);
/** Filters of the frame, and after them those of the frame before. */
const FILTERS: usize = memory.data(4 * 72, 16);
const OLD_FILTERS: usize = memory.data(4 * 72, 16);
/** Ten samples of state, then the frame. */
const SPEECH: usize = memory.data(4 * 272, 16) + 64;
const HIGH_PASS_MEMORY: usize = memory.data(16, 16);
const HIGHEST: f32 = 1e8;

let lastLag = 20;
let concealed = false;

export function resetDecoder(): void {
  copy(LSF_OLD, LSFMEANTBL, LPC_FILTERORDER);
  clear(OLD_FILTERS, 72);
  for (let i = 0; i < NSUB_MAX; i++) put(OLD_FILTERS, i * LPC_LENGTH, 1);
  clear(SPEECH - 64, 272);
  clear(HIGH_PASS_MEMORY, 4);
  resetConcealment();
  resetEnhancer();
  lastLag = 20;
  concealed = false;
}

/** @param octets a frame, or 0 for a lost one @param pcm room for `blockl` samples */
export function decodeFrame(pcm: usize, octets: usize): void {
  // An impossible block class is a bit error (A.5).
  const good = octets != 0 && unpack(octets) && load<i32>(stateIndices()) >= 1 && load<i32>(stateIndices()) < nsub;
  if (good) {
    dequantize(LSF);
    stabilize(LSF);
    interpolateFilters(FILTERS, LSF_OLD, LSF);
    decodeResidual(FILTERS);
    rememberFrame(filterOf(FILTERS, nsub - 1));
  } else {
    const filter = concealResidual(lastLag);
    for (let i = 0; i < nsub; i++) copy(filterOf(FILTERS, i), filter, LPC_LENGTH);
  }
  lastLag = enhance(SPEECH, DECODED, concealed);
  concealed = !good;
  const stable = synthesize();
  highPass(SPEECH, SPEECH, blockl, HPO_ZERO_COEFSTBL, HPO_POLE_COEFSTBL, HIGH_PASS_MEMORY);
  for (let i = 0; i < blockl; i++) {
    store<i16>(pcm + ((i as usize) << 1), max<f32>(min<f32>(get(SPEECH, i), 32767), -32768) as i32 as i16);
  }
  if (!stable) resetDecoder();
}

// @ts-ignore: decorator
@inline
function filterOf(filters: usize, subblock: i32): usize {
  return filters + (((subblock * LPC_LENGTH) as usize) << 2);
}

/**
 * Synthesis with the filters delayed as the enhancer delays the residual (§4.7).
 * @returns false when no speech could have led here: random octets can make the filters unstable
 */
function synthesize(): bool {
  const delay = mode == 20 ? 1 : 2;
  for (let i = 0; i < nsub; i++) {
    const filter = i < delay ? filterOf(OLD_FILTERS, i + nsub - delay) : filterOf(FILTERS, i - delay);
    allPole(SPEECH + ((i * SUBL) << 2), filter, SUBL);
  }
  copy(OLD_FILTERS, FILTERS, nsub * LPC_LENGTH);
  let sum: f32 = 0;
  for (let k = -LPC_FILTERORDER; k < 0; k++) {
    const value = get(SPEECH, blockl + k);
    sum += abs(value);
    put(SPEECH, k, settled(value));
  }
  return sum < HIGHEST;
}
