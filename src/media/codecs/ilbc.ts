import type { Codec, CodecDescription, Decoder, Encoder } from '../codec.js';
import { ilbcMode } from '../payload/ilbc.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/**
 * RFC 3951, RFC 3952: frames of 20 ms unless the other side wants 30. G.113 does not list the codec;
 * impairment and robustness are set between those of AMR 12.2 and GSM full rate, by PESQ.
 */
export const ILBC: CodecDescription = {
  name: 'iLBC',
  clockRate: 8000,
  sampleRate: 8000,
  channels: 1,
  payloadType: null,
  frameMs: 20,
  ie: 11,
  bpl: 32,
};

/** 120 ms: six frames of 38 octets. */
const MAX_SAMPLES = 960;
const MAX_OCTETS = 228;

class IlbcEncoder implements Encoder {
  readonly frameSamples: number;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly encode: () => number;
  readonly reset: () => void;

  constructor(kernel: Kernel, mode: 20 | 30) {
    kernel.function('setMode')(mode);
    this.frameSamples = mode * 8;
    this.input = kernel.samples('pcm', this.frameSamples);
    this.output = kernel.octets('octets', mode === 20 ? 38 : 50);
    this.encode = kernel.function('encode');
    this.reset = kernel.function('reset');
  }
}

class IlbcDecoder implements Decoder {
  readonly concealsByItself = true as const;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly #decode: KernelFunction;
  readonly #conceal: KernelFunction;
  readonly #setMode: KernelFunction;
  readonly #frameSamples: KernelFunction;

  constructor(
    kernel: Kernel,
    private readonly mode: 20 | 30,
  ) {
    this.input = kernel.octets('octets', MAX_OCTETS);
    this.output = kernel.samples('pcm', MAX_SAMPLES);
    this.#decode = kernel.function('decode');
    this.#conceal = kernel.function('conceal');
    this.#setMode = kernel.function('setMode');
    this.#frameSamples = kernel.function('frameSamples');
    this.reset();
  }

  /** Of the packets that come; the two sides may have settled on the longer frame. */
  get frameSamples(): number {
    return this.#frameSamples();
  }

  decode(length: number): number {
    return this.#decode(length);
  }

  conceal(): number {
    return this.#conceal();
  }

  reset(): void {
    this.#setMode(this.mode);
  }
}

/** @param module the compiled ilbc kernel */
export function ilbc(module: WebAssembly.Module): Codec {
  return {
    description: ILBC,
    createEncoder: (fmtp) => new IlbcEncoder(new Kernel(module), ilbcMode(fmtp)),
    createDecoder: (fmtp) => new IlbcDecoder(new Kernel(module), ilbcMode(fmtp)),
  };
}
