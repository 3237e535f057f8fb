import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../../src/ims/account.js';
import { UserAgent } from '../../../../src/ims/agent/user-agent.js';
import { createResponse, type SipRequest } from '../../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../../src/net/memory-network.js';
import { SeededRandom } from '../../../platform/seeded-random.js';
import { VirtualClock } from '../../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../../session/fake-media-session.js';
import { FakeRegistrar } from '../fake-registrar.js';

const HOME = '10.0.0.10';
const TYPE = 'application/reginfo+xml';

async function world(account: Partial<Account> = {}, associated = '<sip:alice@ims.test>, <tel:+49301>') {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  registrar.extra = [
    ['P-Associated-URI', associated],
    ['Service-Route', '<sip:scscf.ims.test;lr>'],
  ];
  registrar.notifier.onSubscribed = null;
  const network = fabric.host('10.0.0.1');
  const agent = new UserAgent({
    account: { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: `sip:${HOME}`, ...account },
    clock,
    random: new SeededRandom(3),
    network,
    media: new FakeMediaFactory(),
  });
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  const started = agent.start();
  await clock.advance(300);
  await started;
  const { notifier } = registrar;
  let version = -1;
  const contact = (): string =>
    /<([^>]*)>/.exec(String(registers(registrar.requests).slice(-1)[0]?.contacts))?.[1] ?? '';
  /** What the network tells of each identity: state of the registration, state and event of our contact in it. */
  const tell = async (
    states: readonly (readonly [aor: string, state: string, contact: string, event: string, more?: string])[],
    document: 'full' | 'partial' = 'full',
  ): Promise<void> => {
    const registrations = states.map(
      ([aor, state, contactState, event, more = '']) =>
        `<registration aor="${aor}" id="r-${aor}" state="${state}"><contact id="c-${aor}" state="${contactState}" event="${event}" ${more}><uri>${contact().replace(/&/g, '&amp;')}</uri></contact></registration>`,
    );
    notifier.last.notify({
      type: TYPE,
      body: `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${++version}" state="${document}">${registrations.join('')}</reginfo>`,
    });
    await clock.advance(100);
  };
  return {
    clock,
    registrar,
    network,
    notifier,
    agent,
    tell,
    skip: (n: number) => (version += n),
    registration: () => agent.snapshot.registration,
    registers: () => registers(registrar.requests),
  };
}

function registers(requests: readonly SipRequest[]): SipRequest[] {
  return requests.filter(({ method }) => method === 'REGISTER');
}

