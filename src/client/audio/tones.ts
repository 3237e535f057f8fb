import type { CallTone } from '../call-tones.js';
import { renderCadence, renderKeyTone } from './cadence.js';

const LEVEL: Readonly<Record<CallTone | 'key', number>> = {
  ring: 0.35,
  'ring-back': 0.12,
  busy: 0.12,
  'call-waiting': 0.12,
  key: 0.12,
};
/** A tone that is cut off fades this long, s. */
const FADE_OUT = 0.02;

/** Ringing, supervisory tones and key feedback. Looped by the audio clock: a hidden page rings on. */
export class Tones {
  #playing: { readonly tone: CallTone; readonly source: AudioBufferSourceNode; readonly gain: GainNode } | null = null;

  constructor(
    private readonly context: BaseAudioContext,
    private readonly destination: AudioNode,
  ) {}

  /** The tone that plays, or null. */
  get current(): CallTone | null {
    return this.#playing?.tone ?? null;
  }

  /** Plays `tone` until another is asked for; null: none. The same again changes nothing. */
  play(tone: CallTone | null): void {
    if (this.#playing?.tone === tone) return;
    this.#fadeOut();
    if (tone === null) return;
    const { source, gain } = this.#start(renderCadence(tone, this.context.sampleRate), LEVEL[tone]);
    source.loop = true;
    this.#playing = { tone, source, gain };
  }

  /** @param key 0-9 A-D * #; others are silent */
  playKey(key: string): void {
    const samples = renderKeyTone(key, this.context.sampleRate);
    if (samples !== null) this.#start(samples, LEVEL.key);
  }

  #start(samples: Float32Array<ArrayBuffer>, level: number): { source: AudioBufferSourceNode; gain: GainNode } {
    const buffer = this.context.createBuffer(1, samples.length, this.context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    const gain = this.context.createGain();
    gain.gain.value = level;
    source.connect(gain).connect(this.destination);
    source.onended = () => gain.disconnect();
    source.start();
    return { source, gain };
  }

  #fadeOut(): void {
    if (this.#playing === null) return;
    const { source, gain } = this.#playing;
    this.#playing = null;
    const now = this.context.currentTime;
    gain.gain.setValueAtTime(gain.gain.value, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_OUT);
    source.stop(now + FADE_OUT);
  }
}
