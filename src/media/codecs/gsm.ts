import type { Codec, CodecDescription } from '../codec.js';
import { blockCodec } from './block-codec.js';

/**
 * RFC 3551 §4.5.8: GSM full rate, packed frames of 33 octets. Impairment by ITU-T G.113 appendix I, robustness that of
 * the enhanced full rate, whose concealment is the same.
 */
export const GSM: CodecDescription = {
  name: 'GSM',
  clockRate: 8000,
  sampleRate: 8000,
  channels: 1,
  payloadType: 3,
  frameMs: 20,
  ie: 20,
  bpl: 10,
};

/** @param module the compiled gsm kernel */
export function gsm(module: WebAssembly.Module): Codec {
  const sizes = {
    frameSamples: 160,
    frameOctets: 33,
    maxOctets: 198,
    maxSamples: 960,
    concealsByItself: true,
  } as const;
  return blockCodec(GSM, sizes, module);
}
