import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alaw } from '../sound/alaw.js';
import { sine, syllables } from '../sound/synthetic.js';
import { readWav, writeWav, type Sound } from '../sound/wav-file.js';

const SPEECH = '../shared/vectors/speech/espeak_f_8k.wav';

/** What the ends of a call say. */
export interface Sounds {
  readonly tone: Sound;
  readonly toneFile: string;
  /** The same tone at another rate, in one channel or two, as a file. */
  toneFileAt(sampleRate: number, channels?: 1 | 2): string;
  readonly speech: Sound;
  readonly speechFile: string;
}

/** Writes a tone of 440 Hz and speech (made noise, where there is none) to `folder`; `tone.alaw` is for SIPp. */
export function makeSounds(folder: string): Sounds {
  const tone = sine(440, 30);
  const speech = existsSync(SPEECH) ? readWav(SPEECH) : syllables(6);
  const toneFileAt = (sampleRate: number, channels: 1 | 2 = 1): string => {
    const file = join(folder, `tone-${sampleRate}-${channels}.wav`);
    if (!existsSync(file)) writeTone(file, sine(440, 30, sampleRate), channels);
    return file;
  };
  const sounds = {
    tone,
    toneFile: join(folder, 'tone.wav'),
    toneFileAt,
    speech,
    speechFile: join(folder, 'speech.wav'),
  };
  writeWav(sounds.toneFile, tone);
  writeWav(sounds.speechFile, speech);
  writeFileSync(join(folder, 'tone.alaw'), Uint8Array.from(tone.samples, alaw));
  return sounds;
}

function writeTone(file: string, { sampleRate, samples }: Sound, channels: 1 | 2): void {
  if (channels === 1) {
    writeWav(file, { sampleRate, samples });
    return;
  }
  // RIFF's header of one channel, told that its samples are pairs.
  writeWav(file, {
    sampleRate,
    samples: Int16Array.from({ length: 2 * samples.length }, (_, i) => samples[i >> 1] ?? 0),
  });
  const wav = readFileSync(file);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(4 * sampleRate, 28);
  wav.writeUInt16LE(4, 32);
  writeFileSync(file, wav);
}
