import type { Sound } from './wav-file.js';

/** A sine. @param amplitude 0..1 of full scale */
export function sine(frequency: number, seconds: number, sampleRate = 8000, amplitude = 0.3): Sound {
  const samples = new Int16Array(Math.round(seconds * sampleRate));
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.round(32767 * amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate));
  }
  return { sampleRate, samples };
}

/**
 * Something that has the shape of speech and repeats nowhere, where no real speech is at hand:
 * noise in syllables of varying pitch, from a fixed seed.
 */
export function syllables(seconds: number, sampleRate = 8000, seed = 7): Sound {
  const samples = new Int16Array(Math.round(seconds * sampleRate));
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  let pitch = 120;
  let level = 0;
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    const inSyllable = i % Math.round(sampleRate * 0.18);
    if (inSyllable === 0) {
      pitch = 90 + 160 * random();
      level = 0.1 + 0.3 * random();
    }
    phase += pitch / sampleRate;
    const envelope = Math.sin((Math.PI * inSyllable) / (sampleRate * 0.18));
    const buzz =
      Math.sin(2 * Math.PI * phase) + 0.5 * Math.sin(6 * Math.PI * phase + 1) + 0.25 * Math.sin(14 * Math.PI * phase);
    samples[i] = Math.round(12000 * level * envelope * (buzz + 0.3 * (random() - 0.5)));
  }
  return { sampleRate, samples };
}
