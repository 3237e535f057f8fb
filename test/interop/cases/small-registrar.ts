import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech } from '../judge-sound.js';
import type { Lab } from '../lab.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { SmallRegistrar } from '../peers/small-registrar.js';
import type { Suite } from '../suite.js';

/** What a Kamailio of our own configuration shows: a proxy on IPv6, and GRUUs within dialogs. */
export async function withSmallRegistrar(suite: Suite, lab: Lab): Promise<void> {
  for (const transport of ['udp', 'tcp'] as const)
    await suite.check(`alice calls bob through Kamailio on IPv6 over ${transport}, both are heard`, () =>
      withOne(lab, '::1', (registrar) => callsOverIpv6(lab, registrar, transport)),
    );
  await suite.check('requests within a call reach a GRUU through Kamailio, from who calls and who is called', () =>
    withOne(lab, '127.0.0.1', (registrar) => reachesGruu(registrar)),
  );
}

async function withOne(
  lab: Lab,
  address: string,
  run: (registrar: SmallRegistrar) => Promise<string>,
): Promise<string> {
  const registrar = await SmallRegistrar.start(lab.fresh('registrar'), address);
  try {
    return await run(registrar);
  } finally {
    await registrar.stop();
  }
}

function account(registrar: SmallRegistrar, user: string, transport: 'udp' | 'tcp'): CommandAccount {
  return { publicIdentity: `sip:${user}@ims.test`, password: 'any', proxy: registrar.proxy(transport) };
}

async function callsOverIpv6(lab: Lab, registrar: SmallRegistrar, transport: 'udp' | 'tcp'): Promise<string> {
  const [aliceFile, bobFile] = [join(lab.fresh('alice'), 'heard.wav'), join(lab.fresh('bob'), 'heard.wav')];
  const sound = (file: string): string[] => ['--play', lab.sounds.speechFile, '--repeat', '--record', file];
  const bob = new ImsCommand(['answer', ...sound(bobFile)], account(registrar, 'bob', transport));
  try {
    await bob.waitFor('registration', 'registered');
    const alice = new ImsCommand(
      ['call', 'sip:bob@ims.test', '--duration', '5', ...sound(aliceFile)],
      account(registrar, 'alice', transport),
    );
    try {
      await alice.ended();
      await bob.ended();
      assert.match(alice.output, /^Contact: <sip:alice@\[::1\]:\d+/m);
      assert.match(alice.output, /^c=IN IP6 ::1/m);
    } finally {
      await alice.stop();
    }
  } finally {
    await bob.stop();
  }
  const heard = (file: string): string => judgeSpeech(lab.sounds.speech, readWav(file));
  return `alice heard: ${heard(aliceFile)}; bob heard: ${heard(bobFile)}`;
}

/** Both name GRUUs: ACK and BYE of either side go to one, and Kamailio finds the instance. */
async function reachesGruu(registrar: SmallRegistrar): Promise<string> {
  const shell = (user: string): ImsCommand => new ImsCommand(['shell', '--gruu'], account(registrar, user, 'udp'));
  for (const [from, to] of [
    ['alice', 'bob'],
    ['bob', 'alice'],
  ] as const) {
    const [caller, called] = [shell(from), shell(to)];
    try {
      for (const side of [caller, called]) await side.waitFor('registration', 'registered');
      caller.line(`call sip:${to}@ims.test`);
      await called.waitFor('call', 'ringing-in');
      called.line('answer');
      await caller.waitFor('call', 'active');
      await called.waitFor('call', 'active');
      // Within the call: who is called puts the other on hold, and hangs up.
      called.line('hold');
      await caller.waitForText(/^a=sendonly/m);
      called.line('hangup');
      await caller.waitFor('call', 'ended');
      await called.waitFor('call', 'ended');
      for (const side of [caller, called]) {
        side.line('quit');
        await side.ended();
      }
    } finally {
      await caller.stop();
      await called.stop();
    }
  }
  const gruus = registrar.log.matchAll(/within a dialog: (\w+) sip:(alice|bob)@ims\.test;gr=urn:uuid:/g);
  const seen = new Set([...gruus].map(([, method, user]) => `${method} ${user}`));
  for (const user of ['alice', 'bob'])
    for (const method of ['ACK', 'INVITE', 'BYE']) assert.ok(seen.has(`${method} ${user}`), `${method} to ${user}`);
  return [...seen].join(', ');
}
