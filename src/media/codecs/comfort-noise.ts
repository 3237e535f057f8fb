import type { Decoder, Encoder } from '../codec.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/** Encoding name (RFC 3389 §6.1). */
const NAME = 'CN';
/** The static payload type, at 8000 Hz (§4). */
export const COMFORT_NOISE_TYPE = 13;

export function isComfortNoise({ name }: { readonly name: string }): boolean {
  return name.toUpperCase() === NAME;
}

/** Longest payload that is read; samples of 120 ms at 16 kHz. */
const MAX_OCTETS = 256;
const MAX_SAMPLES = 1920;

/** A codec without silence of its own, in pauses of the voice: their noise is described (RFC 3389), then nothing is said. */
export class PausingEncoder implements Encoder {
  readonly frameSamples: number;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly #listen: KernelFunction;
  readonly #reset: KernelFunction;
  readonly #octets: Uint8Array;
  #silent = false;

  /**
   * @param module the compiled comfort-noise kernel @param encoder of the voice @param sampleRate its, Hz
   * @param packetSamples one `encode` is a packet: a multiple of the encoder's frame
   */
  constructor(
    module: WebAssembly.Module,
    private readonly encoder: Encoder,
    private readonly sampleRate: number,
    packetSamples: number,
  ) {
    const kernel = new Kernel(module);
    this.frameSamples = packetSamples;
    this.input = kernel.samples('pcm', packetSamples);
    this.#octets = kernel.octets('octets', MAX_OCTETS);
    this.output = new Uint8Array(Math.max(MAX_OCTETS, (packetSamples / encoder.frameSamples) * encoder.output.length));
    this.#listen = kernel.function('encode');
    this.#reset = kernel.function('reset');
    this.#reset(sampleRate);
  }

  get silent(): boolean {
    return this.#silent;
  }

  encode(): number {
    const described = this.#listen(this.frameSamples);
    this.#silent = described >= 0;
    if (this.#silent) {
      for (let i = 0; i < described; i += 1) this.output[i] = this.#octets[i] ?? 0;
      return described;
    }
    // The encoder of the voice rests in pauses as the other side's decoder does: their states stay alike.
    const { encoder, input, output } = this;
    let octets = 0;
    for (let at = 0; at < input.length; at += encoder.frameSamples) {
      for (let i = 0; i < encoder.frameSamples; i += 1) encoder.input[i] = input[at + i] ?? 0;
      const length = encoder.encode();
      for (let i = 0; i < length; i += 1) output[octets + i] = encoder.output[i] ?? 0;
      octets += length;
    }
    return octets;
  }

  receive(payload: Uint8Array): void {
    this.encoder.receive?.(payload);
  }

  reset(): void {
    this.#reset(this.sampleRate);
    this.encoder.reset();
    this.#silent = false;
  }
}

/** CN payloads to noise, at the sampling rate of the voice beside them. */
export class ComfortNoiseDecoder implements Decoder {
  readonly frameSamples: number;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly silent = true;
  readonly conceal: () => number;
  readonly comfort: () => number;
  readonly #decode: KernelFunction;
  readonly #reset: KernelFunction;

  /** @param module the compiled comfort-noise kernel @param sampleRate Hz */
  constructor(
    module: WebAssembly.Module,
    private readonly sampleRate: number,
  ) {
    const kernel = new Kernel(module);
    this.frameSamples = sampleRate / 100;
    this.input = kernel.octets('octets', MAX_OCTETS);
    this.output = kernel.samples('pcm', MAX_SAMPLES);
    this.#decode = kernel.function('decode');
    this.#reset = kernel.function('reset');
    this.conceal = kernel.function('conceal');
    this.comfort = this.conceal;
    this.reset();
  }

  decode(length: number): number {
    return this.#decode(length);
  }

  reset(): void {
    this.#reset(this.sampleRate);
  }
}
