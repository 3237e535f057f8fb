import type { Decoder } from '../codec.js';

/** As many packets as the jitter buffer holds. */
const PLACES = 256;
/** 120 ms at 48 kHz. */
const MAX_SAMPLES = 5760;

/**
 * Sound that waits in the jitter buffer: a packet's samples stay here, and the octet that says where stands for them. To the
 * buffer it is a decoder like the others.
 */
export class PcmStore implements Decoder {
  readonly frameSamples = 960;
  readonly input = new Uint8Array(1);
  readonly output = new Int16Array(MAX_SAMPLES);
  readonly #places: (Int16Array | null)[] = new Array<Int16Array | null>(PLACES).fill(null);
  readonly #payload = new Uint8Array(1);

  /** @returns what goes into the jitter buffer, valid until the next `keep` */
  keep(sequenceNumber: number, pcm: Int16Array): Uint8Array {
    this.#payload[0] = sequenceNumber % PLACES;
    this.#places[sequenceNumber % PLACES] = pcm;
    return this.#payload;
  }

  decode(length: number): number {
    const place = this.input[0] ?? 0;
    const pcm = length === 1 ? this.#places[place] : null;
    if (pcm == null) return 0;
    this.#places[place] = null;
    const samples = Math.min(pcm.length, MAX_SAMPLES);
    for (let i = 0; i < samples; i += 1) this.output[i] = pcm[i] ?? 0;
    return samples;
  }

  /** The jitter buffer conceals by itself. */
  conceal(): number {
    this.output.fill(0, 0, this.frameSamples);
    return this.frameSamples;
  }

  reset(): void {
    this.#places.fill(null);
  }
}