describe('RegEvent', () => {
  it('watches the default identity by the way of the Service-Route', async () => {
    const w = await world();
    const [subscribe] = w.notifier.subscribes;
    assert.ok(subscribe);
    assert.deepEqual(
      [subscribe.requestUri.toString(), subscribe.headers.get('Event'), subscribe.expires],
      ['sip:alice@ims.test', 'reg', 600_000],
    );
    assert.deepEqual(subscribe.headers.getAll('Route'), [`<sip:${HOME}:5060;lr>`, '<sip:scscf.ims.test;lr>']);
    await w.tell([
      ['sip:alice@ims.test', 'active', 'active', 'registered'],
      ['tel:+49301', 'active', 'active', 'created'],
      ['sip:implicit@ims.test', 'active', 'active', 'created'],
    ]);
    assert.deepEqual(w.notifier.last.answers, [200]);
    assert.deepEqual(
      w.registration().identities.map(({ uri, state, event, isDefault }) => [uri, state, event, isDefault]),
      [
        ['sip:alice@ims.test', 'active', 'registered', true],
        ['tel:+49301', 'active', 'created', false],
        ['sip:implicit@ims.test', 'active', 'created', false],
      ],
    );
    await w.tell([['tel:+49301', 'terminated', 'terminated', 'rejected']], 'partial');
    assert.deepEqual(
      w.registration().identities.map(({ state, event }) => [state, event]),
      [
        ['active', 'registered'],
        ['terminated', 'rejected'],
        ['active', 'created'],
      ],
    );
    assert.equal(w.registration().state, 'registered', 'the others are still there');
    w.agent.call('sip:bob@ims.test', { identity: 'tel:+49301' });
    assert.equal(w.agent.snapshot.calls[0]?.failure?.reason, 'not-registered');
  });

  it('registers again at once when it was deactivated, and watches again', async () => {
    const w = await world();
    const before = w.registers().length;
    await w.tell([
      ['sip:alice@ims.test', 'terminated', 'terminated', 'deactivated'],
      ['tel:+49301', 'terminated', 'terminated', 'deactivated'],
    ]);
    assert.equal(w.registration().state, 'registered');
    assert.ok(w.registers().length > before);
    assert.equal(w.notifier.dialogs.length, 2);
  });

  it('is not driven in circles by a network that deactivates it each time', async () => {
    const w = await world();
    w.notifier.onSubscribed = () => void w.tell([['sip:alice@ims.test', 'terminated', 'terminated', 'deactivated']]);
    await w.tell([['sip:alice@ims.test', 'terminated', 'terminated', 'deactivated']]);
    await w.clock.advance(3_600_000);
    const initial = w.registers().length;
    assert.ok(initial > 4 && initial < 40, `${initial} in an hour`);
  });

  it('stays away when it was rejected, with a reason', async () => {
    const w = await world();
    const before = w.registers().length;
    await w.tell([
      ['sip:alice@ims.test', 'terminated', 'terminated', 'rejected'],
      ['tel:+49301', 'terminated', 'terminated', 'rejected'],
    ]);
    const { state, failure, identities } = w.registration();
    assert.deepEqual([state, failure?.detail, identities], ['unregistered', 'the network ended it: rejected', []]);
    await w.clock.advance(86_400_000);
    assert.equal(w.registers().length, before);
    const again = w.agent.register();
    await w.clock.advance(300);
    await again;
    assert.equal(w.registration().state, 'registered', 'a person may');
  });

  it('comes back after a probation', async () => {
    const w = await world();
    await w.tell([['sip:alice@ims.test', 'terminated', 'terminated', 'probation', 'retry-after="90"']]);
    assert.deepEqual([w.registration().state, w.registration().failure?.retryAfter], ['waiting', 90_000]);
    await w.clock.advance(89_000);
    assert.equal(w.registration().state, 'waiting');
    await w.clock.advance(2000);
    assert.equal(w.registration().state, 'registered');
  });

  it('re-registers in time when the network shortened it', async () => {
    const w = await world();
    const before = w.registers().length;
    await w.tell([['sip:alice@ims.test', 'active', 'active', 'shortened', 'expires="40"']]);
    await w.clock.advance(19_000);
    assert.equal(w.registers().length, before);
    await w.clock.advance(2000);
    assert.ok(w.registers().length > before);
  });

  it('asks for the whole state when it missed something', async () => {
    const w = await world();
    await w.tell([['sip:alice@ims.test', 'active', 'active', 'registered']]);
    assert.equal(w.notifier.subscribes.length, 1);
    w.skip(3);
    await w.tell([['tel:+49301', 'active', 'active', 'created']], 'partial');
    assert.equal(w.notifier.subscribes.length, 2);
    assert.notEqual(w.notifier.subscribes[1]?.toTag, null);
  });

  it('does not act on documents that are none, or hostile', async () => {
    const w = await world();
    for (const body of [
      '',
      '<reginfo',
      '<!DOCTYPE a><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"/>',
    ]) {
      w.notifier.last.notify({ type: TYPE, body });
      await w.clock.advance(100);
    }
    assert.deepEqual(w.notifier.last.answers, [200, 200, 200]);
    assert.equal(w.registration().state, 'registered');
  });

  it('is no reason to be less registered where the network has no such thing', async () => {
    const w = await world();
    w.notifier.override = (request) => createResponse(request, 489, { toTag: 'n' });
    await w.tell([['sip:alice@ims.test', 'terminated', 'terminated', 'deactivated']]);
    await w.clock.advance(86_400_000);
    assert.equal(w.registration().state, 'registered');
  });

  it('ends with the registration, and takes the last word of the notifier (TS 24.229 §5.1.1.6.1)', async () => {
    const w = await world();
    await w.tell([['sip:alice@ims.test', 'active', 'active', 'registered']]);
    const left = w.agent.unregister();
    await w.clock.advance(300);
    await left;
    assert.equal(w.notifier.subscribes.length, 1, 'nothing was said about it');
    w.notifier.last.notify({ state: 'terminated;reason=noresource' });
    await w.clock.advance(100);
    await w.clock.advance(33_000);
    w.notifier.last.notify({ state: 'terminated;reason=noresource' });
    await w.clock.advance(100);
    assert.deepEqual(w.notifier.last.answers, [200, 200, 481]);
    assert.equal(w.registration().state, 'unregistered');
  });

  it('is taken down before, where others of this user stay registered', async () => {
    const w = await world();
    w.notifier.onSubscribed = (dialog) => dialog.notify({ state: 'terminated;reason=timeout' });
    w.notifier.last.notify({
      type: TYPE,
      body: `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><registration aor="sip:alice@ims.test" id="r" state="active"><contact id="1" state="active" event="registered"><uri>sip:alice@10.0.0.1:5060</uri></contact><contact id="2" state="active" event="registered"><uri>sip:alice@10.0.0.9:5060</uri></contact></registration></reginfo>`,
    });
    await w.clock.advance(100);
    const left = w.agent.unregister();
    await w.clock.advance(300);
    await left;
    const [, last] = w.notifier.subscribes;
    assert.deepEqual([w.notifier.subscribes.length, last?.expires, last?.toTag !== null], [2, 0, true]);
    const order = w.registrar.requests.slice(-1).map(({ method, expires }) => [method, expires]);
    assert.deepEqual(order, [['REGISTER', 0]]);
    assert.equal(w.registration().state, 'unregistered');
  });

  it('keeps nobody who leaves waiting, where the notifier is gone', async () => {
    const w = await world();
    w.notifier.last.notify({
      type: TYPE,
      body: `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><registration aor="sip:alice@ims.test" id="r" state="active"><contact id="1" state="active" event="registered"><uri>sip:a@10.0.0.8</uri></contact><contact id="2" state="active" event="registered"><uri>sip:a@10.0.0.9</uri></contact></registration></reginfo>`,
    });
    await w.clock.advance(100);
    w.notifier.override = () => null;
    const left = w.agent.unregister();
    await w.clock.advance(1500);
    await left;
    assert.equal(w.registration().state, 'unregistered');
  });

  it('is left out where nobody wants it, and asked for where an account says so', async () => {
    assert.equal((await world({ regEvent: false })).notifier.subscribes.length, 0);
    const plain = await world({}, '');
    assert.equal(plain.notifier.subscribes.length, 0, 'a registrar that names no identities');
    assert.deepEqual(
      plain.registration().identities.map(({ uri, isDefault }) => [uri, isDefault]),
      [['sip:alice@ims.test', true]],
    );
    assert.equal((await world({ regEvent: true }, '')).notifier.subscribes.length, 1);
  });

  it('does not watch anew at each refresh, but does on another connection', async () => {
    const w = await world({ transport: 'tcp' });
    w.notifier.onSubscribed = (dialog) => dialog.notify();
    await w.tell([['sip:alice@ims.test', 'active', 'active', 'registered']]);
    const initial = (): number => w.notifier.subscribes.filter(({ toTag }) => toTag === null).length;
    await w.clock.advance(3_100_000);
    assert.deepEqual([initial(), w.notifier.subscribes.length], [1, 2]);
    for (const stream of [...w.network.streams]) stream.close();
    await w.clock.advance(1000);
    assert.deepEqual([w.registration().state, initial()], ['registered', 2]);
  });
});

describe('identities of calls', () => {
  it('lets a call leave from any that is registered, and from no other', async () => {
    const w = await world(
      { displayName: 'Alice' },
      '<sip:alice@ims.test>, "Office" <sip:office@ims.test>, <sip:list!.*!@ims.test>',
    );
    for (const identity of ['sip:office@ims.test', 'sip:list-7@ims.test', 'office@ims.test']) {
      w.agent.call('sip:bob@ims.test', { identity });
      await w.clock.advance(100);
      const invite = w.registrar.requests.findLast(({ method }) => method === 'INVITE');
      const wanted = identity.startsWith('sip:') ? identity : `sip:${identity}`;
      assert.equal(invite?.from?.uri.toString(), wanted);
      assert.equal(invite.headers.get('P-Preferred-Identity'), `"Alice" <${wanted}>`);
    }
    for (const identity of ['sip:mallory@ims.test', 'nonsense', 'sip:list!.*!@ims.test', 'sip:list@other.test']) {
      w.agent.call('sip:bob@ims.test', { identity });
      assert.equal(w.agent.snapshot.calls.slice(-1)[0]?.failure?.reason, 'not-registered', identity);
    }
  });
});
