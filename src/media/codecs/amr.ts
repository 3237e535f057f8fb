import type { Codec, CodecDescription, Decoder, Encoder } from '../codec.js';
import { AMR_NB, AMR_WB, type AmrBand, MAX_FRAME_OCTETS, NO_DATA } from '../payload/amr-band.js';
import { type AmrParameters, parseAmrFmtp } from '../payload/amr-fmtp.js';
import { AmrModeControl } from '../payload/amr-mode-control.js';
import { AmrPayloadReader, AmrPayloadWriter } from '../payload/amr-payload.js';
import { Kernel, type KernelFunction } from '../wasm/kernel.js';

/** RFC 4867 §8.1; impairment of 12.2 kbit/s by ITU-T G.113 appendix I. One `encode` is one payload, of a frame or more. */
export const AMR: CodecDescription = {
  name: 'AMR',
  clockRate: 8000,
  sampleRate: 8000,
  channels: 1,
  payloadType: null,
  discontinuous: true,
  frameMs: 20,
  ie: 5,
  bpl: 10,
};

/** RFC 4867 §8.2; impairment of 12.65 kbit/s by ITU-T G.113 appendix IV (one ear; robustness is known for both only). */
export const AMR_WIDE: CodecDescription = {
  name: 'AMR-WB',
  clockRate: 16000,
  sampleRate: 16000,
  channels: 1,
  payloadType: null,
  discontinuous: true,
  frameMs: 20,
  ie: 13,
  bpl: 4.3,
};

/** Longest payload that is decoded at once: 120 ms. */
const MAX_FRAMES = 6;
/** Octets of input; a longer payload is no speech. */
const MAX_PAYLOAD = 1 + MAX_FRAMES * (1 + MAX_FRAME_OCTETS);

/** Modes at the start of a call: 12.2 and 12.65 kbit/s. */
const PREFERRED_NB = 7;
const PREFERRED_WB = 2;

const UNRESTRICTED: AmrParameters = {
  octetAligned: false,
  modeSet: null,
  modeChangePeriod: 1,
  modeChangeNeighbor: false,
};

function parameters(fmtp: string, band: AmrBand): AmrParameters {
  const parsed = parseAmrFmtp(fmtp, band);
  // Negotiation has refused what we cannot do; the defaults keep a stray call alive.
  return parsed.ok ? parsed.parameters : UNRESTRICTED;
}

/** Encoder of a call. One `encode` is a payload of `frames` frames. */
export class AmrEncoder implements Encoder {
  readonly frameSamples: number;
  readonly input: Int16Array;
  readonly output: Uint8Array;
  readonly #pcm: Int16Array;
  readonly #frame: Uint8Array;
  readonly #encode: KernelFunction;
  readonly #lastFrameType: KernelFunction;
  readonly #reset: KernelFunction;
  readonly #control: AmrModeControl;
  readonly #writer: AmrPayloadWriter;
  readonly #reader: AmrPayloadReader;
  readonly #octetAligned: boolean;
  readonly #topMode: number;
  /** Discontinuous transmission: in silence `encode` mostly returns 0. */
  dtx = false;
  #silent = false;

  constructor(kernel: Kernel, description: CodecDescription, band: AmrBand, fmtp: string, frames: number) {
    const wide = band === AMR_WB;
    const agreed = parameters(fmtp, band);
    const samples = (description.sampleRate * description.frameMs) / 1000;
    this.frameSamples = samples * Math.max(1, Math.min(frames, MAX_FRAMES));
    this.input = new Int16Array(this.frameSamples);
    this.#pcm = kernel.samples('pcm', samples);
    this.#frame = kernel.octets('octets', MAX_FRAME_OCTETS + 4);
    this.#encode = kernel.function('encode');
    this.#lastFrameType = kernel.function('lastFrameType');
    this.#reset = kernel.function('resetEncoder');
    this.#control = new AmrModeControl(agreed, band, wide ? PREFERRED_WB : PREFERRED_NB);
    this.#writer = new AmrPayloadWriter(band, agreed.octetAligned);
    this.#reader = new AmrPayloadReader(band);
    this.#octetAligned = agreed.octetAligned;
    this.#topMode = band.topMode;
    this.output = this.#writer.output;
    this.#reset();
  }

