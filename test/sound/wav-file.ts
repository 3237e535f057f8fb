import { readFileSync, writeFileSync } from 'node:fs';
import { parseWav, printWav } from '../../src/media/audio/wav.js';

/** Sound as it is measured: one channel, signed 16 bit. */
export interface Sound {
  /** Hz */
  readonly sampleRate: number;
  readonly samples: Int16Array;
}

/** @throws Error if the file is absent or no WAV file */
export function readWav(path: string): Sound {
  const sound = parseWav(readFileSync(path));
  if (sound === null) throw new Error(`${path} is no WAV file of 16-bit PCM`);
  return { sampleRate: sound.sampleRate, samples: Int16Array.from(sound.samples, (s) => Math.round(s * 32768)) };
}

export function writeWav(path: string, sound: Sound): void {
  const samples = Float32Array.from(sound.samples, (s) => s / 32768);
  writeFileSync(path, printWav({ sampleRate: sound.sampleRate, samples }));
}
