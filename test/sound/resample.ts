import { Resampler } from '../../src/media/audio/resampler.js';
import type { Sound } from './wav-file.js';

const BLOCK = 4096;

/** The same sound at another rate, Hz. */
export function resample(sound: Sound, sampleRate: number): Sound {
  if (sound.sampleRate === sampleRate || sound.samples.length === 0) return { ...sound, sampleRate };
  const resampler = new Resampler(sound.sampleRate, sampleRate);
  const out = new Float32Array(Math.ceil((sound.samples.length * sampleRate) / sound.sampleRate) + BLOCK);
  let length = 0;
  for (let at = 0; at < sound.samples.length; at += BLOCK) {
    const block = Float32Array.from(sound.samples.subarray(at, at + BLOCK));
    length += resampler.process(block, block.length, out.subarray(length));
  }
  return {
    sampleRate,
    samples: Int16Array.from(out.subarray(0, length), (s) => Math.max(-32768, Math.min(32767, Math.round(s)))),
  };
}
