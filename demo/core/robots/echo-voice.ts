import { dtmfFrequencies } from '../../../src/media/dtmf-frequencies.js';
import { VOICE_RATE, type Voice } from './voice.js';

/** Samples kept at most: a peer that hears faster than it lets us speak. */
const MAX_WAITING = VOICE_RATE;
const KEY_SAMPLES = VOICE_RATE * 0.2;
const KEY_LEVEL = 0.15;

/** Says what it hears, and a key's tone for each key pressed. */
export class EchoVoice implements Voice {
  readonly #waiting: Float32Array[] = [];
  #samples = 0;
  #tone: { readonly low: number; readonly high: number; at: number } | null = null;

  hear(frames: Float32Array): void {
    if (this.#samples + frames.length > MAX_WAITING) return;
    this.#waiting.push(frames.slice());
    this.#samples += frames.length;
  }

  key(tone: string): void {
    const pair = dtmfFrequencies(tone);
    if (pair) this.#tone = { ...pair, at: 0 };
  }

  speak(out: Float32Array): void {
    const block = this.#waiting.shift();
    if (block) {
      this.#samples -= block.length;
      out.set(block.subarray(0, out.length));
    }
    const tone = this.#tone;
    if (!tone) return;
    for (let i = 0; i < out.length && tone.at < KEY_SAMPLES; i++, tone.at++) {
      const angle = (2 * Math.PI * tone.at) / VOICE_RATE;
      out[i] = (out[i] ?? 0) + KEY_LEVEL * (Math.sin(angle * tone.low) + Math.sin(angle * tone.high));
    }
    if (tone.at >= KEY_SAMPLES) this.#tone = null;
  }
}
