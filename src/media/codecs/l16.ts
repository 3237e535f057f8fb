import type { Codec, CodecDescription } from '../codec.js';
import { blockCodec } from './block-codec.js';

/** RFC 3551 §4.5.11: samples in network byte order. The static payload types are for 44.1 kHz only; 40 ms at 16 kHz fill an MTU. */
const COMMON = { name: 'L16', channels: 1, payloadType: null, frameMs: 10, ie: 0, bpl: 25.1 } as const;
export const L16_8000: CodecDescription = { ...COMMON, clockRate: 8000, sampleRate: 8000 };
export const L16_16000: CodecDescription = { ...COMMON, clockRate: 16_000, sampleRate: 16_000, maxFramesPerPacket: 4 };

/** @param module the compiled l16 kernel */
export function l16(description: CodecDescription, module: WebAssembly.Module): Codec {
  const frameSamples = (description.sampleRate * description.frameMs) / 1000;
  return blockCodec(
    description,
    { frameSamples, frameOctets: 2 * frameSamples, maxOctets: 3840, maxSamples: 1920 },
    module,
  );
}
