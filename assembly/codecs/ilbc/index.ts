/**
 * iLBC (RFC 3951), frames of 20 or 30 ms. Static buffers, no allocation, no traps: a frame that cannot be meant
 * is concealed. One instance per direction of a call.
 */
import { decodeFrame, resetDecoder } from './decoder';
import { encodeFrame, resetEncoder } from './encoder';
import { blockl, mode, octetsPerFrame, setMode as setFrameMode } from './frame';

/** 120 ms. */
const PCM: usize = memory.data(2 * 960, 16);
/** Six frames of 20 ms, and slack. */
const OCTETS: usize = memory.data(240, 16);
const MOST_OCTETS: i32 = 228;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param milliseconds 20 or 30; forgets everything heard before */
export function setMode(milliseconds: i32): void {
  setFrameMode(milliseconds);
  reset();
}

export function reset(): void {
  resetEncoder();
  resetDecoder();
}

/** Encodes one frame. @returns its octets, 38 or 50 */
export function encode(): i32 {
  encodeFrame(OCTETS, PCM);
  return octetsPerFrame;
}

/**
 * Decodes the frames of a packet, at most 120 ms. Their size tells the mode (RFC 3952 §5: the parties settle on the
 * longer one, whichever was offered). What is no whole number of frames counts as lost. @returns samples
 */
export function decode(length: i32): i32 {
  if (length <= 0 || length > MOST_OCTETS) return conceal();
  if (length % octetsPerFrame != 0) {
    const other = mode == 20 ? 30 : 20;
    if (length % (other == 20 ? 38 : 50) != 0) return conceal();
    setFrameMode(other);
    resetDecoder();
  }
  let samples = 0;
  for (let i = 0; i < length; i += octetsPerFrame) {
    decodeFrame(PCM + (samples << 1), OCTETS + i);
    samples += blockl;
  }
  return samples;
}

/** Makes one frame for a lost one. @returns samples */
export function conceal(): i32 {
  decodeFrame(PCM, 0);
  return blockl;
}

/** Samples of a frame: 160 or 240. */
export function frameSamples(): i32 {
  return blockl;
}
