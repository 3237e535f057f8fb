import type { Codec, CodecDescription } from '../codec.js';
import { blockCodec } from './block-codec.js';

/**
 * RFC 3551 §4.5.1. A packet has one header, so it is one block. ITU-T G.113 does not list IMA ADPCM: the impairment is that
 * of GSM full rate, beside which it is measured.
 */
const COMMON = { name: 'DVI4', channels: 1, frameMs: 20, ie: 20, bpl: 25.1 } as const;
export const DVI4_8000: CodecDescription = { ...COMMON, clockRate: 8000, sampleRate: 8000, payloadType: 5 };
export const DVI4_16000: CodecDescription = { ...COMMON, clockRate: 16_000, sampleRate: 16_000, payloadType: 6 };

/** @param module the compiled dvi4 kernel */
export function dvi4(description: CodecDescription, module: WebAssembly.Module): Codec {
  const frameSamples = (description.sampleRate * description.frameMs) / 1000;
  const packetOctets = (samples: number): number => 4 + samples / 2;
  return blockCodec(
    description,
    { frameSamples, frameOctets: packetOctets(frameSamples), maxOctets: 964, maxSamples: 1920, packetOctets },
    module,
  );
}
