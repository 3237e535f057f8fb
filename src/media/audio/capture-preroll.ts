import type { AudioEngine, CaptureStream } from './audio-engine.js';

/** Kept before there is anybody to send to: one packet of 20 ms, and what resampling holds back, ms. */
const KEPT = 30;

/**
 * Listens to the microphone from the moment a call is set up, and keeps the newest moment of it: the first packet
 * then leaves as soon as offer and answer agree, not a packet time later.
 */
export class CapturePreroll {
  readonly #stream: CaptureStream;
  #blocks: { readonly frames: Float32Array; readonly rate: number }[] = [];
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
    for (const { frames, rate } of this.#blocks.splice(0)) sink(frames, rate);
  }

  close(): void {
    this.#stream.close();
    this.#blocks = [];
  }

  #keep(frames: Float32Array, rate: number): void {
    this.#blocks.push({ frames: frames.slice(), rate });
    let kept = this.#blocks.reduce((sum, block) => sum + (block.frames.length / block.rate) * 1000, 0);
    for (;;) {
      const oldest = this.#blocks[0];
      const length = oldest === undefined ? 0 : (oldest.frames.length / oldest.rate) * 1000;
      if (oldest === undefined || kept - length < KEPT) return;
      kept -= length;
      this.#blocks.shift();
    }
  }
}
