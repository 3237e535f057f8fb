import type { Decoder } from '../codec.js';
import type { JitterBuffer, JitterStatistics } from '../jitter/jitter-buffer.js';

/** Two frames of 20 ms at 48 kHz. */
const ROOM = 1920;

/**
 * Discontinuous transmission as the ear meets it: behind a description of silence nothing comes, and nothing is lost. What the
 * jitter buffer puts in the place of missing packets gives way to the noise that was described, and is not counted.
 */
export class PauseFiller {
  /** Whose noise fills the pause; the last one is faded out when it is over. */
  #noise: Decoder | null = null;
  #last: Decoder | null = null;
  /** Noise that was made and not played. */
  readonly #frame = new Int16Array(ROOM);
  #from = 0;
  #to = 0;
  #concealed = 0;
  #interruptions = 0;

  /** The same decoder, seen by this. */
  watch(decoder: Decoder): Decoder {
    const seen = this.#facade(decoder);
    if (decoder.silent === undefined) return { ...seen, decode: (length) => this.#speech(decoder, length) };
    return { ...seen, decode: (length) => this.#either(decoder, length) };
  }

  /** Pulls from the buffer, and fills the pause. @param length as of {@link JitterBuffer.pull} */
  pull(
    buffer: JitterBuffer,
    out: Float32Array,
    length: number,
    decoders: readonly (Decoder | undefined)[],
    now: number,
  ): void {
    const was = this.#noise !== null;
    const { samplesConcealed, interruptions } = buffer;
    buffer.pull(out, length, decoders, now);
    if (!was && this.#noise === null) return;
    this.#concealed += buffer.samplesConcealed - samplesConcealed;
    this.#interruptions += buffer.interruptions - interruptions;
    const noise = this.#noise ?? this.#last;
    for (let i = 0; i < length; i += 1) {
      const fade = (i + 1) / (length + 1);
      const share = was ? (this.#noise === null ? 1 - fade : 1) : fade;
      out[i] = share * (this.#next(noise) / 32_768) + (1 - share) * (out[i] ?? 0);
    }
  }

  /** Another stream. */
  restart(): void {
    this.#noise = null;
    this.#from = this.#to;
  }

  /** Takes out of the buffer's counters what was a pause. */
  correct(statistics: JitterStatistics): void {
    statistics.samplesConcealed -= this.#concealed;
    statistics.samplesSilent += this.#concealed;
    statistics.interruptions -= this.#interruptions;
    // The buffer takes a pause for a packet that is awaited longer and longer.
    if (this.#noise !== null) statistics.currentDelay = Math.min(statistics.currentDelay, statistics.targetDelay);
  }

  #speech(decoder: Decoder, length: number): number {
    this.#noise = null;
    return decoder.decode(length);
  }

  #either(decoder: Decoder, length: number): number {
    const samples = decoder.decode(length);
    if (decoder.silent !== true) {
      this.#noise = null;
      return samples;
    }
    if (this.#noise === null) this.#from = this.#to = 0;
    this.#noise = decoder;
    this.#last = decoder;
    // The buffer's clock says when this frame is due, ours plays it in its turn; what would pile up is left out.
    if (this.#to - this.#from < samples) this.#keep(decoder.output, samples);
    return samples;
  }

  #next(decoder: Decoder | null): number {
    if (this.#from === this.#to) {
      if (decoder?.comfort === undefined) return 0;
      this.#keep(decoder.output, decoder.comfort());
    }
    const value = this.#frame[this.#from] ?? 0;
    if (this.#from < this.#to) this.#from += 1;
    return value;
  }

  #keep(pcm: Int16Array, samples: number): void {
    this.#frame.copyWithin(0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    const count = Math.min(samples, ROOM - this.#to);
    for (let i = 0; i < count; i += 1) this.#frame[this.#to + i] = pcm[i] ?? 0;
    this.#to += count;
  }

  #facade(decoder: Decoder): Omit<Decoder, 'decode'> {
    return {
      get frameSamples() {
        return decoder.frameSamples;
      },
      input: decoder.input,
      output: decoder.output,
      ...(decoder.concealsByItself === true ? { concealsByItself: true } : {}),
      // In a pause nothing is lost, and the decoder makes its noise.
      conceal: () => (this.#noise === null ? decoder.conceal() : 0),
      reset: () => decoder.reset(),
    };
  }
}
