/** The encoder (RFC 3951 §3), one frame at a time. */
import { analyze, resetAnalysis } from './analysis';
import { pack, stateIndices, STATE_FIRST } from './bitstream';
import { allZero, highPass, settled } from './filters';
import { clear, dot, get, put } from '../../dsp/floats';
import { blockl, LPC_FILTERORDER, LPC_LENGTH, mode, nsub, STATE_LEN, stateShortLen, SUBL } from './frame';
import { encodeResidual, RESIDUAL } from './residual';
import { quantizeState } from './state-search';
import { HPI_POLE_COEFSTBL, HPI_ZERO_COEFSTBL } from './tables';

const SYNTHESIS: usize = memory.data(4 * 72, 16);
const WEIGHTING: usize = memory.data(4 * 72, 16);
/** Ten samples of the frame before, then this one. */
const SPEECH: usize = memory.data(4 * 272, 16) + 64;
const HIGH_PASS_MEMORY: usize = memory.data(16, 16);
/** Weights of the places of the start state, the middle ones first choice (§3.5.1). */
const PLACE_WEIGHTS: usize = memory.data<f32>([0.8, 0.9, 1, 0.9, 0.8], 16);

export function resetEncoder(): void {
  clear(SPEECH - 64, 272);
  clear(HIGH_PASS_MEMORY, 4);
  resetAnalysis();
}

/** @param octets room for a frame and one octet more */
export function encodeFrame(octets: usize, pcm: usize): void {
  for (let i = 0; i < blockl; i++) put(SPEECH, i, load<i16>(pcm + ((i as usize) << 1)) as f32);
  highPass(SPEECH, SPEECH, blockl, HPI_ZERO_COEFSTBL, HPI_POLE_COEFSTBL, HIGH_PASS_MEMORY);
  analyze(SYNTHESIS, WEIGHTING, SPEECH);
  for (let i = 0; i < nsub; i++) {
    const p = (i * SUBL) << 2;
    allZero(RESIDUAL + p, SPEECH + p, SYNTHESIS + ((i * LPC_LENGTH) << 2), SUBL);
  }
  for (let k = -LPC_FILTERORDER; k < 0; k++) put(SPEECH, k, settled(get(SPEECH, blockl + k)));

  const start = classify();
  const first = RESIDUAL + (((start - 1) * SUBL) << 2);
  const second = first + ((STATE_LEN - stateShortLen) << 2);
  const stateFirst = dot(first, first, stateShortLen) > dot(second, second, stateShortLen);
  store<i32>(stateIndices(), start);
  store<i32>(stateIndices() + STATE_FIRST, stateFirst ? 1 : 0);
  const filter = ((start - 1) * LPC_LENGTH) << 2;
  quantizeState(stateFirst ? first : second, SYNTHESIS + filter, WEIGHTING + filter, stateFirst);
  encodeResidual(SYNTHESIS, WEIGHTING);
  pack(octets);
}

/** Finds the two sub-blocks with most energy, their outer samples tapered. @returns the second one's number */
function classify(): i32 {
  let best = 1;
  let most: f32 = -1;
  for (let n = 1; n < nsub; n++) {
    const energy = tapered(n - 1, true) + tapered(n, false);
    const weighted = energy * get(PLACE_WEIGHTS, n - 1 + (mode == 20 ? 1 : 0));
    if (weighted > most) {
      most = weighted;
      best = n;
    }
  }
  return best;
}

/** Energy of a sub-block with its first or last five samples weighted by sixths. */
function tapered(subblock: i32, front: bool): f32 {
  const p = RESIDUAL + ((subblock * SUBL) << 2);
  let sum: f32 = 0;
  for (let l = 0; l < SUBL; l++) {
    const x = get(p, l);
    const edge = front ? l : SUBL - 1 - l;
    sum += edge < 5 ? ((edge + 1) as f32) / 6 * x * x : x * x;
  }
  return sum;
}