  /** RFC 4867 §4.1: a talkspurt begins with the first frame of speech. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Honours the codec mode request of a payload that is one. */
  receive(payload: Uint8Array): void {
    const { length } = payload;
    const frames =
      this.#reader.read(payload, length, this.#octetAligned) || this.#reader.read(payload, length, !this.#octetAligned);
    if (frames > 0) this.#control.request(this.#reader.request);
  }

  encode(): number {
    this.#writer.start();
    this.#silent = true;
    let sent = false;
    let pending = 0;
    for (let at = 0; at < this.frameSamples; at += this.#pcm.length) {
      for (let i = 0; i < this.#pcm.length; i += 1) this.#pcm[i] = this.input[at + i] ?? 0;
      this.#encode(this.#control.next(), this.dtx ? 1 : 0);
      const type = this.#lastFrameType();
      if (type <= this.#topMode) this.#silent = false;
      if (type === NO_DATA) {
        pending += 1;
        continue;
      }
      // RFC 4867 §4.3.2: frames without data are said only where others follow them.
      for (; pending > 0; pending -= 1) this.#writer.add(NO_DATA, this.#frame);
      this.#writer.add(type, this.#frame);
      sent = true;
    }
    return sent ? this.#writer.finish() : 0;
  }

  reset(): void {
    this.#reset();
  }
}

/** Decoder of a call: payloads of any number of frames up to 120 ms. */
export class AmrDecoder implements Decoder {
  readonly concealsByItself = true as const;
  readonly frameSamples: number;
  readonly input = new Uint8Array(MAX_PAYLOAD);
  readonly output: Int16Array;
  readonly #pcm: Int16Array;
  readonly #frame: Uint8Array;
  readonly #decode: KernelFunction;
  readonly #conceal: KernelFunction;
  readonly #reset: KernelFunction;
  readonly #reader: AmrPayloadReader;
  readonly #octetAligned: boolean;
  readonly #sid: number;
  #silent = false;

  constructor(kernel: Kernel, description: CodecDescription, band: AmrBand, fmtp: string) {
    this.frameSamples = (description.sampleRate * description.frameMs) / 1000;
    this.#pcm = kernel.samples('pcm', this.frameSamples);
    this.output = new Int16Array(this.frameSamples * MAX_FRAMES);
    this.#frame = kernel.octets('octets', MAX_FRAME_OCTETS + 4);
    this.#decode = kernel.function('decode');
    this.#conceal = kernel.function('conceal');
    this.#reset = kernel.function('reset');
    this.#reader = new AmrPayloadReader(band);
    this.#octetAligned = parameters(fmtp, band).octetAligned;
    this.#sid = band.sid;
    this.#reset();
  }

  get silent(): boolean {
    return this.#silent;
  }

  decode(length: number): number {
    // A peer that answers with the other alignment is still understood: the lengths tell them apart.
    const frames =
      this.#reader.read(this.input, length, this.#octetAligned) ||
      this.#reader.read(this.input, length, !this.#octetAligned);
    if (frames === 0 || frames > MAX_FRAMES) return this.conceal();
    for (let i = 0; i < frames; i += 1) {
      const octets = this.#reader.frame(this.input, i, this.#frame);
      const type = this.#reader.types[i] ?? NO_DATA;
      this.#decode(type, octets, this.#reader.quality[i] ?? 0);
      // No data prolongs what is.
      if (type !== NO_DATA) this.#silent = type === this.#sid;
      this.output.set(this.#pcm, i * this.frameSamples);
    }
    return frames * this.frameSamples;
  }

  conceal(): number {
    this.#conceal();
    this.output.set(this.#pcm);
    return this.frameSamples;
  }

  comfort(): number {
    this.#decode(NO_DATA, 0, 1);
    this.output.set(this.#pcm);
    return this.frameSamples;
  }

  reset(): void {
    this.#silent = false;
    this.#reset();
  }
}

/** @param module the compiled amr-nb or amr-wb kernel */
export function amr(description: CodecDescription, module: WebAssembly.Module): Codec {
  const band = description.name === 'AMR-WB' ? AMR_WB : AMR_NB;
  return {
    description,
    createEncoder(fmtp, packetMs = description.frameMs, dtx = false) {
      const frames = Math.floor(packetMs / description.frameMs);
      const encoder = new AmrEncoder(new Kernel(module), description, band, fmtp, frames);
      encoder.dtx = dtx;
      return encoder;
    },
    createDecoder: (fmtp) => new AmrDecoder(new Kernel(module), description, band, fmtp),
  };
}
