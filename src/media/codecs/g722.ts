import type { Codec, CodecDescription } from '../codec.js';
import { blockCodec } from './block-codec.js';

/**
 * RFC 3551 §4.5.2: 64 kbit/s, octet by octet; the clock rate is 8000 for the sake of RFC 1890, the sampling rate 16000.
 * Impairment by ITU-T G.113 appendix IV; robustness as of G.711, whose way of concealing it shares.
 */
export const G722: CodecDescription = {
  name: 'G722',
  clockRate: 8000,
  sampleRate: 16_000,
  channels: 1,
  payloadType: 9,
  frameMs: 10,
  ie: 13,
  bpl: 25.1,
};

/** @param module the compiled g722 kernel */
export function g722(module: WebAssembly.Module): Codec {
  return blockCodec(G722, { frameSamples: 160, frameOctets: 80, maxOctets: 960, maxSamples: 1920 }, module);
}
