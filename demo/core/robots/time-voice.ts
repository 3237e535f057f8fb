import type { Clock } from '../../../src/platform/clock.js';
import { VOICE_RATE, type Voice } from './voice.js';

const PIP = 0.1;
const MINUTE_PIP = 0.5;
const LEVEL = 0.25;

/** The time signal: a pip of 1 kHz on each second, a long one on the minute. */
export class TimeVoice implements Voice {
  /** Wall-clock time of the next sample, ms. */
  #now: number | null = null;

  constructor(private readonly clock: Clock) {}

  speak(out: Float32Array): void {
    this.#now ??= this.clock.wallTime();
    for (let i = 0; i < out.length; i++, this.#now += 1000 / VOICE_RATE) {
      const seconds = this.#now / 1000;
      const within = seconds % 1;
      const length = Math.floor(seconds) % 60 === 0 ? MINUTE_PIP : PIP;
      if (within < length) out[i] = LEVEL * Math.sin(2 * Math.PI * 1000 * within);
    }
  }
}
