import { LARC, SUBFRAME_SIZE, SUBFRAMES } from './frame';
import { gainCode, lag, reconstruct, search, subtractPrediction } from './long-term';
import { predict } from './lpc';
import { preprocess, Preprocess_reset } from './preprocess';
import { blockMaximum, dequantisePulses, grid, quantisePulses } from './rpe';
import { analyse, ShortTerm_reset } from './short-term';

/** Eight zeros and a frame. */
const SIGNAL: usize = memory.data(336, 16);
/** Reconstructed residual: 120 samples of the frame before, and a frame. */
const RESIDUAL: usize = memory.data(560, 16);
const HISTORY: usize = 240;
const PREDICTION: usize = memory.data(80, 16);
const EXCITATION: usize = memory.data(80, 16);
/** Eight zeros, a sub-frame, eight zeros. */
const ERROR: usize = memory.data(112, 16);

export function Encoder_reset(): void {
  Preprocess_reset();
  ShortTerm_reset();
  memory.fill(RESIDUAL, 0, 560);
}

/** Codes the 160 samples at `pcm` into the parameters of frame.ts. */
export function encodeFrame(pcm: usize): void {
  const s = SIGNAL + 16;
  preprocess(pcm, s);
  predict(s, LARC);
  analyse(s, LARC);
  for (let i: usize = 0; i < 4; i += 1) {
    const d = s + i * 80;
    const dp = RESIDUAL + HISTORY + i * 80;
    const to = SUBFRAMES + i * SUBFRAME_SIZE;
    search(d, dp);
    subtractPrediction(d, dp - ((<usize>lag) << 1), gainCode, PREDICTION, ERROR + 16);
    quantisePulses(ERROR + 16, to + 8);
    store<u16>(to, lag);
    store<u16>(to, gainCode, 2);
    store<u16>(to, grid, 4);
    store<u16>(to, blockMaximum, 6);
    dequantisePulses(to + 8, grid, blockMaximum, EXCITATION);
    reconstruct(dp, PREDICTION, EXCITATION);
  }
  memory.copy(RESIDUAL, RESIDUAL + 320, HISTORY);
}

/** Whether the samples are the encoder homing frame: 160 times 0x0008 (EN 300 961 §4.4, in 13 bits). */
export function isHomingInput(pcm: usize): bool {
  for (let i: usize = 0; i < 320; i += 2) {
    if (load<i16>(pcm + i) >> 3 !== 1) return false;
  }
  return true;
}
