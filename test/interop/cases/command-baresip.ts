import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech, judgeTone } from '../judge-sound.js';
import { pause, TRANSPORTS, type Lab, type Transport } from '../lab.js';
import type { Baresip } from '../peers/baresip.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import type { Suite } from '../suite.js';

/** `ims` and baresip, each registered at Kamailio. baresip says a tone, we say speech, both record. */
export async function commandWithBaresip(suite: Suite, lab: Lab): Promise<void> {
  for (const transport of TRANSPORTS) {
    const account = accountOf(lab, transport);
    await suite.check(`ims registers at Kamailio by digest over ${transport}`, () => registers(lab, account));
    await suite.check(`ims over ${transport} calls baresip and hangs up`, () =>
      withBaresip(lab, (b) => callsAndHangsUp(lab, account, b)),
    );
    await suite.check(`baresip calls ims over ${transport} and hangs up`, () =>
      withBaresip(lab, (b) => isCalledAndHungUp(lab, account, b)),
    );
  }
  const account = accountOf(lab, 'udp');
  await suite.check('ims calls baresip, which hangs up', () =>
    withBaresip(lab, (b) => callsAndIsHungUp(lab, account, b)),
  );
  await suite.check('baresip calls ims, which hangs up', () =>
    withBaresip(lab, (b) => isCalledAndHangsUp(lab, account, b)),
  );
  await suite.check('baresip gives up while ims rings', () => withBaresip(lab, (b) => isCancelled(account, b)));
  await suite.check('ims gives up while baresip rings', () => withBaresip(lab, (b) => cancels(account, b), 'manual'));
  await suite.check('ims and baresip press keys for each other (RFC 4733)', () =>
    withBaresip(lab, (b) => pressesKeys(account, b)),
  );
  await suite.check('ims refuses a call from baresip with 486', () => withBaresip(lab, (b) => refuses(account, b)));
  await suite.check('ims does not trust an authority that nobody named', async () => {
    const { authorityFile: _none, ...stranger } = accountOf(lab, 'tls');
    const command = new ImsCommand(['register'], stranger);
    await command.ended(3);
    assert.match(command.output, /tls-authority/);
    return undefined;
  });
  await suite.check('a wrong password is refused by Kamailio', async () => {
    const command = new ImsCommand(['register'], { ...account, password: 'wrong' });
    await command.ended(4);
    return undefined;
  });
}

export function accountOf(lab: Lab, transport: Transport): CommandAccount {
  const { identity, password } = lab.kamailio.subscriber('alice');
  const tls = transport === 'tls' ? { authorityFile: join(lab.kamailio.tlsFolder, 'ca.crt') } : {};
  return { publicIdentity: identity, password, proxy: lab.kamailio.proxy(transport), ...tls };
}

async function withBaresip(
  lab: Lab,
  run: (baresip: Baresip) => Promise<string | undefined>,
  answer: 'auto' | 'manual' = 'auto',
): Promise<string | undefined> {
  const baresip = await lab.baresip({ answer });
  try {
    return await run(baresip);
  } finally {
    await baresip.stop();
  }
}

async function registers(lab: Lab, account: CommandAccount): Promise<string> {
  const command = new ImsCommand(['register', '--keep'], account);
  await command.waitFor('registration', 'registered');
  const [contact] = await lab.kamailio.contacts('alice');
  assert.ok(contact, 'Kamailio has no contact of alice');
  await command.stop();
  assert.deepEqual(await lab.kamailio.contacts('alice'), [], 'Kamailio still has a contact after the farewell');
  return contact;
}

async function callsAndHangsUp(lab: Lab, account: CommandAccount, baresip: Baresip): Promise<string> {
  const file = join(lab.fresh('call'), 'heard.wav');
  const command = new ImsCommand(
    ['call', 'sip:bob@ims.test', '--play', lab.sounds.speechFile, '--record', file, '--duration', '5'],
    account,
  );
  await baresip.waitFor('CALL_ESTABLISHED');
  await baresip.waitFor('CALL_CLOSED', 20_000);
  await command.ended();
  return bothHeard(lab, file, baresip);
}

