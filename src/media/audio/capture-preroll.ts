import type { AudioEngine, CaptureStream } from './audio-engine.js';

interface Block {
  readonly frames: Float32Array;
  readonly rate: number;
}

/** Kept before there is anybody to send to: one packet of 20 ms, and what resampling holds back, ms. */
const KEPT = 30;
/** Of the silence that stands in for a microphone that has not opened, Hz: what most sound cards run at. */
const USUAL_RATE = 48_000;

/**
 * Listens to the microphone from the moment a call is set up, and keeps the newest moment of it: the first packet
 * then leaves as soon as offer and answer agree, not a packet time later. What a microphone that is still opening has
 * not delivered is silence: the first packet opens the way through address translators, and waits for no one.
 */
export class CapturePreroll {
  readonly #stream: CaptureStream;
  #blocks: Block[] = [];
  #sink: ((frames: Float32Array, rate: number) => void) | null = null;

  constructor(audio: AudioEngine) {
    this.#stream = audio.openCapture((frames, rate) => {
      if (this.#sink !== null) this.#sink(frames, rate);
      else this.#keep(frames, rate);
    });
  }

  /** Passes on what was kept, and then everything as it comes. Again: changes nothing. */
  connect(sink: (frames: Float32Array, rate: number) => void): void {
    if (this.#sink !== null) return;
    this.#sink = sink;
    const rate = this.#blocks[0]?.rate ?? USUAL_RATE;
    const missing = Math.ceil(((KEPT - duration(this.#blocks)) / 1000) * rate);
    if (missing > 0) sink(new Float32Array(missing), rate);
    for (const { frames, rate } of this.#blocks.splice(0)) sink(frames, rate);
  }

  close(): void {
    this.#stream.close();
    this.#blocks = [];
  }

  #keep(frames: Float32Array, rate: number): void {
    this.#blocks.push({ frames: frames.slice(), rate });
    while (duration(this.#blocks.slice(1)) >= KEPT) this.#blocks.shift();
  }
}

/** ms */
const duration = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { frames, rate }) => sum + (frames.length / rate) * 1000, 0);
