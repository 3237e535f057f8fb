/**
 * Speex: narrow, wide and ultra-wide band. Static buffers, no allocation, no traps: octets that cannot be meant
 * are concealed. One instance per direction of a call.
 */
import { startReading } from './bits';
import { bands, concealFrame, decodeFrame, resetDecoder, setBands } from './decoder';
import { encodeFrame, resetEncoder, setQuality as setEncoderQuality } from './encoder';
import { setEnhancement as enhance } from './narrow-decoder';

/** 120 ms at 32 kHz. */
const PCM: usize = memory.data(2 * 3840, 16);
const OCTETS: usize = memory.data(1504, 16);
const MOST_OCTETS: i32 = 1500;
const MOST_FRAMES: i32 = 6;

export function pcm(): usize {
  return PCM;
}

export function octets(): usize {
  return OCTETS;
}

/** @param band 0 narrow, 1 wide, 2 ultra-wide; forgets everything heard before */
export function setBand(band: i32): void {
  setBands(max(0, min(band, 2)));
  reset();
}

export function setEnhancement(on: i32): void {
  enhance(on != 0);
}

/** @param quality 0 .. 10 */
export function setQuality(quality: i32): void {
  setEncoderQuality(quality);
}

export function reset(): void {
  resetEncoder();
  resetDecoder();
}

/** Encodes one frame. @returns its octets */
export function encode(): i32 {
  return encodeFrame(OCTETS, MOST_OCTETS, PCM);
}

/** Decodes the frames of a packet, at most 120 ms. @returns samples */
export function decode(length: i32): i32 {
  startReading(OCTETS, max(0, min(length, MOST_OCTETS)));
  let samples = 0;
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    if (decodeFrame(PCM + (samples << 1)) < 0) break;
    samples += 160 << bands;
  }
  return samples > 0 ? samples : conceal();
}

/** Makes one frame for a lost one. @returns samples */
export function conceal(): i32 {
  concealFrame(PCM);
  return 160 << bands;
}
