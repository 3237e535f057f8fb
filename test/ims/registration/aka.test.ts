import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import type { Account, AkaCredentials } from '../../../src/ims/account.js';
import type { AkaResult, KeyStore } from '../../../src/ims/auth/aka/index.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeAkaRegistrar } from './fake-aka-registrar.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';
// TS 35.208 test set 1.
const K = '465b5ce8b199b49faa5f0a2ee238a6bc';
const OP = 'cdc202d5123e20f62b6d676ac72cb318';
const OPC = 'cd63cb71954a9f4e48a5994e37a02baf';

async function world(aka: AkaCredentials | undefined, more: Partial<Account> = {}, keyStore?: KeyStore) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  const network = new FakeAkaRegistrar(registrar, K, OP);
  const logged: string[] = [];
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@ims.test', proxy: `sip:${HOME}`, ...(aka ? { aka } : {}), ...more },
    clock,
    random: new SeededRandom(3),
    network: fabric.host('10.0.0.1'),
    media: new FakeMediaFactory(),
    logger: { log: (...entry) => logged.push(JSON.stringify(entry)) },
    ...(keyStore ? { keyStore } : {}),
  });
  const traced: string[] = [];
  agent.events.on('trace', ({ text }) => traced.push(text));
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  return { clock, registrar, network, agent, logged, traced };
}

type World = Awaited<ReturnType<typeof world>>;

async function start({ agent, clock }: World): Promise<void> {
  const started = agent.start();
  await clock.advance(2000);
  await started;
}

