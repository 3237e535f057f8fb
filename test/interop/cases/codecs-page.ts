import assert from 'node:assert/strict';
import { resample } from '../../sound/resample.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, type Lab } from '../lab.js';
import type { PageStage } from '../peers/page-stage.js';
import type { Suite } from '../suite.js';
import { accountOf, PAGE_SPEECH_LIMIT } from './page-baresip.js';

/** What only a browser has, and a wide-band kernel of ours. */
const CODECS = [
  { name: 'opus', theirs: 'opus/48000/2', module: 'opus', sampleRate: 48_000, channels: 2, tone: 20, speech: 0.75 },
  { name: 'AMR-WB', theirs: 'AMR-WB/16000/1', module: 'amr', sampleRate: 16_000, channels: 1, tone: 15, speech: 0.75 },
] as const;

/** baresip calls the page with one codec: it says a tone, the microphone speech, both record. */
export async function codecsOnPage(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  for (const codec of CODECS)
    await suite.check(`page and baresip talk by ${codec.name}`, () => talk(lab, stage, codec));
}

async function talk(lab: Lab, stage: PageStage, codec: (typeof CODECS)[number]): Promise<string> {
  await lab.kamailio.forget('alice');
  const phone = await stage.open(accountOf(lab, 'udp'));
  const sound = lab.sounds.toneFileAt(codec.sampleRate, codec.channels);
  const baresip = await lab.baresip({ codec: codec.theirs, codecModule: codec.module, sound });
  try {
    baresip.dial('sip:alice@ims.test');
    await phone.call('ringing-in');
    await phone.button('Answer').click();
    await baresip.waitFor('CALL_ESTABLISHED', 8000);
    await phone.call('active');
    await phone.hearing();
    await stage.startHearing();
    await pause(4000);
    const heard = await stage.heard();
    const [call] = (await phone.snapshot()).calls.slice(-1);
    assert.equal(call?.quality?.codec, codec.name);
    await phone.button('Hang up').click();
    await baresip.waitFor('CALL_CLOSED', 8000);
    await phone.idle();
    const theirs = resample(baresip.heard(), 8000);
    const limit = Math.min(codec.speech, PAGE_SPEECH_LIMIT);
    return `page heard ${judgeTone(heard, codec.tone)}; baresip: ${judgeSpeech(lab.sounds.speech, theirs, limit)}`;
  } finally {
    await baresip.stop();
  }
}
