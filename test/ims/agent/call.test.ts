import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import type { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { call, state, twoAgents, type Phone } from './two-agents.js';

async function established() {
  const world = await twoAgents();
  const { a, b, clock } = world;
  a.agent.call('sip:bob@10.0.0.2');
  await clock.advance(300);
  await b.agent.answer(id(b));
  await clock.advance(200);
  assert.deepEqual([state(a), state(b)], ['active', 'active']);
  return world;
}

function id(phone: Phone): string {
  const found = call(phone);
  assert.ok(found);
  return found.id;
}

/** Lets a promise settle on the virtual clock. */
async function settled<T>(clock: VirtualClock, promise: Promise<T>, limit = 10_000): Promise<T> {
  const done = { yes: false };
  const marked = promise.finally(() => (done.yes = true));
  marked.catch(() => undefined);
  for (let waited = 0; !done.yes && waited < limit; waited += 50) await clock.advance(50);
  return marked;
}

describe('UserAgent calls', () => {
  it('rings, answers, talks and hangs up', async () => {
    const { a, b, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.2');
    assert.equal(state(a), 'dialling');
    await clock.advance(100);
    assert.deepEqual([state(a), state(b)], ['ringing-out', 'ringing-in']);
    assert.equal(call(b)?.remote.uri, 'sip:alice@10.0.0.1');
    await b.agent.answer(id(b));
    assert.equal(state(b), 'connecting');
    await clock.advance(200);
    assert.deepEqual([state(a), state(b)], ['active', 'active']);
    assert.deepEqual([a.media.last.direction, b.media.last.direction], ['sendrecv', 'sendrecv']);
    await a.agent.sendDtmf(id(a), '12#');
    assert.equal(a.media.last.tones, '12#');
    assert.equal(call(a)?.digitsSent, '12#');
    for (const tone of '7*') b.media.last.events.emit('dtmf', { tone, durationMs: 100 });
    await clock.advance(1);
    assert.equal(call(b)?.digitsReceived, '7*');
    await a.agent.hangup(id(a));
    await clock.advance(200);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
    assert.deepEqual([call(a)?.endedBy, call(b)?.endedBy], ['local', 'remote']);
    assert.ok(a.media.last.closed && b.media.last.closed);
    await clock.advance(5000);
    assert.equal(a.agent.snapshot.calls.length, 0);
    assert.equal(a.agent.snapshot.history.length, 1);
  });

  it('hangs up from the called side', async () => {
    const { a, b, clock } = await established();
    await b.agent.hangup(id(b));
    await clock.advance(200);
    assert.deepEqual([call(a)?.endedBy, call(b)?.endedBy, call(a)?.failure], ['remote', 'local', null]);
  });

  it('cancels a ringing call; it is missed on the other side', async () => {
    const { a, b, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.2');
    await clock.advance(300);
    await a.agent.hangup(id(a));
    await clock.advance(300);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
    assert.deepEqual([call(a)?.failure, call(a)?.endedBy], [null, 'local']);
    await clock.advance(5000);
    assert.equal(b.agent.snapshot.history[0]?.missed, true);
    assert.equal(a.agent.snapshot.history[0]?.missed, false);
  });

  for (const [status, reason] of [
    [486, 'busy'],
    [603, 'declined'],
    [480, 'unavailable'],
    [404, 'not-found'],
  ] as const) {
    it(`tells ${reason} from a ${status}`, async () => {
      const { a, b, clock } = await twoAgents();
      a.agent.call('bob@10.0.0.2');
      await clock.advance(300);
      await b.agent.reject(id(b), status);
      await clock.advance(300);
      assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
      assert.deepEqual([call(a)?.failure?.reason, call(a)?.failure?.status], [reason, status]);
      assert.equal(call(b)?.failure, null);
    });
  }

  it('lets CANCEL and 200 cross: both end', async () => {
    const { a, b, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.2');
    await clock.advance(300);
    await b.agent.answer(id(b));
    await clock.advance(1);
    await a.agent.hangup(id(a));
    await clock.advance(2000);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
    assert.equal(call(a)?.failure, null);
  });

  it('sends no BYE before the ACK', async () => {
    const { a, b, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.2');
    await clock.advance(300);
    await b.agent.answer(id(b));
    await clock.advance(1);
    const hangup = b.agent.hangup(id(b));
    await clock.advance(500);
    await hangup;
    const order = a.trace.filter((line) => /BYE|ACK/.test(line)).map((line) => line.replace(/^\d+ /, ''));
    assert.match(order[0] ?? '', /^out ACK/);
    assert.match(order[1] ?? '', /^in BYE/);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
  });

  it('holds and resumes, each side on its own', async () => {
    const { a, b, clock } = await established();
    await settled(clock, a.agent.hold(id(a)));
    assert.deepEqual([call(a)?.localHold, call(b)?.remoteHold, a.media.last.direction], [true, true, 'sendonly']);
    await settled(clock, b.agent.hold(id(b)));
    assert.deepEqual([call(b)?.localHold, call(a)?.remoteHold, a.media.last.direction], [true, true, 'inactive']);
    await settled(clock, a.agent.resume(id(a)));
    assert.deepEqual([call(a)?.localHold, call(a)?.remoteHold, a.media.last.direction], [false, true, 'recvonly']);
    await settled(clock, b.agent.resume(id(b)));
    assert.deepEqual(
      [call(b)?.localHold, call(a)?.remoteHold, call(b)?.remoteHold, a.media.last.direction],
      [false, false, false, 'sendrecv'],
    );
  });

  it('survives glare: both hold at the same moment', async () => {
    const { a, b, clock } = await established();
    const both = Promise.all([a.agent.hold(id(a)), b.agent.hold(id(b))]);
    await settled(clock, both);
    assert.ok(a.trace.some((line) => line.includes(' 491 ')));
    assert.deepEqual(
      [call(a)?.localHold, call(b)?.localHold, a.media.last.direction, b.media.last.direction],
      [true, true, 'inactive', 'inactive'],
    );
  });

  it('sends nothing within the dialog after its BYE, whatever was asked for before', async () => {
    const { a, b, clock } = await established();
    const ignore = (): void => undefined;
    a.agent.hold(id(a)).catch(ignore);
    await clock.advance(1);
    a.agent.resume(id(a)).catch(ignore);
    await clock.advance(4);
    await a.agent.hangup(id(a));
    await clock.advance(3000);
    const sent = a.trace.filter((line) => / out (?:INVITE|BYE)/.test(line)).map((line) => line.split(' ')[2]);
    assert.deepEqual(sent, ['INVITE', 'INVITE', 'BYE']);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
  });

  it('shows a second incoming call, and can reject it', async () => {
    const { a, b, clock } = await established();
    a.agent.call('sip:bob@10.0.0.2');
    await clock.advance(300);
    assert.deepEqual(
      b.agent.snapshot.calls.map((c) => c.state),
      ['active', 'ringing-in'],
    );
    await b.agent.reject(id(b), 486);
    await clock.advance(300);
    assert.equal(call(a)?.failure?.reason, 'busy');
    assert.equal(b.agent.snapshot.calls[0]?.state, 'active');
  });

  it('gives up after three minutes of ringing', async () => {
    const { a, b, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.2');
    await clock.advance(181_000);
    assert.deepEqual([state(a), state(b)], ['ended', 'ended']);
    assert.ok(['no-answer', 'unavailable'].includes(call(a)?.failure?.reason ?? ''), call(a)?.failure?.reason);
    await clock.advance(40_000);
    assert.equal(b.agent.snapshot.history[0]?.missed, true);
    assert.equal(a.agent.usage.sessions + b.agent.usage.sessions, 0);
  });

  it('ends with a named failure when nobody is there', async () => {
    const { a, clock } = await twoAgents();
    a.agent.call('sip:bob@10.0.0.99');
    await clock.advance(32_500);
    assert.equal(call(a)?.failure?.reason, 'server-timeout');
  });

  it('says at once when the address is none', async () => {
    const { a } = await twoAgents();
    for (const target of ['', 'sip:', 'a b c', 'tel:xyz']) {
      a.agent.call(target);
      assert.deepEqual([state(a), call(a)?.failure?.reason], ['ended', 'address-invalid'], target);
    }
  });

  it('ends the call when the peer has forgotten it', async () => {
    const { a, b, clock, fabric } = await established();
    b.network.close();
    const again = fabric.host('10.0.0.2');
    const reborn = new UserAgent({
      account: { publicIdentity: 'sip:bob@10.0.0.2', register: false, localPort: 5060 },
      clock,
      random: new SeededRandom(99),
      network: again,
      media: new FakeMediaFactory(),
    });
    void reborn.start();
    await clock.advance(50);
    await assert.rejects(settled(clock, a.agent.hold(id(a))), /ended/);
    await clock.advance(500);
    assert.deepEqual([state(a), call(a)?.failure?.reason], ['ended', 'call-lost']);
  });

  it('tells that its calls ended when it stops', async () => {
    const { a, clock } = await established();
    const states: string[] = [];
    a.agent.events.on('snapshot', ({ calls }) => states.push(calls[0]?.state ?? 'none'));
    const stopped = a.agent.stop();
    await clock.advance(3000);
    await stopped;
    assert.deepEqual(states.slice(-2), ['ended', 'none']);
  });

  it('leaves nothing behind', async () => {
    const { a, b, clock } = await established();
    await clock.advance(3_600_000);
    assert.deepEqual([state(a), state(b)], ['active', 'active']);
    const stopped = Promise.all([a.agent.stop(), b.agent.stop()]);
    await clock.advance(3000);
    await stopped;
    assert.deepEqual(a.agent.usage, { transactions: 0, exchanges: 0, sockets: 0, sessions: 0, messages: 0 });
    assert.deepEqual(b.agent.usage, { transactions: 0, exchanges: 0, sockets: 0, sessions: 0, messages: 0 });
    assert.equal(a.network.openSockets + b.network.openSockets, 0);
    assert.equal(clock.pending, 0);
  });
});