describe('Registration with AKA', () => {
  for (const algorithm of ['AKAv1-MD5', 'AKAv2-MD5', 'AKAv2-SHA-256'] as const) {
    it(`registers by ${algorithm}, refreshes and leaves`, async () => {
      const w = await world({ k: K, op: OP, algorithm });
      w.network.algorithm = algorithm;
      await start(w);
      assert.equal(w.agent.snapshot.registration.state, 'registered');
      assert.match(
        w.registrar.requests[0]?.headers.get('Authorization') ?? '',
        new RegExp(`nonce="", response="", algorithm=${algorithm}$`),
      );
      await w.clock.advance(3_100_000);
      assert.equal(w.agent.snapshot.registration.state, 'registered');
      assert.deepEqual(w.network.answers, ['none', 'right', 'wrong', 'right'], 'a fresh challenge for the refresh');
      const left = w.agent.unregister();
      await w.clock.advance(1000);
      await left;
      assert.equal(w.agent.snapshot.registration.state, 'unregistered');
      assert.equal(w.network.answers.at(-1), 'right');
    });
  }

  it('takes OPc as well as OP, written as people write it', async () => {
    const w = await world({ k: K.toUpperCase().replace(/(.{4})/g, '$1 '), opc: OPC });
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
  });

  it('resynchronises when the SQN of the network is behind, and is registered', async () => {
    const w = await world({ k: K, op: OP, sqn: 'ff9bb4d0ffff' });
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.deepEqual(w.network.answers, ['none', 'auts', 'right']);
    assert.equal(w.network.sqn, 0xff9bb4d0ffff + 32);
  });

  it('tells a wrong key from a refused one, and does not try again by itself', async () => {
    const w = await world({ k: K.replace(/^4/, '5'), op: OP });
    await start(w);
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason, failure?.status], ['unregistered', 'network-not-trusted', 403]);
    assert.deepEqual(w.network.answers, ['none', 'empty']);
    await w.clock.advance(86_400_000);
    assert.equal(w.registrar.requests.length, 2);
    // A person tries again: the old challenge is not answered once more.
    const again = w.agent.register();
    await w.clock.advance(2000);
    await again;
    assert.deepEqual(w.network.answers, ['none', 'empty', 'none', 'empty']);
  });

  it('answers two invalid challenges and no third (TS 24.229 §5.1.1.5.3)', async () => {
    const w = await world({ k: K, op: OP, sqn: 'fffffffffff0' });
    // A network that never learns: it cannot check our AUTS.
    w.network.milenage.f5Star = () => new Uint8Array(6);
    await start(w);
    assert.deepEqual(w.network.answers, ['none', 'auts', 'auts']);
    const { state, failure } = w.agent.snapshot.registration;
    assert.deepEqual([state, failure?.reason], ['unregistered', 'network-not-trusted']);
  });

  it('answers anew when the network lost its challenge, once', async () => {
    for (const [loses, state] of [
      [1, 'registered'],
      [2, 'unregistered'],
    ] as const) {
      const w = await world({ k: K, op: OP });
      w.network.loses = loses;
      await start(w);
      assert.equal(w.agent.snapshot.registration.state, state);
      assert.deepEqual(w.network.answers, ['none', 'right', 'right'], String(loses));
    }
  });

  it('ends a 401 loop with a clear failure', async () => {
    const w = await world({ k: K, op: OP });
    w.network.insatiable = true;
    await start(w);
    await w.clock.advance(86_400_000);
    assert.equal(w.registrar.requests.length, 3);
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'credentials-rejected');
  });

  it('chooses by what the challenge offers when it has a password too', async () => {
    const w = await world({ k: K, op: OP }, { password: 'secret' });
    w.registrar.override = null;
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    const [, answered] = w.registrar.requests;
    assert.match(answered?.headers.get('Authorization') ?? '', /algorithm=MD5/);
  });

  it('says that it has no answer to AKA when there is a password only', async () => {
    const w = await world(undefined, { password: 'secret' });
    await start(w);
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'credentials-rejected');
    assert.match(w.agent.snapshot.registration.failure.detail ?? '', /no algorithm that we know/);
  });

  it('lets a key store of the page answer', async () => {
    const asked: number[] = [];
    const store: KeyStore = {
      authenticate: (rand, autn): Promise<AkaResult> => {
        asked.push(rand.length, autn.length);
        const { res, ck, ik } = w.network.milenage.keys(rand);
        return Promise.resolve({ outcome: 'success', res, ck, ik });
      },
    };
    const w: World = await world(undefined, {}, store);
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.deepEqual(asked, [16, 16]);
  });

  it('ends when the key store fails', async () => {
    const w = await world(undefined, {}, { authenticate: () => Promise.reject(new Error('card removed')) });
    await start(w);
    assert.equal(w.agent.snapshot.registration.state, 'unregistered');
    assert.equal(w.agent.snapshot.registration.failure?.reason, 'credentials-rejected');
  });

  it('refuses keys that are none, without telling them', async () => {
    for (const aka of [
      { k: K.slice(1), op: OP },
      { k: K, op: `${OP.slice(1)}g` },
      { k: K },
      { k: K, op: OP, opc: OPC },
      { k: K, op: OP, sqn: '12' },
    ]) {
      const w = await world(aka);
      await start(w);
      const { failure } = w.agent.snapshot.registration;
      assert.equal(failure?.reason, 'credentials-missing');
      assert.doesNotMatch(failure.detail ?? '', /465b|cdc2/);
      assert.equal(w.registrar.requests.length, 0);
    }
  });

  it('lets no key into a log, a trace or a snapshot', async () => {
    const w = await world({ k: K, op: OP, sqn: 'ff9bb4d0ffff' });
    await start(w);
    const { res, ck, ik } = w.network.milenage.keys(new Uint8Array(16).fill(2));
    const told = [...w.logged, ...w.traced, JSON.stringify(w.agent.snapshot)].join('\n').toLowerCase();
    assert.ok(told.includes('register sip:ims.test'));
    for (const secret of [K, OP, OPC]) assert.ok(!told.includes(secret));
    for (const secret of [res, ck, ik]) {
      assert.ok(!told.includes(Buffer.from(secret).toString('hex')));
      assert.ok(!told.includes(Buffer.from(secret).toString('base64').toLowerCase()));
    }
    assert.ok(!/response="[0-9a-f]{32}"/.test(told) && !/auts="[^*]/.test(told));
  });
});
