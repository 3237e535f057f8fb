import type { Decoder } from '../codec.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

export interface JitterOptions {
  /** Hz of the decoded sound. */
  readonly sampleRate: number;
  /** Hz of the RTP timestamps. */
  readonly clockRate: number;
  /** Bounds of the delay, ms. Default 0 and 1000. */
  readonly minDelay?: number;
  readonly maxDelay?: number;
  /** ms of delay that one per cent of concealed sound is worth. Default 75. */
  readonly price?: number;
  /** ms after which an observation weighs 1/e. Default 30,000. */
  readonly forget?: number;
  /** ms for which the fastest packet is remembered. Default 4000. */
  readonly window?: number;
}

/** Counters since creation; samples at `sampleRate`. */
export interface JitterStatistics {
  packetsReceived: number;
  packetsLate: number;
  packetsDuplicate: number;
  packetsLost: number;
  resets: number;
  samplesPlayed: number;
  samplesConcealed: number;
  samplesSilent: number;
  samplesAccelerated: number;
  samplesDecelerated: number;
  samplesResampled: number;
  interruptions: number;
  stretches: number;
  /** ms, planned and as it is. */
  targetDelay: number;
  currentDelay: number;
}

/** Longest packet payload that is taken, octets. */
export const PAYLOAD_MAX = 1500;
const DECODE = 1;
const CONCEAL = 2;

/** The jitter buffer of one received stream: `assembly/jitter` and its host side. Allocates nothing after creation. */
export class JitterBuffer {
  readonly #payload: Uint8Array;
  readonly #pcm: Int16Array;
  readonly #out: Float32Array;
  readonly #counts: Float64Array;
  readonly #memory: Uint8Array;
  readonly #insert: KernelFunction;
  readonly #pull: KernelFunction;
  readonly #decoded: KernelFunction;
  readonly #concealed: KernelFunction;
  readonly #duePayload: KernelFunction;
  readonly #dueLength: KernelFunction;
  readonly #dueFormat: KernelFunction;
  readonly #target: KernelFunction;
  readonly #current: KernelFunction;
  readonly #restart: KernelFunction;
  readonly #isPlaying: KernelFunction;
  readonly #interruption: KernelFunction;
  readonly #playoutTimestamp: KernelFunction;
  #lastFormat = -1;

  constructor(
    module: WebAssembly.Module,
    readonly options: JitterOptions,
  ) {
    const kernel = new Kernel(module);
    this.#payload = kernel.octets('payload', PAYLOAD_MAX);
    this.#pcm = kernel.samples('pcm', 5760);
    this.#out = kernel.floats('out', 960);
    this.#counts = kernel.doubles('counts', 16);
    this.#memory = kernel.memory;
    this.#insert = kernel.function('insert');
    this.#pull = kernel.function('pull');
    this.#decoded = kernel.function('decoded');
    this.#concealed = kernel.function('concealed');
    this.#duePayload = kernel.function('duePayload');
    this.#dueLength = kernel.function('dueLength');
    this.#dueFormat = kernel.function('dueFormat');
    this.#target = kernel.function('target');
    this.#current = kernel.function('current');
    this.#restart = kernel.function('restart');
    this.#isPlaying = kernel.function('isPlaying');
    this.#interruption = kernel.function('interruption');
    this.#playoutTimestamp = kernel.function('playoutTimestamp');
    const {
      sampleRate,
      clockRate,
      minDelay = 0,
      maxDelay = 1000,
      price = 75,
      forget = 30_000,
      window = 4000,
    } = options;
    kernel.function('init')(sampleRate, clockRate, minDelay, maxDelay, price, forget, window);
  }

  /**
   * Takes a packet; a payload above {@link PAYLOAD_MAX} is dropped.
   * @param payload empty for packets without sound that take a sequence number
   * @param arrival ms of the clock that `pull` is called with
   */
  insert(sequenceNumber: number, timestamp: number, payloadType: number, payload: Uint8Array, arrival: number): void {
    if (payload.length > PAYLOAD_MAX) return;
    this.#payload.set(payload);
    this.#insert(sequenceNumber, timestamp | 0, payload.length, payloadType, arrival);
  }

