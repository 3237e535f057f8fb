import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../../src/ims/account.js';
import type { PhoneOnPage } from '../../e2e/phone.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, TRANSPORTS, type Lab, type Transport } from '../lab.js';
import type { Baresip } from '../peers/baresip.js';
import type { PageStage } from '../peers/page-stage.js';
import type { Suite } from '../suite.js';

/**
 * The microphone's file is played by Chromium at 44.1 kHz and resampled on its way, and clocks differ: less alike than
 * what the command line plays.
 */
export const PAGE_SPEECH_LIMIT = 0.85;
const TALK = 5000;

/** The page in Chromium through the companion, Kamailio, baresip. baresip says a tone, the microphone speech. */
export async function pageWithBaresip(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  const baresip = await lab.baresip({ answer: 'manual' });
  try {
    for (const transport of TRANSPORTS) await overTransport(suite, lab, stage, baresip, transport);
  } finally {
    await baresip.stop();
  }
}

async function overTransport(
  suite: Suite,
  lab: Lab,
  stage: PageStage,
  baresip: Baresip,
  transport: Transport,
): Promise<void> {
  const name = `page over ${transport}`;
  const opened: PhoneOnPage[] = [];
  await suite.check(`${name} registers at Kamailio by digest`, async () => {
    await lab.kamailio.forget('alice');
    opened.push(await stage.open(accountOf(lab, transport)));
    const contacts = await lab.kamailio.contacts('alice');
    assert.equal(contacts.length, 1);
    assert.equal(/transport=(\w+)/.exec(contacts[0] ?? '')?.[1] ?? 'udp', transport);
    return contacts[0];
  });
  const [phone] = opened;
  if (!phone) return;
  await suite.check(`${name} calls baresip and hangs up`, () => callsBaresip(lab, stage, phone, baresip, 'page'));
  await suite.check(`${name} calls baresip, which hangs up`, () => callsBaresip(lab, stage, phone, baresip, 'baresip'));
  await suite.check(`${name} is called by baresip and hangs up`, () => isCalled(lab, stage, phone, baresip, 'page'));
  await suite.check(`${name} is called by baresip, which hangs up`, () =>
    isCalled(lab, stage, phone, baresip, 'baresip'),
  );
  await suite.check(
    `${name} leaves Kamailio when it is closed, and not when it is loaded again; baresip hears the end of the call by either`,
    () => leaves(lab, stage, phone, baresip),
  );
}

async function leaves({ kamailio }: Lab, stage: PageStage, phone: PhoneOnPage, baresip: Baresip): Promise<string> {
  const before = await kamailio.contacts('alice');
  const called = await ringsAtBaresip(phone, baresip);
  baresip.accept();
  await phone.call('active');
  await pause(300);
  await stage.reload();
  await baresip.waitFor('CALL_CLOSED', 2000, called);
  await phone.registered();
  await pause(1000);
  const after = await kamailio.contacts('alice');
  assert.deepEqual([before.length, after.length], [1, 1]);
  assert.notEqual(after[0], before[0], 'the page has a new socket');
  const rings = await ringsAtBaresip(phone, baresip);
  await pause(300);
  await stage.leave();
  const start = Date.now();
  await baresip.waitFor('CALL_CLOSED', 2000, rings);
  while ((await kamailio.contacts('alice')).length > 0) {
    assert.ok(Date.now() - start < 2000, 'the contact of the closed page is still there');
    await pause(50);
  }
  return `gone after ${Date.now() - start} ms`;
}

/** @returns the number of baresip's events before */
async function ringsAtBaresip(phone: PhoneOnPage, baresip: Baresip): Promise<number> {
  const from = baresip.events.length;
  await phone.dial('bob@ims.test');
  await baresip.waitFor('CALL_INCOMING', 20_000, from);
  await phone.call('ringing-out');
  return from;
}

export function accountOf(lab: Lab, transport: Transport): Account {
  const { identity, password } = lab.kamailio.subscriber('alice');
  const tls =
    transport === 'tls' ? { authorities: [readFileSync(join(lab.kamailio.tlsFolder, 'ca.crt'), 'utf8')] } : {};
  return { publicIdentity: identity, password, proxy: lab.kamailio.proxy(transport), ...tls };
}

type End = 'page' | 'baresip';

async function callsBaresip(
  lab: Lab,
  stage: PageStage,
  phone: PhoneOnPage,
  baresip: Baresip,
  end: End,
): Promise<string> {
  const from = await ringsAtBaresip(phone, baresip);
  baresip.accept();
  return talk(lab, stage, phone, baresip, end, from);
}

async function isCalled(lab: Lab, stage: PageStage, phone: PhoneOnPage, baresip: Baresip, end: End): Promise<string> {
  const from = baresip.events.length;
  baresip.dial('sip:alice@ims.test');
  await phone.call('ringing-in');
  await phone.button('Answer').click();
  return talk(lab, stage, phone, baresip, end, from);
}

async function talk(
  lab: Lab,
  stage: PageStage,
  phone: PhoneOnPage,
  baresip: Baresip,
  end: End,
  from: number,
): Promise<string> {
  await baresip.waitFor('CALL_ESTABLISHED', 20_000, from);
  await phone.call('active');
  await phone.hearing();
  await stage.startHearing();
  await pause(TALK);
  const heard = await stage.heard();
  const quality = (await phone.snapshot()).calls.at(-1)?.quality;
  if (end === 'page') await phone.button('Hang up').click();
  else baresip.hangup();
  await baresip.waitFor('CALL_CLOSED', 20_000, from);
  const { calls } = await phone.idle();
  assert.ok(
    calls.every((call) => call.failure === null),
    JSON.stringify(calls),
  );
  const playout = `playout ${quality?.playoutDelayMs.toFixed(0)} ms, concealed ${((quality?.concealedRatio ?? 1) * 100).toFixed(2)} %`;
  const speech = judgeSpeech(lab.sounds.speech, baresip.heard(), PAGE_SPEECH_LIMIT);
  return `page heard ${judgeTone(heard)}, ${playout}; baresip: ${speech}`;
}
