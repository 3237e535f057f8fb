import { join } from 'node:path';
import { resample } from '../../sound/resample.js';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, type Lab } from '../lab.js';
import { freePort } from '../peers/free-port.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { Linphone } from '../peers/linphone.js';
import { listening } from '../peers/listening.js';
import type { Suite } from '../suite.js';

const KEYS = ['1', '5', '#'];
/** What Speex leaves of a tone, dB above the rest, and of speech. */
const TONE = 15;
const SPEECH = 0.8;
const ACCOUNT: CommandAccount = { publicIdentity: 'sip:alice@127.0.0.1', register: false };

/** `ims` and Linphone without a proxy: Linphone says a tone, we say speech, both record. */
export async function commandWithLinphone(suite: Suite, lab: Lab): Promise<void> {
  await suite.check('ims calls Linphone by speex/8000 and hangs up', () =>
    withLinphone(lab, 8000, async (linphone, sound) => {
      const target = `sip:bob@127.0.0.1:${linphone.port}`;
      const command = new ImsCommand(['call', target, '--codec', 'speex', '--duration', '4', ...sound], ACCOUNT);
      await command.ended();
    }),
  );
  await suite.check('Linphone calls ims by speex/16000, presses keys, holds, goes on, hangs up', () =>
    withLinphone(lab, 16_000, async (linphone, sound) => {
      const localPort = await freePort();
      const command = new ImsCommand(['answer', '--codec', 'speex/16000', ...sound], { ...ACCOUNT, localPort });
      await listening(localPort);
      linphone.line(`call sip:alice@127.0.0.1:${localPort}`);
      await command.waitFor('call', 'active');
      await pause(4000);
      for (const [index, key] of KEYS.entries()) {
        linphone.line(key);
        await command.waitForText(new RegExp(`(?:"event":"dtmf"[^]*){${index + 1}}"keys":"${key}"`));
      }
      linphone.line('pause');
      await command.waitForText(/"remoteHold":true/);
      await linphone.waitForText(/is now paused/);
      linphone.line('resume');
      await command.waitForText(/"remoteHold":true[^]*"remoteHold":false/);
      await pause(1000);
      linphone.line('terminate');
      await command.ended();
    }),
  );
}

async function withLinphone(
  lab: Lab,
  sampleRate: number,
  run: (linphone: Linphone, sound: readonly string[]) => Promise<void>,
): Promise<string> {
  const folder = lab.fresh('linphone');
  const file = join(folder, 'heard.wav');
  const linphone = await Linphone.start(folder, lab.sounds.toneFileAt(sampleRate));
  try {
    await run(linphone, ['--play', lab.sounds.speechFile, '--repeat', '--record', file]);
    const heard = resample(await linphone.heard(), 8000);
    return `we heard ${judgeTone(readWav(file), TONE)}; Linphone: ${judgeSpeech(lab.sounds.speech, heard, SPEECH)}`;
  } finally {
    await linphone.stop();
  }
}
