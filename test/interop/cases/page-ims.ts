import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '../../../src/components/strings/en.js';
import type { Account } from '../../../src/ims/account.js';
import type { FailureReason } from '../../../src/ims/failure.js';
import type { PhoneOnPage } from '../../e2e/phone.js';
import { pinOf } from '../../net/certificates.js';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, TRANSPORTS, type Lab, type Transport } from '../lab.js';
import { ImsCommand } from '../peers/ims-command.js';
import { AKA_KEYS, ImsCore } from '../peers/ims-core.js';
import type { PageStage } from '../peers/page-stage.js';
import type { Suite } from '../suite.js';
import { PAGE_SPEECH_LIMIT } from './page-baresip.js';

/** Above all that the lab's HSS gives out: the UE is ahead of the network. */
const AHEAD = 'ffbb00000000';
/** s, ms */
const TALK = 5;
/** A phone that tries again by itself does so well within that, ms. */
const QUIET = 4000;

type Side = 'page' | 'bob';
const CALLS: readonly (readonly [transport: Transport, caller: Side, ends: Side])[] = [
  ['udp', 'page', 'page'],
  ['tcp', 'page', 'bob'],
  ['tls', 'bob', 'page'],
  ['udp', 'bob', 'bob'],
];

/** The page in Chromium at a real P-, I- and S-CSCF with an HSS. */
export async function pageWithIms(suite: Suite, lab: Lab, stage: PageStage): Promise<void> {
  const core = new ImsCore(join(lab.folder, 'page-ims'));
  const checks: (readonly [name: string, run: () => Promise<string | undefined>])[] = [];
  for (const transport of TRANSPORTS) {
    checks.push(
      [
        `page registers, refreshes and leaves at an IMS core by AKAv1-MD5 over ${transport}`,
        () => lives(core, stage, byKeys(core, transport), 'Digest-AKAv1-MD5'),
      ],
      [
        `page registers, refreshes and leaves at an IMS core by digest over ${transport}`,
        () => lives(core, stage, byPassword(core, transport), 'Digest-MD5'),
      ],
    );
  }
  for (const [transport, caller, ends] of CALLS) {
    const name = caller === 'page' ? 'page calls bob' : 'bob calls the page';
    checks.push([
      `${name} through an IMS core over ${transport}, ${ends} hangs up, both are heard`,
      () => calls(lab, core, stage, transport, caller, ends),
    ]);
  }
  checks.push(
    ['page is loaded again and its sequence numbers still fit the IMS core', () => reloads(core, stage)],
    [
      'page with another AKA key does not believe the IMS core, says so, and rests',
      () =>
        fails(core, stage, { ...byKeys(core), aka: { ...AKA_KEYS.alice, k: '0'.repeat(32) } }, 'network-not-trusted'),
    ],
    [
      'page with a wrong password is refused by the IMS core, says so, and rests',
      () => fails(core, stage, { ...byPassword(core), password: 'wrong' }, 'credentials-rejected'),
    ],
    [
      'page with another pin than the key of the P-CSCF says so, and does not speak to it',
      () => mistrusts(core, stage),
    ],
    // The last: it moves the HSS on.
    ['page ahead of the IMS core resynchronises it by AUTS', () => resynchronises(core, stage)],
  );
  if (!checks.some(([name]) => suite.wants(name))) return;
  try {
    await core.start();
    for (const [name, run] of checks) await suite.check(name, run);
  } catch (error) {
    suite.fail('the IMS core of the page', error);
  } finally {
    await core.stop();
  }
}

/** By TLS the key of the P-CSCF is pinned. */
function way(core: ImsCore, transport: Transport): Pick<Account, 'proxy' | 'authorities' | 'tls'> {
  const proxy = core.proxy(transport);
  if (transport !== 'tls') return { proxy };
  const [authority, certificate] = [core.authorityFile, core.certificateFile].map((file) => readFileSync(file, 'utf8'));
  return { proxy, authorities: [authority ?? ''], tls: { pins: [pinOf(certificate ?? '')] } };
}

function byKeys(core: ImsCore, transport: Transport = 'udp'): Account {
  return { publicIdentity: `sip:alice@${core.domain}`, aka: AKA_KEYS.alice, ...way(core, transport) };
}

function byPassword(core: ImsCore, transport: Transport = 'udp'): Account {
  return { publicIdentity: `sip:carol@${core.domain}`, password: 'carol-secret', ...way(core, transport) };
}

async function lives(core: ImsCore, stage: PageStage, wanted: Account, scheme: string): Promise<string> {
  const before = core.hssLog.length;
  const phone = await stage.open(wanted).catch((error: unknown) => {
    // Whether the S-CSCF asked for one vector or for several tells who was wrong.
    throw new Error(`the HSS was asked:\n${core.hssLog.slice(before)}`, { cause: error });
  });
  // The S-CSCF's own word on it, by the reg event.
  const { registration } = await phone.until(
    (s) => s.registration.identities.some(({ event }) => event === 'registered'),
    'the reg event',
  );
  await phone.registerAgain();
  await phone.until(
    (s) => s.registration.state === 'registered' && s.registration.since > registration.since,
    'refresh',
  );
  await phone.unregister();
  await phone.until((s) => s.registration.state === 'unregistered', 'de-registration');
  const told = core.hssLog.slice(before);
  assert.ok(told.includes(`-> ${scheme}\n`), `the HSS gave no ${scheme}`);
  assert.match(told, /-> REGISTERED/);
  assert.match(told, /-> NOT_REGISTERED/);
  return `${(told.match(/MAR /g) ?? []).length} challenges`;
}

