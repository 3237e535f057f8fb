import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PhoneController } from '../../../src/components/phone/phone-controller.js';
import { en } from '../../../src/components/strings/en.js';
import type { CallSnapshot } from '../../../src/ims/snapshot.js';
import { FakeClient, outgoingCall } from '../../browser/components/fake-client.js';
import { readySnapshot } from '../../browser/components/fake-states.js';

function phoneOn(client: FakeClient): {
  phone: PhoneController;
  heard: string[];
  facts: string[];
  clock: { now: number };
} {
  const heard: string[] = [];
  const facts: string[] = [];
  const clock = { now: 1_000_000 };
  const phone = new PhoneController({
    changed: () => undefined,
    strings: () => en,
    now: () => clock.now,
    announce: ({ text }) => heard.push(text),
    callStarted: ({ id }) => facts.push(`started ${id}`),
    callEnded: ({ id }) => facts.push(`ended ${id}`),
    registrationChanged: ({ state }) => facts.push(state),
  });
  phone.attach(client);
  return { phone, heard, facts, clock };
}
const incoming = (id: string): CallSnapshot => ({
  ...outgoingCall(id, 'sip:bob@ims.test'),
  direction: 'in',
  state: 'ringing-in',
});

describe('PhoneController', () => {
  it('keeps a failure on the stage until it was read, and an ordinary end as long as the stack does', () => {
    const client = new FakeClient(readySnapshot);
    const { phone } = phoneOn(client);
    const kind = (): string => phone.view.stage.kind;
    client.showCall(outgoingCall('a', 'sip:x@y'));
    client.changeCall('a', { state: 'ended', endedBy: 'remote', failure: { reason: 'busy' } });
    client.show({ calls: [] });
    assert.equal(kind(), 'ended');
    phone.dismissEnded();
    assert.equal(kind(), 'dial');

    client.showCall(outgoingCall('b', 'sip:x@y'));
    client.changeCall('b', { state: 'ended', endedBy: 'local' });
    assert.equal(kind(), 'ended');
    client.show({ calls: [] });
    assert.equal(kind(), 'dial');
  });

  it('says nothing of a call that was declined here, and "missed" of one nobody took', async () => {
    const client = new FakeClient(readySnapshot);
    const { phone, heard } = phoneOn(client);
    client.showCall(incoming('a'));
    await phone.hangUp(incoming('a'));
    assert.deepEqual(client.calls('reject'), [['a', 603]]);
    assert.equal(phone.view.stage.kind, 'dial');
    client.showCall(incoming('b'));
    client.changeCall('b', { state: 'ended', endedBy: 'remote' });
    assert.equal(phone.view.stage.kind, 'ended');
    assert.ok(heard.includes(en.announce.missed('bob')));
  });

  it('puts the call that is up on hold before it makes another', async () => {
    const client = new FakeClient({ ...readySnapshot, calls: [{ ...outgoingCall('a', 'sip:x@y'), state: 'active' }] });
    const { phone } = phoneOn(client);
    phone.setDialling(true);
    await phone.call('bob@ims.test');
    assert.deepEqual(
      client.asked.map(([name]) => name),
      ['unlock', 'hold', 'call'],
    );
    const { stage, others } = phone.view;
    assert.equal(stage.kind, 'outgoing');
    assert.deepEqual(
      others.map(({ id }) => id),
      ['a'],
    );
  });

  it('tells each start and end once, also to a phone that was away', () => {
    const client = new FakeClient(readySnapshot);
    const { phone, facts } = phoneOn(client);
    client.showCall(incoming('a'));
    phone.detach();
    client.changeCall('a', { state: 'ended', endedBy: 'remote' });
    phone.attach(client);
    phone.attach(client);
    assert.deepEqual(facts, ['started a', 'ended a']);
  });

  it('counts down to the next try of the stack', () => {
    const client = new FakeClient(readySnapshot);
    const { phone, clock } = phoneOn(client);
    assert.equal(phone.secondsToRetry, null);
    client.showRegistration({ state: 'waiting', failure: { reason: 'server-timeout', retryAfter: 30_000 } });
    assert.equal(phone.secondsToRetry, 30);
    clock.now += 29_500;
    assert.equal(phone.secondsToRetry, 1);
    clock.now += 5000;
    assert.equal(phone.secondsToRetry, 0);
    client.showRegistration({ state: 'registered', failure: null });
    assert.equal(phone.secondsToRetry, null);
  });

  it('turns a rejected intent into a failure', async () => {
    const client = new FakeClient(readySnapshot);
    const { phone } = phoneOn(client);
    client.error = new Error('no such thing');
    await phone.call('1');
    assert.deepEqual(phone.problem, { reason: 'call-failed', detail: 'no such thing' });
    client.showRegistration({ state: 'unregistered' });
    await phone.call('1');
    assert.equal(phone.problem.reason, 'not-registered');
  });

  it('retries what is broken: microphone, companion, or registration', async () => {
    const failure = { reason: 'microphone-denied' } as const;
    for (const [snapshot, expected] of [
      [{ ...readySnapshot, audio: { ...readySnapshot.audio, failure } }, 'setInputDevice'],
      [{ ...readySnapshot, link: { state: 'lost', failure } }, 'reconnect'],
      [{ ...readySnapshot, registration: { ...readySnapshot.registration, failure } }, 'register'],
    ] as const) {
      const client = new FakeClient(snapshot);
      await phoneOn(client).phone.retry(failure);
      assert.deepEqual(
        client.asked.map(([name]) => name),
        [expected],
      );
    }
  });
});
