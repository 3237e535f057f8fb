import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWav } from '../../sound/wav-file.js';
import { judgeSpeech } from '../judge-sound.js';
import { pause, TRANSPORTS, type Lab, type Transport } from '../lab.js';
import { AKA_KEYS, ImsCore } from '../peers/ims-core.js';
import { ImsCommand, type CommandAccount } from '../peers/ims-command.js';
import { write } from './messages.js';
import type { Suite } from '../suite.js';

type User = keyof typeof AKA_KEYS;
/** Above all that the lab's HSS gives out (TS 35.208 set 1 starts at ff9bb4d0b607): the UE is ahead of the network. */
const AHEAD = 'ffbb00000000';

/** `ims` registers at a real P-, I- and S-CSCF with an HSS by AKAv1-MD5, and two of them call each other through it. */
export async function imsAka(suite: Suite, lab: Lab): Promise<void> {
  const core = new ImsCore(join(lab.folder, 'ims'));
  const checks: (readonly [name: string, run: () => Promise<string | undefined>])[] = [];
  for (const transport of TRANSPORTS) {
    for (const user of ['alice', 'bob'] as const)
      checks.push([
        `${user} registers, refreshes and leaves by AKAv1-MD5 over ${transport}`,
        () => lives(core, user, transport),
      ]);
    checks.push([
      `alice calls bob through an IMS core by AKA over ${transport}, both are heard`,
      () => calls(lab, core, transport),
    ]);
    checks.push([
      `alice and bob write messages through an IMS core by AKA over ${transport}, a long one ${transport === 'udp' ? 'is refused' : 'too'}`,
      () => writes(core, transport),
    ]);
  }
  checks.push(
    ['AKA: who is ahead of the network resynchronises it by AUTS', () => resynchronises(core)],
    ['AKA: who has another key does not believe the network', () => distrusts(core)],
    ['a password goes through the CSCFs where the network has no AKA', () => byPassword(core)],
  );
  if (!checks.some(([name]) => suite.wants(name))) return;
  try {
    await core.start();
    for (const [name, run] of checks) await suite.check(name, run);
  } catch (error) {
    suite.fail('the IMS core', error);
  } finally {
    await core.stop();
  }
}

function accountOf(core: ImsCore, user: User, transport: Transport): CommandAccount {
  return {
    publicIdentity: `sip:${user}@${core.domain}`,
    aka: AKA_KEYS[user],
    proxy: core.proxy(transport),
    ...(transport === 'tls' ? { authorityFile: core.authorityFile } : {}),
  };
}

/** What the HSS logs while `work` runs. */
async function hssDuring(core: ImsCore, work: () => Promise<void>): Promise<string> {
  const before = core.hssLog.length;
  await work();
  return core.hssLog.slice(before);
}

async function lives(core: ImsCore, user: User, transport: Transport): Promise<string> {
  const told = await hssDuring(core, async () => {
    const command = new ImsCommand(['shell'], accountOf(core, user, transport));
    try {
      await command.waitFor('registration', 'registered');
      // The S-CSCF's own word on it, by the reg event.
      await command.identity('active', 'registered');
      await command.refresh();
      command.line('unregister');
      await command.waitForLast('registration', 'unregistered');
      command.line('quit');
      await command.ended();
    } finally {
      await command.stop();
    }
  });
  assert.match(told, /scheme Digest-AKAv1-MD5/);
  assert.match(told, /-> REGISTERED/);
  assert.match(told, /-> NOT_REGISTERED/);
  return `${(told.match(/vector SQN/g) ?? []).length} vectors`;
}

async function calls(lab: Lab, core: ImsCore, transport: Transport): Promise<string> {
  const files = { alice: join(lab.fresh('aka'), 'alice.wav'), bob: join(lab.fresh('aka'), 'bob.wav') };
  const sound = (user: User): string[] => ['--play', lab.sounds.speechFile, '--record', files[user]];
  const bob = new ImsCommand(['answer', '--repeat', ...sound('bob')], accountOf(core, 'bob', transport));
  try {
    await bob.waitFor('registration', 'registered');
    const alice = new ImsCommand(
      ['call', `sip:bob@${core.domain}`, '--duration', '5', ...sound('alice')],
      accountOf(core, 'alice', transport),
    );
    try {
      await alice.ended();
      await bob.ended();
      assert.match(bob.output, /P-Asserted-Identity:[^\r\n]*sip:alice@ims\.test/i, 'the P-CSCF asserts who calls');
    } finally {
      await alice.stop();
    }
  } finally {
    await bob.stop();
  }
  const heard = (user: User): string => judgeSpeech(lab.sounds.speech, readWav(files[user]));
  return `alice heard: ${heard('alice')}; bob heard: ${heard('bob')}`;
}

async function writes(core: ImsCore, transport: Transport): Promise<undefined> {
  const bob = new ImsCommand(['shell'], accountOf(core, 'bob', transport));
  const alice = new ImsCommand(['shell'], accountOf(core, 'alice', transport));
  try {
    for (const side of [alice, bob]) await side.waitFor('registration', 'registered');
    // Without associations this P-CSCF knows who registered by UDP by that port alone, and not who comes by TCP.
    const refusal = transport === 'udp' ? 'forbidden' : null;
    await write([alice, bob], [`sip:alice@${core.domain}`, `sip:bob@${core.domain}`], refusal);
    if (refusal !== null) {
      bob.line(`message sip:alice@${core.domain} Short`);
      assert.equal(await alice.message('Short'), `sip:bob@${core.domain}`);
    }
    for (const [side, sender] of [
      [bob, 'alice'],
      [alice, 'bob'],
    ] as const) {
      const asserted = new RegExp(
        `^MESSAGE (?:[^\\r\\n]+\\r?\\n)*?P-Asserted-Identity: [^\\r\\n]*sip:${sender}@ims\\.test`,
        'm',
      );
      assert.match(side.output, asserted);
    }
    for (const side of [alice, bob]) {
      side.line('quit');
      await side.ended();
    }
  } finally {
    await Promise.all([alice.stop(), bob.stop()]);
  }
}

async function resynchronises(core: ImsCore): Promise<string> {
  const account = accountOf(core, 'alice', 'udp');
  const told = await hssDuring(core, async () => {
    const command = new ImsCommand(['register'], { ...account, aka: { ...AKA_KEYS.alice, sqn: AHEAD } });
    await command.ended();
    assert.match(command.output, /auts="\*\*\*"/, 'AUTS goes out, and is hidden in the trace');
  });
  assert.match(told, new RegExp(`resync: MAC-S ok SQN_MS ${AHEAD}`));
  assert.match(told, /-> REGISTERED/);
  return /resync.*/.exec(told)?.[0] ?? '';
}

async function distrusts(core: ImsCore): Promise<string> {
  const account = accountOf(core, 'bob', 'udp');
  const told = await hssDuring(core, async () => {
    const command = new ImsCommand(['register'], { ...account, aka: { ...AKA_KEYS.bob, k: '00'.repeat(16) } });
    await command.ended(4);
    assert.match(command.output, /network-not-trusted/);
    await pause(300);
  });
  assert.doesNotMatch(told, /-> REGISTERED/);
  return 'network-not-trusted';
}

async function byPassword(core: ImsCore): Promise<undefined> {
  const told = await hssDuring(core, async () => {
    const command = new ImsCommand(['register'], {
      publicIdentity: `sip:carol@${core.domain}`,
      password: 'carol-secret',
      proxy: core.proxy('tcp'),
    });
    await command.ended();
  });
  assert.match(told, /-> REGISTERED/);
  return undefined;
}
