import { VOICE_RATE, type Voice } from './voice.js';

/** One note: Hz (0: a rest) and seconds. */
export type Note = readonly [frequency: number, seconds: number];

const LEVEL = 0.25;
/** Rise and fall of a note without a click, s. */
const EDGE = 0.01;

/** A rising chime, and the 440 Hz that measurements like. */
export const CHIME: readonly Note[] = [
  [523.25, 0.25], [659.25, 0.25], [783.99, 0.25], [1046.5, 0.5], [0, 0.3],
  [440, 3], [0, 0.3],
  [1046.5, 0.25], [783.99, 0.25], [659.25, 0.25], [523.25, 0.5], [0, 0.3],
]; // prettier-ignore

/** Plays notes once, and is finished. */
export class MelodyVoice implements Voice {
  #note = 0;
  #at = 0;

  constructor(private readonly notes: readonly Note[]) {}

  get finished(): boolean {
    return this.#note >= this.notes.length;
  }

  speak(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) {
      const note = this.notes[this.#note];
      if (!note) return;
      const [frequency, seconds] = note;
      const time = this.#at / VOICE_RATE;
      const edge = Math.min(1, time / EDGE, Math.max(0, seconds - time) / EDGE);
      out[i] = frequency === 0 ? 0 : LEVEL * edge * Math.sin(2 * Math.PI * frequency * time);
      this.#at++;
      if (this.#at < seconds * VOICE_RATE) continue;
      this.#at = 0;
      this.#note++;
    }
  }
}