async function callsAndIsHungUp(lab: Lab, account: CommandAccount, baresip: Baresip): Promise<string> {
  const file = join(lab.fresh('call'), 'heard.wav');
  const command = new ImsCommand(
    ['call', 'sip:bob@ims.test', '--play', lab.sounds.speechFile, '--repeat', '--record', file],
    account,
  );
  await baresip.waitFor('CALL_ESTABLISHED');
  await pause(4000);
  baresip.hangup();
  await command.ended();
  return bothHeard(lab, file, baresip);
}

async function isCalledAndHungUp(lab: Lab, account: CommandAccount, baresip: Baresip): Promise<string> {
  const file = join(lab.fresh('answer'), 'heard.wav');
  const command = new ImsCommand(['answer', '--play', lab.sounds.speechFile, '--repeat', '--record', file], account);
  await command.waitFor('registration', 'registered');
  baresip.dial('sip:alice@ims.test');
  await baresip.waitFor('CALL_ESTABLISHED');
  await pause(4000);
  baresip.hangup();
  await command.ended();
  return bothHeard(lab, file, baresip);
}

async function isCalledAndHangsUp(lab: Lab, account: CommandAccount, baresip: Baresip): Promise<string> {
  const file = join(lab.fresh('answer'), 'heard.wav');
  const command = new ImsCommand(
    ['answer', '--play', lab.sounds.speechFile, '--record', file, '--duration', '4'],
    account,
  );
  await command.waitFor('registration', 'registered');
  baresip.dial('sip:alice@ims.test');
  await baresip.waitFor('CALL_ESTABLISHED');
  await baresip.waitFor('CALL_CLOSED', 20_000);
  await command.ended();
  return bothHeard(lab, file, baresip);
}

async function isCancelled(account: CommandAccount, baresip: Baresip): Promise<undefined> {
  const command = new ImsCommand(['answer', '--delay', '30'], account);
  await command.waitFor('registration', 'registered');
  baresip.dial('sip:alice@ims.test');
  await command.waitFor('call', 'ringing-in');
  baresip.hangup();
  await command.waitFor('call', 'ended');
  await command.ended();
}

async function cancels(account: CommandAccount, baresip: Baresip): Promise<undefined> {
  const command = new ImsCommand(['call', 'sip:bob@ims.test', '--timeout', '6'], account);
  await baresip.waitFor('CALL_INCOMING');
  await command.waitFor('call', 'ringing-out');
  await baresip.waitFor('CALL_CLOSED');
  await command.ended(6);
}

async function pressesKeys(account: CommandAccount, baresip: Baresip): Promise<string> {
  const command = new ImsCommand(['shell'], account);
  await command.waitFor('registration', 'registered');
  command.line('call sip:bob@ims.test');
  await baresip.waitFor('CALL_ESTABLISHED');
  await command.waitFor('call', 'active');
  command.line('dtmf 159D#');
  const heard = await baresip.keys(5);
  assert.equal(heard, '159D#');
  for (const key of '26*') {
    await baresip.digit(key);
    await command.waitForText(new RegExp(`"event":"dtmf"[^}]*"keys":"[^"]*[${key}]`));
  }
  command.line('hangup');
  await baresip.waitFor('CALL_CLOSED');
  command.line('quit');
  await command.ended();
  return `baresip heard ${heard}`;
}

async function refuses(account: CommandAccount, baresip: Baresip): Promise<string> {
  const command = new ImsCommand(['answer', '--reject', '486'], account);
  await command.waitFor('registration', 'registered');
  baresip.dial('sip:alice@ims.test');
  const { param = '' } = await baresip.waitFor('CALL_CLOSED');
  assert.match(param, /486/);
  await command.ended();
  return param;
}

function bothHeard(lab: Lab, file: string, baresip: Baresip): string {
  return `we heard ${judgeTone(readWav(file))}; baresip: ${judgeSpeech(lab.sounds.speech, baresip.heard())}`;
}
