import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alaw } from '../sound/alaw.js';
import { sine, syllables } from '../sound/synthetic.js';
import { readWav, writeWav, type Sound } from '../sound/wav-file.js';

const SPEECH = '../shared/vectors/speech/espeak_f_8k.wav';

/** What the ends of a call say. */
export interface Sounds {
  readonly tone: Sound;
  readonly toneFile: string;
  /** The same tone at another rate, as a file. */
  toneFileAt(sampleRate: number): string;
  readonly speech: Sound;
  readonly speechFile: string;
}

/** Writes a tone of 440 Hz and speech (made noise, where there is none) to `folder`; `tone.alaw` is for SIPp. */
export function makeSounds(folder: string): Sounds {
  const tone = sine(440, 30);
  const speech = existsSync(SPEECH) ? readWav(SPEECH) : syllables(6);
  const toneFileAt = (sampleRate: number): string => {
    const file = join(folder, `tone-${sampleRate}.wav`);
    if (!existsSync(file)) writeWav(file, sine(440, 30, sampleRate));
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
