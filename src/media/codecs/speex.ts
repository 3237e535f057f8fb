import type { Codec, CodecDescription, Decoder, Encoder } from '../codec.js';
import { speexComfortNoise, speexQuality, type SpeexVbr, speexVbr } from '../payload/speex.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/**
 * RFC 5574: frames follow each other without octet alignment, so that one `encode` is a packet. G.113 does not list
 * the codec; by PESQ narrow band at 15 kbit/s lies between AMR 12.2 and iLBC, and wide band is put beside AMR-WB.
 */
const COMMON = {
  name: 'speex',
  channels: 1,
  payloadType: null,
  frameMs: 20,
  bpl: 10,
  discontinuous: true,
} as const;
export const SPEEX_8000: CodecDescription = { ...COMMON, clockRate: 8000, sampleRate: 8000, ie: 8 };
export const SPEEX_16000: CodecDescription = { ...COMMON, clockRate: 16_000, sampleRate: 16_000, ie: 13 };
export const SPEEX_32000: CodecDescription = { ...COMMON, clockRate: 32_000, sampleRate: 32_000, ie: 13 };

/** 44 kbit/s, the highest rate. */
const MAX_FRAME_OCTETS = 112;
const MAX_OCTETS = 1500;
/** Frames of a packet, written or read. */
const MAX_FRAMES = 6;

function open(module: WebAssembly.Module, { sampleRate }: CodecDescription): Kernel {
  const kernel = new Kernel(module);
  kernel.function('setBand')(Math.log2(sampleRate / 8000));
  return kernel;
}

/** How a stream is coded (Speex manual, chapter 4). */
export interface SpeexTuning {
  /** 0 .. 10. */
  readonly quality: number;
  /** `on`: each frame at the rate that it is worth; `vad`: one rate, but the least one in silence. */
  readonly vbr: SpeexVbr;
  /** Silence is described and then not sent. Takes `vbr`. */
  readonly dtx: boolean;
  /** How hard the encoder searches, 1 .. 10. */
  readonly complexity: number;
  /** bit/s that a variable rate settles at, or 0. */
  readonly bitRate: number;
}

/** Complexity of the bench, and of most phones. */
const COMPLEXITY = 3;

export class SpeexEncoder implements Encoder {
  readonly frameSamples: number;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly reset: () => void;
  readonly #encode: KernelFunction;
  readonly #mustSend: KernelFunction;
  readonly #inSilence: KernelFunction;
  readonly #kernel: Kernel;
  #tuning: SpeexTuning;
  #silent = false;

  readonly #frames: number;

  constructor(kernel: Kernel, description: CodecDescription, fmtp: string, frames: number, dtx: boolean) {
    const { sampleRate, clockRate } = description;
    this.#frames = Math.max(1, Math.min(frames, MAX_FRAMES));
    this.frameSamples = (this.#frames * sampleRate) / 50;
    this.input = kernel.samples('pcm', this.frameSamples);
    this.output = kernel.octets('octets', this.#frames * MAX_FRAME_OCTETS);
    this.reset = kernel.function('reset');
    this.#kernel = kernel;
    this.#encode = kernel.function('encodePacket');
    this.#mustSend = kernel.function('mustSend');
    this.#inSilence = kernel.function('encodedSilence');
    const wished = speexVbr(fmtp);
    const vbr = dtx && wished === 'off' ? 'vad' : wished;
    this.#tuning = {
      quality: speexQuality(fmtp, clockRate),
      vbr,
      // The other side fills silence with noise itself: there is no need to send it.
      dtx: dtx || (vbr !== 'off' && speexComfortNoise(fmtp)),
      complexity: COMPLEXITY,
      bitRate: 0,
    };
    this.tune({});
  }

  /** Changes what is given, from the next frame on. */
  tune(changes: Partial<SpeexTuning>): void {
    const tuning = { ...this.#tuning, ...changes };
    this.#tuning = tuning;
    const set = (name: string, value: number | boolean): void => void this.#kernel.function(name)(Number(value));
    set('setQuality', tuning.quality);
    set('setVbr', tuning.vbr === 'on');
    set('setVad', tuning.vbr === 'vad');
    set('setDtx', tuning.dtx);
    set('setAbr', tuning.bitRate);
    set('setComplexity', tuning.complexity);
  }

  get silent(): boolean {
    return this.#silent;
  }

  /** @returns octets; 0 in a silence that has been described */
  encode(): number {
    const length = this.#encode(this.#frames);
    this.#silent = this.#inSilence() === 1;
    return this.#mustSend() === 0 ? 0 : length;
  }
}

class SpeexDecoder implements Decoder {
  readonly concealsByItself = true as const;
  readonly frameSamples: number;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  readonly reset: () => void;
  readonly #decode: KernelFunction;
  readonly #conceal: KernelFunction;
  readonly #inSilence: KernelFunction;
  readonly #setEnhancement: KernelFunction;
  #enhanced = true;
  readonly comfort: () => number;

  constructor(kernel: Kernel, { sampleRate }: CodecDescription) {
    this.frameSamples = sampleRate / 50;
    this.input = kernel.octets('octets', MAX_OCTETS);
    this.output = kernel.samples('pcm', MAX_FRAMES * this.frameSamples);
    this.reset = kernel.function('reset');
    this.#decode = kernel.function('decode');
    this.#conceal = kernel.function('conceal');
    this.#inSilence = kernel.function('inSilence');
    this.#setEnhancement = kernel.function('setEnhancement');
    this.comfort = kernel.function('comfort');
  }

  get silent(): boolean {
    return this.#inSilence() === 1;
  }

  get enhanced(): boolean {
    return this.#enhanced;
  }

  set enhanced(on: boolean) {
    this.#enhanced = on;
    this.#setEnhancement(on ? 1 : 0);
  }

  decode(length: number): number {
    return this.#decode(length);
  }

  conceal(): number {
    return this.#conceal();
  }
}

/** @param module the compiled speex kernel */
export function speex(description: CodecDescription, module: WebAssembly.Module): Codec {
  return {
    description,
    createEncoder: (fmtp, packetMs = description.frameMs, dtx = false) =>
      new SpeexEncoder(open(module, description), description, fmtp, Math.floor(packetMs / description.frameMs), dtx),
    createDecoder: () => new SpeexDecoder(open(module, description), description),
  };
}
