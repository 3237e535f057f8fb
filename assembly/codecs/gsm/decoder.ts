import { LARC, SUBFRAME_SIZE, SUBFRAMES } from './frame';
import { synthesiseLongTerm } from './long-term';
import { postprocess, Preprocess_reset } from './preprocess';
import { dequantisePulses } from './rpe';
import { ShortTerm_reset, synthesise } from './short-term';

/** Residual: 120 samples of the frame before, and a frame. */
const RESIDUAL: usize = memory.data(560, 16);
const HISTORY: usize = 240;
const EXCITATION: usize = memory.data(80, 16);

let lastLag: i32 = 40;

export function Decoder_reset(): void {
  Preprocess_reset();
  ShortTerm_reset();
  memory.fill(RESIDUAL, 0, 560);
  lastLag = 40;
}

/** Speech of the parameters of frame.ts: 160 samples at `pcm`. */
export function decodeFrame(pcm: usize): void {
  let lag = lastLag;
  for (let i: usize = 0; i < 4; i += 1) {
    const from = SUBFRAMES + i * SUBFRAME_SIZE;
    const dp = RESIDUAL + HISTORY + i * 80;
    const code = <i32>load<u16>(from);
    // §5.3.2: a lag outside the codebook is the one before.
    if (code >= 40 && code <= 120) lag = code;
    dequantisePulses(from + 8, load<u16>(from, 4), load<u16>(from, 6), EXCITATION);
    synthesiseLongTerm(dp, dp - ((<usize>lag) << 1), load<u16>(from, 2), EXCITATION);
  }
  lastLag = lag;
  memory.copy(pcm, RESIDUAL + HISTORY, 320);
  memory.copy(RESIDUAL, RESIDUAL + 320, HISTORY);
  synthesise(pcm, LARC);
  postprocess(pcm);
}
