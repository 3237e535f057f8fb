import type { Decoder } from '../../src/media/codec.js';

/** A decoder whose payload is its sound, 8 bits a sample; one of 7 octets is bad. */
export function octetDecoder(): Decoder {
  const input = new Uint8Array(1500);
  const output = new Int16Array(1500);
  return {
    frameSamples: 160,
    input,
    output,
    decode: (length) => {
      if (length === 7) return 0;
      for (let i = 0; i < length; i += 1) output[i] = ((input[i] ?? 0) - 128) << 8;
      return length;
    },
    conceal: () => 0,
    reset: () => undefined,
  };
}
