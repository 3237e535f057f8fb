/** Packet-loss concealment of the residual (RFC 3951 §4.5): the pitch goes on, mixed with noise, and fades. */
import { DECODED } from './residual';
import { clear, copy, get, put } from '../../dsp/floats';
import { blockl, BLOCKL_MAX, LPC_LENGTH } from './frame';

/** Residual of the frame before. */
const PREVIOUS: usize = memory.data(4 * BLOCKL_MAX, 16);
const NOISE: usize = memory.data(4 * BLOCKL_MAX, 16);
/** Last synthesis filter of the frame before. */
const PREVIOUS_LPC: usize = memory.data(48, 16);

/** Samples after which a loss fades to silence. */
const LONGEST: i32 = 1280;

let lost = 0;
let pitch = 120;
let periodicity: f32 = 0;
let seed: u32 = 777;

export function resetConcealment(): void {
  lost = 0;
  pitch = 120;
  periodicity = 0;
  seed = 777;
  clear(PREVIOUS, BLOCKL_MAX);
  clear(PREVIOUS_LPC, LPC_LENGTH);
  put(PREVIOUS_LPC, 0, 1);
}

/** Remembers a good frame. @param lastFilter filter of its last sub-block */
export function rememberFrame(lastFilter: usize): void {
  lost = 0;
  copy(PREVIOUS, DECODED, blockl);
  copy(PREVIOUS_LPC, lastFilter, LPC_LENGTH);
}

/**
 * Makes up a residual for a lost frame.
 * @param lastLag pitch that the enhancer found in the last frame
 * @returns the filter for all of its sub-blocks
 */
export function concealResidual(lastLag: i32): usize {
  lost++;
  if (lost == 1) findPitch(lastLag);
  const samples = lost * blockl;
  // A.14 in effect fades by 0.9 however long the loss; beyond 160 ms we let it end.
  const fade: f32 = samples > LONGEST ? 0.5 : samples > 320 ? 0.9 : 1;
  const voicing = sqrt(periodicity as f64) as f32;
  const voiced = voicing > 0.7 ? (1 as f32) : voicing > 0.4 ? (voicing - 0.4) / ((0.7 as f32) - (0.4 as f32)) : 0;
  // Not the same cycle over and over; and a lag beyond the frame is a multiple of the pitch.
  const lag = pitch < 80 ? 2 * pitch : pitch > blockl ? pitch >> 1 : pitch;
  let energy: f32 = 0;
  for (let i = 0; i < blockl; i++) {
    seed = (seed * 69069 + 1) & 0x7fffffff;
    const noise = earlier(NOISE, i, 50 + (seed % 70));
    put(NOISE, i, noise);
    const mixed = voiced * earlier(DECODED, i, lag) + ((1 as f32) - voiced) * noise;
    const value = (i < 80 ? fade : (i < 160 ? (0.95 as f32) : (0.9 as f32)) * fade) * mixed;
    put(DECODED, i, value);
    energy += value * value;
  }
  // Below 30 dB nothing but noise.
  if (sqrt((energy / (blockl as f32)) as f64) < 30) {
    for (let i = 0; i < blockl; i++) put(DECODED, i, (samples > LONGEST ? fade : 1) * get(NOISE, i));
  }
  copy(PREVIOUS, DECODED, blockl);
  return PREVIOUS_LPC;
}

/** A sample of the new frame, or of the one before it. */
// @ts-ignore: decorator
@inline
function earlier(p: usize, i: i32, lag: i32): f32 {
  return i < lag ? get(PREVIOUS, blockl + i - lag) : get(p, i - lag);
}

/** Searches around the enhancer's lag for the one that predicts the end of the last frame best. */
function findPitch(lastLag: i32): void {
  let best: f32 = 0;
  for (let lag = lastLag - 3; lag <= lastLag + 3; lag++) {
    const range = min(60, blockl - lag);
    let cross: f32 = 0;
    let energy: f32 = 0;
    let own: f32 = 0;
    for (let i = blockl - max(range, 0); i < blockl; i++) {
      const x = get(PREVIOUS, i);
      const y = get(PREVIOUS, i - lag);
      cross += x * y;
      energy += y * y;
      own += x * x;
    }
    const measure = energy > 0 ? (cross * cross) / energy : 0;
    if (lag > lastLag - 3 && !(measure > best)) continue;
    best = measure;
    pitch = lag;
    const norm = (sqrt(energy as f64) as f32) * (sqrt(own as f64) as f32);
    periodicity = norm > 0 ? abs(cross) / norm : 0;
  }
}
