import type { Codec, CodecDescription, Decoder, Encoder } from '../codec.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/** RFC 3551 §4.5.14; impairment by ITU-T G.113 appendix I (with packet-loss concealment). */
const COMMON = { clockRate: 8000, sampleRate: 8000, channels: 1, frameMs: 10, ie: 0, bpl: 25.1 } as const;
export const PCMA: CodecDescription = { ...COMMON, name: 'PCMA', payloadType: 8 };
export const PCMU: CodecDescription = { ...COMMON, name: 'PCMU', payloadType: 0 };

const FRAME_SAMPLES = 80;
/** Longest packet that is decoded at once: 120 ms. */
const MAX_SAMPLES = 960;

class G711Encoder implements Encoder {
  readonly frameSamples = FRAME_SAMPLES;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly #encode: KernelFunction;

  constructor(kernel: Kernel, law: string) {
    this.input = kernel.samples('pcm', FRAME_SAMPLES);
    this.output = kernel.octets('octets', FRAME_SAMPLES);
    this.#encode = kernel.function(`encode${law}`);
  }

  encode(): number {
    this.#encode(FRAME_SAMPLES);
    return FRAME_SAMPLES;
  }

  reset(): void {
    // Every sample stands for itself.
  }
}

class G711Decoder implements Decoder {
  readonly frameSamples = FRAME_SAMPLES;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly reset: () => void;
  readonly #decode: KernelFunction;
  readonly #received: KernelFunction;
  readonly #conceal: KernelFunction;

  constructor(kernel: Kernel, law: string) {
    this.input = kernel.octets('octets', MAX_SAMPLES);
    this.output = kernel.samples('pcm', MAX_SAMPLES);
    this.reset = kernel.function('reset');
    this.#decode = kernel.function(`decode${law}`);
    this.#received = kernel.function('received');
    this.#conceal = kernel.function('conceal');
    this.reset();
  }

  decode(length: number): number {
    const samples = Math.max(0, Math.min(length, MAX_SAMPLES));
    this.#decode(samples);
    this.#received(samples);
    return samples;
  }

  conceal(): number {
    this.#conceal(FRAME_SAMPLES);
    return FRAME_SAMPLES;
  }
}

/** @param module the compiled g711 kernel */
export function g711(description: CodecDescription, module: WebAssembly.Module): Codec {
  const law = description.name === 'PCMA' ? 'Alaw' : 'Ulaw';
  return {
    description,
    createEncoder: () => new G711Encoder(new Kernel(module), law),
    createDecoder: () => new G711Decoder(new Kernel(module), law),
  };
}
