import { join } from 'node:path';
import { resample } from '../../sound/resample.js';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import { Baresip } from '../peers/baresip.js';
import { ImsCommand } from '../peers/ims-command.js';
import type { Suite } from '../suite.js';

/** A codec that Debian's baresip has. */
interface PeerCodec {
  /** For `ims --codec`. */
  readonly ours: string;
  /** In baresip's words. */
  readonly theirs: string;
  readonly module: string;
  readonly sampleRate: number;
  /** dB that the tone must stand above the rest after the codec, and how much alike speech must be: what the codec leaves of both. */
  readonly tone: number;
  readonly speech: number;
}

const CODECS: readonly PeerCodec[] = [
  { ours: 'PCMU', theirs: 'PCMU/8000/1', module: 'g711', sampleRate: 8000, tone: 30, speech: 0.95 },
  { ours: 'G722', theirs: 'G722/16000/1', module: 'g722', sampleRate: 16_000, tone: 25, speech: 0.95 },
  { ours: 'GSM', theirs: 'GSM/8000/1', module: 'gsm', sampleRate: 8000, tone: 15, speech: 0.9 },
  { ours: 'L16/8000', theirs: 'L16/8000/1', module: 'l16', sampleRate: 8000, tone: 30, speech: 0.95 },
  { ours: 'L16/16000', theirs: 'L16/16000/1', module: 'l16', sampleRate: 16_000, tone: 30, speech: 0.95 },
  { ours: 'AMR', theirs: 'AMR/8000/1', module: 'amr', sampleRate: 8000, tone: 15, speech: 0.85 },
  { ours: 'AMR-WB', theirs: 'AMR-WB/16000/1', module: 'amr', sampleRate: 16_000, tone: 15, speech: 0.85 },
];

/** `ims` and baresip without a proxy, a call for each codec: baresip says a tone, we say speech, both record. */
export async function codecsWithBaresip(suite: Suite, lab: Lab): Promise<void> {
  const calls = CODECS.map(
    (codec) => () => suite.check(`ims and baresip talk by ${codec.ours}`, () => talk(lab, codec)),
  );
  // They wait more than they work.
  const worker = async (): Promise<void> => {
    for (let next = calls.shift(); next; next = calls.shift()) await next();
  };
  await Promise.all([worker(), worker(), worker()]);
}

async function talk(lab: Lab, codec: PeerCodec): Promise<string> {
  const baresip = await Baresip.start({
    folder: lab.fresh('baresip'),
    account: { user: 'bob', identity: 'sip:bob@127.0.0.1', privateIdentity: 'bob', password: 'none' },
    proxy: null,
    sound: lab.sounds.toneFileAt(codec.sampleRate),
    codec: codec.theirs,
    codecModule: codec.module,
    answer: 'auto',
  });
  try {
    const file = join(lab.fresh('codec'), 'heard.wav');
    const args = ['call', `sip:bob@127.0.0.1:${baresip.port}`, '--codec', codec.ours, '--duration', '4'];
    const command = new ImsCommand([...args, '--play', lab.sounds.speechFile, '--record', file], {
      publicIdentity: 'sip:alice@127.0.0.1',
      register: false,
    });
    await baresip.waitFor('CALL_ESTABLISHED', 12_000);
    await baresip.waitFor('CALL_CLOSED', 12_000);
    await command.ended();
    const heard = resample(baresip.heard(), 8000);
    return `we heard ${judgeTone(readWav(file), codec.tone)}; baresip: ${judgeSpeech(lab.sounds.speech, heard, codec.speech)}`;
  } finally {
    await baresip.stop();
  }
}
