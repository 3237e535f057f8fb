import type { Codec, CodecDescription, Decoder, Encoder } from '../codec.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/** Sizes of a kernel that exports `pcm`, `octets`, `reset(rate)`, `encode(samples)`, `decode(octets)`, `conceal(samples)`. */
export interface BlockSizes {
  /** Samples that `encode` takes and `conceal` makes. */
  readonly frameSamples: number;
  /** Octets that `encode` makes. */
  readonly frameOctets: number;
  /** Longest payload, and its samples. */
  readonly maxOctets: number;
  readonly maxSamples: number;
  /** A packet is one block with one header: how many octets `samples` make. Absent: frame after frame. */
  readonly packetOctets?: (samples: number) => number;
  /** The kernel conceals from the codec's own state. */
  readonly concealsByItself?: true;
}

class BlockEncoder implements Encoder {
  readonly frameSamples: number;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly #encode: KernelFunction;
  readonly #reset: KernelFunction;

  constructor(
    kernel: Kernel,
    { frameSamples, frameOctets }: BlockSizes,
    private readonly rate: number,
  ) {
    this.frameSamples = frameSamples;
    this.input = kernel.samples('pcm', frameSamples);
    this.output = kernel.octets('octets', frameOctets);
    this.#encode = kernel.function('encode');
    this.#reset = kernel.function('reset');
    this.reset();
  }

  encode(): number {
    return this.#encode(this.frameSamples);
  }

  reset(): void {
    this.#reset(this.rate);
  }
}

class BlockDecoder implements Decoder {
  readonly concealsByItself?: true;
  readonly frameSamples: number;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly #decode: KernelFunction;
  readonly #conceal: KernelFunction;
  readonly #reset: KernelFunction;

  constructor(
    kernel: Kernel,
    { frameSamples, maxOctets, maxSamples, concealsByItself }: BlockSizes,
    private readonly rate: number,
  ) {
    if (concealsByItself === true) this.concealsByItself = true;
    this.frameSamples = frameSamples;
    this.input = kernel.octets('octets', maxOctets);
    this.output = kernel.samples('pcm', maxSamples);
    this.#decode = kernel.function('decode');
    this.#conceal = kernel.function('conceal');
    this.#reset = kernel.function('reset');
    this.reset();
  }

  decode(length: number): number {
    return this.#decode(Math.max(0, Math.min(length, this.input.length)));
  }

  conceal(): number {
    this.#conceal(this.frameSamples);
    return this.frameSamples;
  }

  reset(): void {
    this.#reset(this.rate);
  }
}

/** A codec whose payload is what its kernel makes, frame after frame. */
export function blockCodec(description: CodecDescription, sizes: BlockSizes, module: WebAssembly.Module): Codec {
  const { sampleRate, frameMs } = description;
  return {
    description,
    createEncoder: (_fmtp, packetMs = frameMs) =>
      new BlockEncoder(new Kernel(module), packetSizes(sizes, Math.floor(packetMs / frameMs)), sampleRate),
    createDecoder: () => new BlockDecoder(new Kernel(module), sizes, sampleRate),
  };
}

function packetSizes(sizes: BlockSizes, frames: number): BlockSizes {
  const { frameSamples, maxSamples, packetOctets } = sizes;
  if (packetOctets === undefined) return sizes;
  const samples = Math.max(frameSamples, Math.min(frames * frameSamples, maxSamples));
  return { ...sizes, frameSamples: samples, frameOctets: packetOctets(samples) };
}
