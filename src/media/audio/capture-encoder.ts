import type { Encoder } from '../codec.js';
import type { DeferredEncoder } from '../deferred-codec.js';
import { Resampler } from './resampler.js';

/** A tone of two frequencies in place of the microphone (in-band DTMF). */
interface DualTone {
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  /** Silence after it. */
  readonly gap: number;
  readonly done: () => void;
}

/** Longest block of captured frames that is taken at once. */
const MAX_FRAMES = 16_384;

/** Microphone → codec rate → packets' payloads. The clock is the captured sound itself. */
export class CaptureEncoder {
  readonly #payload: Uint8Array;
  readonly #resampled = new Float32Array(MAX_FRAMES * 6);
  #resampler: Resampler | null = null;
  #frameFill = 0;
  #packetFill = 0;
  #packetSamples = 0;
  #level = 0;
  readonly #tones: DualTone[] = [];
  #toneAt = 0;
  /** Sends silence. */
  muted = false;

  /**
   * @param sampleRate of the encoder, Hz @param packetSamples a multiple of the encoder's frame
   * @param onPacket gets each payload, valid during the call only, the samples it stands for, and whether it is
   * silence; those of a deferred encoder go their own way
   */
  constructor(
    private readonly encoder: Encoder | DeferredEncoder,
    private readonly sampleRate: number,
    private readonly packetSamples: number,
    private readonly onPacket: (payload: Uint8Array, samples: number, silent: boolean) => void,
  ) {
    const octets = 'output' in encoder ? encoder.output.length : 0;
    this.#payload = new Uint8Array(Math.ceil(packetSamples / encoder.frameSamples) * octets);
  }

  /** @param frames -1..1 @param rate Hz */
  push(frames: Float32Array, rate: number): void {
    if (this.#resampler?.from !== rate) this.#resampler = new Resampler(rate, this.sampleRate);
    const count = this.#resampler.process(frames, Math.min(frames.length, MAX_FRAMES), this.#resampled);
    for (let i = 0; i < count; i += 1) this.#take(this.#resampled[i] ?? 0);
  }

  /** Loudest sample since the last call, 0..1. */
  level(): number {
    const level = this.#level;
    this.#level = 0;
    return level;
  }

  /** Queues a tone. @param duration @param gap ms */
  playTone(low: number, high: number, duration: number, gap: number, done: () => void): void {
    this.#tones.push({
      low,
      high,
      samples: (duration * this.sampleRate) / 1000,
      gap: (gap * this.sampleRate) / 1000,
      done,
    });
  }

  /** Shows the encoder what the peer sends. */
  receive(payload: Uint8Array): void {
    if ('output' in this.encoder) this.encoder.receive?.(payload);
  }

  /** Ends its work: what waits to be said is not said. */
  close(): void {
    for (const tone of this.#tones.splice(0)) tone.done();
    if (!('output' in this.encoder)) this.encoder.close();
  }

  #take(sample: number): void {
    const magnitude = Math.abs(sample);
    if (magnitude > this.#level) this.#level = Math.min(1, magnitude);
    const tone = this.#tones[0];
    const value = tone !== undefined ? this.#toneSample(tone) : this.muted ? 0 : sample;
    this.encoder.input[this.#frameFill] = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
    this.#frameFill += 1;
    if (this.#frameFill < this.encoder.frameSamples) return;
    this.#frameFill = 0;
    if (!('output' in this.encoder)) {
      this.encoder.encode();
      return;
    }
    const octets = this.encoder.encode();
    for (let i = 0; i < octets; i += 1) this.#payload[this.#packetFill + i] = this.encoder.output[i] ?? 0;
    this.#packetFill += octets;
    this.#packetSamples += this.encoder.frameSamples;
    if (this.#packetSamples < this.packetSamples) return;
    const { silent = false } = this.encoder;
    this.onPacket(this.#payload.subarray(0, this.#packetFill), this.#packetSamples, silent);
    this.#packetFill = 0;
    this.#packetSamples = 0;
  }

  #toneSample(tone: DualTone): number {
    const at = this.#toneAt;
    this.#toneAt += 1;
    if (this.#toneAt >= tone.samples + tone.gap) {
      this.#tones.shift();
      this.#toneAt = 0;
      tone.done();
    }
    if (at >= tone.samples) return 0;
    const t = (2 * Math.PI * at) / this.sampleRate;
    // RFC 4733 and ITU-T Q.23 levels: -9 and -7 dBm0, about 0.25 and 0.31 of full scale.
    return 0.25 * Math.sin(tone.low * t) + 0.31 * Math.sin(tone.high * t);
  }
}
