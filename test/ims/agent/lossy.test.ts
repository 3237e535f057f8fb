import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { twoAgents, type Phone } from './two-agents.js';

type Side = 'a' | 'b';
type Action =
  | { readonly kind: 'call' | 'answer' | 'reject' | 'hangup' | 'hold' | 'resume'; readonly side: Side }
  | { readonly kind: 'wait'; readonly ms: number };

const side = fc.constantFrom<Side>('a', 'b');
const wait = (max: number) => fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max }) });
const doing = (...kinds: Exclude<Action['kind'], 'wait'>[]) => fc.record({ kind: fc.constantFrom(...kinds), side });

/** What people do, in an order that leads somewhere, and at times in none. */
const scene: fc.Arbitrary<readonly Action[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(side, wait(12_000), wait(8000))
      .map(([from, ringing, then]): Action[] => [
        { kind: 'call', side: from },
        ringing,
        { kind: 'answer', side: from === 'a' ? 'b' : 'a' },
        then,
      ]),
  },
  { weight: 4, arbitrary: fc.tuple(doing('hold', 'resume'), wait(600), doing('hold', 'resume'), wait(6000)) },
  { weight: 2, arbitrary: fc.tuple(doing('call', 'answer', 'reject', 'hold', 'resume', 'hangup'), wait(3000)) },
  { weight: 1, arbitrary: fc.tuple(doing('hangup'), wait(3000)) },
);

const wire = fc.record({
  loss: fc.double({ min: 0, max: 0.2, noNaN: true }),
  duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
  reorder: fc.double({ min: 0, max: 0.3, noNaN: true }),
  delay: fc.integer({ min: 0, max: 300 }),
  jitter: fc.integer({ min: 0, max: 300 }),
});

/** Longer than ringing (180 s), the longest transaction (64*T1, twice) and the lingering of ended calls together. */
const QUIET = 300_000;

function act(phone: Phone, other: string, kind: Exclude<Action['kind'], 'wait'>): void {
  const { agent } = phone;
  const { calls } = agent.snapshot;
  const ignore = (): void => undefined;
  const ringing = calls.find((c) => c.state === 'ringing-in');
  const active = calls.find((c) => c.state === 'active');
  const alive = calls.find((c) => c.state !== 'ended');
  if (kind === 'call') agent.call(other);
  else if (kind === 'answer' && ringing) agent.answer(ringing.id).catch(ignore);
  else if (kind === 'reject' && ringing) agent.reject(ringing.id).catch(ignore);
  else if (kind === 'hold' && active) agent.hold(active.id).catch(ignore);
  else if (kind === 'resume' && active) agent.resume(active.id).catch(ignore);
  else if (kind === 'hangup' && alive) agent.hangup(alive.id).catch(ignore);
}

async function play(
  seed: number,
  conditions: Parameters<typeof twoAgents>[1],
  scenes: readonly (readonly Action[])[],
): Promise<void> {
  const world = await twoAgents(seed, conditions);
  const { clock } = world;
  for (const next of scenes.flat()) {
    if (next.kind === 'wait') await clock.advance(next.ms);
    else act(world[next.side], next.side === 'a' ? 'sip:bob@10.0.0.2' : 'sip:alice@10.0.0.1', next.kind);
  }
  await clock.advance(QUIET);

  const [a, b] = [world.a.agent.snapshot.calls, world.b.agent.snapshot.calls];
  const story = (): string =>
    JSON.stringify({ a, b }, null, 1) + ['', ...world.a.trace, '--', ...world.b.trace].join('\n');
  for (const call of [...a, ...b]) assert.equal(call.state, 'active', `a call hangs: ${story()}`);
  assert.equal(a.length, b.length, `the sides disagree: ${story()}`);
  const holds = (calls: typeof a, key: 'localHold' | 'remoteHold'): number => calls.filter((call) => call[key]).length;
  assert.equal(holds(a, 'localHold'), holds(b, 'remoteHold'), `hold of a: ${story()}`);
  assert.equal(holds(b, 'localHold'), holds(a, 'remoteHold'), `hold of b: ${story()}`);
  for (const { media } of [world.a, world.b]) {
    assert.equal(media.sessions.filter((session) => !session.closed).length, a.length, 'media sessions leak');
    for (const session of media.sessions) if (!session.closed) assert.equal(session.state, 'stable');
  }
  for (const { agent } of [world.a, world.b]) {
    assert.deepEqual(
      { ...agent.usage, sockets: 2 },
      { transactions: 0, exchanges: 0, sockets: 2, sessions: a.length, messages: 0 },
      story(),
    );
  }

  const stopped = Promise.all([world.a.agent.stop(), world.b.agent.stop()]);
  await clock.advance(5000);
  await stopped;
  assert.equal(world.a.network.openSockets + world.b.network.openSockets, 0, 'sockets leak');
  assert.equal(clock.pending, 0, 'timers leak');
}

describe('UserAgent on a bad wire', () => {
  it('never leaves a call in a wrong state, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), wire, fc.array(scene, { minLength: 1, maxLength: 8 }), play),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 150) },
    );
  });

  it('completes a call though every datagram is lost once', async () => {
    const world = await twoAgents(3, { delay: 20 });
    const { a, b, clock, fabric } = world;
    const seen = new Set<string>();
    let lost = 0;
    fabric.filter = ({ protocol, data, from }) => {
      const key = `${from.address}${new TextDecoder().decode(data)}`;
      if (protocol !== 'udp' || seen.has(key)) return 'pass';
      seen.add(key);
      lost++;
      return 'drop';
    };
    a.agent.call('sip:bob@10.0.0.2');
    await clock.until(() => b.agent.snapshot.calls[0]?.state === 'ringing-in');
    const id = b.agent.snapshot.calls[0]?.id ?? '';
    await b.agent.answer(id);
    await clock.until(
      () => a.agent.snapshot.calls[0]?.state === 'active' && b.agent.snapshot.calls[0]?.state === 'active',
    );
    const held = b.agent.hold(id);
    await clock.until(() => a.agent.snapshot.calls[0]?.remoteHold === true);
    await clock.until(() => b.agent.snapshot.calls[0]?.localHold === true);
    await held;
    await a.agent.hangup(a.agent.snapshot.calls[0]?.id ?? '');
    await clock.until(
      () => a.agent.snapshot.calls[0]?.state === 'ended' && b.agent.snapshot.calls[0]?.state === 'ended',
    );
    assert.ok(lost >= 8, `only ${lost} were lost`);
    assert.equal(a.agent.snapshot.calls[0]?.failure, null);
  });
});