  /**
   * Fills `out` with the next samples, -1..1, at most 20 ms.
   * @param decoders by payload type; a packet without one is concealed
   * @param now ms of the audio clock
   */
  pull(out: Float32Array, length: number, decoders: readonly (Decoder | undefined)[], now: number): void {
    let action = this.#pull(length, now);
    while (action === DECODE || action === CONCEAL) {
      action = action === DECODE ? this.#decoded(this.#decode(decoders)) : this.#concealed(this.#conceal(decoders));
    }
    for (let i = 0; i < length; i += 1) out[i] = this.#out[i] ?? 0;
  }

  /** @returns samples of the packet that is due, 0 if it is not understood */
  #decode(decoders: readonly (Decoder | undefined)[]): number {
    const format = this.#dueFormat();
    const decoder = decoders[format];
    const octets = this.#dueLength();
    if (decoder === undefined || octets > decoder.input.length) return 0;
    const from = this.#duePayload();
    for (let i = 0; i < octets; i += 1) decoder.input[i] = this.#memory[from + i] ?? 0;
    const samples = decoder.decode(octets);
    for (let i = 0; i < samples; i += 1) this.#pcm[i] = decoder.output[i] ?? 0;
    if (samples > 0) this.#lastFormat = format;
    return samples;
  }

  /** What is missing, as the decoder that spoke last makes it up. @returns samples, 0 if it does not */
  #conceal(decoders: readonly (Decoder | undefined)[]): number {
    const decoder = decoders[this.#lastFormat];
    if (decoder?.concealsByItself !== true) return 0;
    const samples = decoder.conceal();
    for (let i = 0; i < samples; i += 1) this.#pcm[i] = decoder.output[i] ?? 0;
    return samples;
  }

  /** Whether a talkspurt is being played. */
  get playing(): boolean {
    return this.#isPlaying() !== 0;
  }

  /** RTP timestamp of the next sample that will be heard. */
  get playoutTimestamp(): number {
    return this.#playoutTimestamp();
  }

  /** ms of the last concealed stretch of 150 ms and more; `interruptions` counts them. */
  get interruption(): number {
    return this.#interruption();
  }

  get samplesConcealed(): number {
    return this.#counts[6] ?? 0;
  }

  /** Concealed stretches of 150 ms and more. */
  get interruptions(): number {
    return this.#counts[10] ?? 0;
  }

  restart(): void {
    this.#restart();
  }

  /** Writes the counters into `into`. */
  read(into: JitterStatistics): void {
    const c = this.#counts;
    into.packetsReceived = c[0] ?? 0;
    into.packetsLate = c[1] ?? 0;
    into.packetsDuplicate = c[2] ?? 0;
    into.packetsLost = c[3] ?? 0;
    into.resets = c[4] ?? 0;
    into.samplesPlayed = c[5] ?? 0;
    into.samplesConcealed = c[6] ?? 0;
    into.samplesSilent = c[7] ?? 0;
    into.samplesAccelerated = c[8] ?? 0;
    into.samplesDecelerated = c[9] ?? 0;
    into.interruptions = c[10] ?? 0;
    into.stretches = c[11] ?? 0;
    into.samplesResampled = c[12] ?? 0;
    into.targetDelay = this.#target();
    into.currentDelay = this.#current();
  }
}

export function emptyJitterStatistics(): JitterStatistics {
  return {
    packetsReceived: 0,
    packetsLate: 0,
    packetsDuplicate: 0,
    packetsLost: 0,
    resets: 0,
    samplesPlayed: 0,
    samplesConcealed: 0,
    samplesSilent: 0,
    samplesAccelerated: 0,
    samplesDecelerated: 0,
    samplesResampled: 0,
    interruptions: 0,
    stretches: 0,
    targetDelay: 0,
    currentDelay: 0,
  };
}
