/**
 * The order in which the residual of a block is coded (RFC 3951 §3.6.1, §4.3): the start state, the rest of its two
 * sub-blocks, the sub-blocks after it, then those before it in reversed time. Encoder and decoder walk it alike.
 */
import { constructVector, CB_MEML, MEMORY, ST_MEML } from './codebook';
import { clear, copy, get, put } from '../../dsp/floats';
import { blockl, LPC_LENGTH, nsub, STATE_LEN, stateShortLen, SUBL } from './frame';
import { searchVector, TARGET } from './search';
import { stateIndices, STATE_FIRST } from './bitstream';
import { constructState } from './state';

/** The residual as the decoder has it. */
export const DECODED: usize = memory.data(4 * 256, 16);
/** The residual that is to be coded; only the encoder has it. */
export const RESIDUAL: usize = memory.data(4 * 256, 16);
const VECTOR: usize = memory.data(4 * 48, 16);

// @ts-ignore: decorator
@inline
function sample(p: usize, i: i32): usize {
  return p + ((i as usize) << 2);
}

/** First sample of the scalar part of the state. */
export function statePosition(): i32 {
  const first = load<i32>(stateIndices() + STATE_FIRST) != 0;
  return (load<i32>(stateIndices()) - 1) * SUBL + (first ? 0 : STATE_LEN - stateShortLen);
}

/** Decodes the residual from the parameters. @param lpc synthesis filters of the sub-blocks */
export function decodeResidual(lpc: usize): void {
  code(lpc, 0);
}

/** Finds the parameters of all but the scalar part of the state. @param weighting weighting filters */
export function encodeResidual(lpc: usize, weighting: usize): void {
  code(lpc, weighting);
}

function code(lpc: usize, weighting: usize): void {
  const start = load<i32>(stateIndices());
  const state = statePosition();
  const short = STATE_LEN - stateShortLen;
  constructState(sample(DECODED, state), sample(lpc, (start - 1) * LPC_LENGTH));
  if (load<i32>(stateIndices() + STATE_FIRST) != 0) {
    forward(0, state + stateShortLen, short, state, weighting == 0 ? (0 as usize) : sample(weighting, start * LPC_LENGTH));
  } else {
    const filter = weighting == 0 ? (0 as usize) : sample(weighting, (start - 1) * LPC_LENGTH);
    backward(0, state - short, short, state + stateShortLen, filter);
  }
  let block = 1;
  for (let i = start + 1; i < nsub; i++, block++) {
    forward(block, i * SUBL, SUBL, (start - 1) * SUBL, weighting == 0 ? (0 as usize) : sample(weighting, i * LPC_LENGTH));
  }
  for (let i = start - 2; i >= 0; i--, block++) {
    backward(block, i * SUBL, SUBL, blockl, weighting == 0 ? (0 as usize) : sample(weighting, i * LPC_LENGTH));
  }
}

/** @param from where decoded samples begin */
function forward(block: i32, position: i32, length: i32, from: i32, filter: usize): void {
  const memoryLength = block == 0 ? ST_MEML : CB_MEML;
  const known = min(memoryLength, position - from);
  clear(MEMORY, memoryLength - known);
  copy(sample(MEMORY, memoryLength - known), sample(DECODED, position - known), known);
  if (filter != 0) {
    copy(TARGET, sample(RESIDUAL, position), length);
    searchVector(block, memoryLength, length, filter);
  }
  constructVector(sample(DECODED, position), block, memoryLength, length);
}

/** @param to where decoded samples end */
function backward(block: i32, position: i32, length: i32, to: i32, filter: usize): void {
  const memoryLength = block == 0 ? ST_MEML : CB_MEML;
  const known = min(memoryLength, to - position - length);
  clear(MEMORY, memoryLength - known);
  reverse(sample(MEMORY, memoryLength - known), sample(DECODED, position + length), known);
  if (filter != 0) {
    reverse(TARGET, sample(RESIDUAL, position), length);
    searchVector(block, memoryLength, length, filter);
  }
  constructVector(VECTOR, block, memoryLength, length);
  reverse(sample(DECODED, position), VECTOR, length);
}

function reverse(out: usize, x: usize, n: i32): void {
  for (let k = 0; k < n; k++) put(out, n - 1 - k, get(x, k));
}