/** Alice's page and Bob's `ims`, both registered by AKA. Bob says a tone, the microphone of the page speech. */
async function calls(
  lab: Lab,
  core: ImsCore,
  stage: PageStage,
  transport: Transport,
  caller: Side,
  ends: Side,
): Promise<string> {
  const phone = await stage.open(byKeys(core, transport));
  const file = join(lab.fresh('bob'), 'heard.wav');
  const command = caller === 'bob' ? ['call', `sip:alice@${core.domain}`] : ['answer'];
  const sound = ['--codec', 'PCMA', '--play', lab.sounds.toneFile, '--repeat', '--record', file];
  const duration = ends === 'bob' ? ['--duration', String(TALK)] : [];
  const bob = new ImsCommand([...command, ...sound, ...duration], {
    publicIdentity: `sip:bob@${core.domain}`,
    aka: AKA_KEYS.bob,
    proxy: core.proxy(transport),
    ...(transport === 'tls' ? { authorityFile: core.authorityFile } : {}),
  });
  try {
    await bob.waitFor('registration', 'registered');
    if (caller === 'page') await phone.dial(`bob@${core.domain}`);
    else {
      await phone.call('ringing-in');
      await phone.button('Answer').click();
    }
    await phone.call('active');
    await phone.hearing();
    await stage.startHearing();
    if (ends === 'page') {
      await pause(TALK * 1000);
      await phone.button('Hang up').click();
    }
    const { calls: ended } = await phone.idle();
    await bob.ended();
    const heard = await stage.heard();
    assert.deepEqual(
      ended.map(({ failure }) => failure),
      [null],
    );
    // The P-CSCF asserts who calls, each to the other.
    if (caller === 'page') assert.match(bob.output, /P-Asserted-Identity:[^\r\n]*sip:alice@ims\.test/i);
    else assert.equal(ended[0]?.remote.uri, `sip:bob@${core.domain}`);
    const speech = judgeSpeech(lab.sounds.speech, readWav(file), PAGE_SPEECH_LIMIT);
    return `page heard ${judgeTone(heard)}; bob: ${speech}`;
  } finally {
    await bob.stop();
    await phone.unregister();
  }
}

async function reloads(core: ImsCore, stage: PageStage): Promise<string> {
  const before = core.hssLog.length;
  const phone = await stage.open(byKeys(core));
  await stage.reload();
  await phone.registered();
  await phone.unregister();
  const told = core.hssLog.slice(before);
  assert.doesNotMatch(told, /resync/);
  assert.equal((told.match(/-> REGISTERED/g) ?? []).length, 2);
  return 'no resynchronisation';
}

/** The page names cause and remedy, the HSS takes nobody for registered, and after that all is quiet. */
async function fails(core: ImsCore, stage: PageStage, wanted: Account, reason: FailureReason): Promise<string> {
  const before = core.hssLog.length;
  const phone: PhoneOnPage = await stage.show(wanted);
  const { registration } = await phone.until((s) => s.registration.failure !== null, 'a named failure');
  assert.deepEqual(
    [registration.state, registration.failure?.reason, registration.failure?.retryAfter],
    ['unregistered', reason, undefined],
  );
  const sentence = await explains(stage, reason);
  const told = core.hssLog.slice(before);
  await pause(QUIET);
  assert.equal(core.hssLog.slice(before), told, 'it tries again and again');
  assert.doesNotMatch(told, /-> REGISTERED/);
  return `${(told.match(/MAR /g) ?? []).length} challenges, "${sentence}"`;
}

/** Waits until cause and remedy are on the page. @returns the cause */
async function explains(stage: PageStage, reason: FailureReason): Promise<string> {
  const { sentence, remedy } = en.failures[reason];
  for (const text of [sentence, remedy]) await stage.accountElement.getByText(text).first().waitFor({ timeout: 5000 });
  return sentence;
}

async function mistrusts(core: ImsCore, stage: PageStage): Promise<string> {
  const before = core.hssLog.length;
  const pins = [pinOf(readFileSync(core.authorityFile, 'utf8'))];
  const phone = await stage.show({ ...byPassword(core, 'tls'), tls: { pins } });
  const { registration } = await phone.until((s) => s.registration.failure !== null, 'a named failure');
  assert.equal(registration.failure?.reason, 'tls-pinned');
  assert.equal(core.hssLog.slice(before), '', 'nothing was said to it');
  return explains(stage, 'tls-pinned');
}

async function resynchronises(core: ImsCore, stage: PageStage): Promise<string> {
  const before = core.hssLog.length;
  const phone = await stage.open({ ...byKeys(core), aka: { ...AKA_KEYS.alice, sqn: AHEAD } });
  await phone.unregister();
  const told = core.hssLog.slice(before);
  assert.match(told, new RegExp(`resync: MAC-S ok SQN_MS ${AHEAD}`));
  return /resync.*/.exec(told)?.[0] ?? '';
}
