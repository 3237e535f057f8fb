import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MessageOutcome, ReceivedMessage } from '../../../src/ims/messaging/index.js';
import { twoAgents } from '../agent/two-agents.js';

const wire = fc.record({
  loss: fc.double({ min: 0, max: 0.6, noNaN: true }),
  duplication: fc.double({ min: 0, max: 0.4, noNaN: true }),
  reorder: fc.double({ min: 0, max: 0.3, noNaN: true }),
  delay: fc.integer({ min: 0, max: 900 }),
  jitter: fc.integer({ min: 0, max: 900 }),
});

/** Who writes how much, after what wait. Long ones go by TCP. */
const letter = fc.record({
  side: fc.constantFrom<'a' | 'b'>('a', 'b'),
  length: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1300, max: 4000 })),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40_000 })),
});

/** All that may wait for each other, with the longest transaction (64*T1) for each. */
const QUIET = 12 * 33_000 + 100_000;

describe('Messages on a bad wire', () => {
  it('come once and in order, or are told as failed; none is both lost and told as delivered', async () => {
    let delivered = 0;
    let lost = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        wire,
        fc.array(letter, { minLength: 1, maxLength: 12 }),
        async (seed, conditions, letters) => {
          const world = await twoAgents(seed, conditions);
          const { clock } = world;
          const came: Record<'a' | 'b', ReceivedMessage[]> = { a: [], b: [] };
          for (const side of ['a', 'b'] as const)
            world[side].agent.events.on('message', (message) => came[side].push(message));
          const outcomes: (MessageOutcome | null)[] = letters.map(() => null);
          for (const [i, { side, length, wait }] of letters.entries()) {
            await clock.advance(wait);
            const to = side === 'a' ? 'sip:bob@10.0.0.2' : 'sip:alice@10.0.0.1';
            void world[side].agent
              .sendMessage(to, `${i} ${'.'.repeat(length)}`)
              .then((outcome) => (outcomes[i] = outcome));
          }
          await clock.advance(QUIET);
          const story = (): string =>
            JSON.stringify(outcomes, null, 1) + ['', ...world.a.trace, '--', ...world.b.trace].join('\n');
          for (const [i, { side }] of letters.entries()) {
            const other = side === 'a' ? 'b' : 'a';
            const times = came[other].filter(({ text }) => text.startsWith(`${i} `)).length;
            assert.ok(times <= 1, `${i} came ${times} times: ${story()}`);
            assert.ok(outcomes[i], `${i} hangs: ${story()}`);
            if (outcomes[i].state === 'delivered') assert.equal(times, 1, `${i} is lost: ${story()}`);
            if (outcomes[i].state === 'delivered') delivered++;
            else lost++;
          }
          for (const side of ['a', 'b'] as const) {
            const order = came[side].map(({ text }) => Number.parseInt(text));
            assert.deepEqual(
              order,
              [...order].sort((x, y) => x - y),
              `out of order: ${story()}`,
            );
            const { usage } = world[side].agent;
            assert.deepEqual([usage.transactions, usage.exchanges, usage.messages], [0, 0, 0], story());
          }
          const stopped = Promise.all([world.a.agent.stop(), world.b.agent.stop()]);
          await clock.advance(5000);
          await stopped;
          assert.equal(world.a.network.openSockets + world.b.network.openSockets, 0, 'sockets leak');
          assert.equal(clock.pending, 0, 'timers leak');
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 150) },
    );
    assert.ok(delivered > lost && lost > 0, `${delivered} delivered, ${lost} not: the wire is too good or too bad`);
  });

  it('arrive though every datagram is lost once', async () => {
    const { a, b, clock, fabric } = await twoAgents(3, { delay: 20 });
    const came: string[] = [];
    b.agent.events.on('message', ({ text }) => came.push(text));
    const seen = new Set<string>();
    fabric.filter = ({ data, from }) => {
      const key = `${from.address}${new TextDecoder().decode(data)}`;
      if (seen.has(key)) return 'pass';
      seen.add(key);
      return 'drop';
    };
    let outcome = '';
    void a.agent.sendMessage('sip:bob@10.0.0.2', 'once').then(({ state }) => (outcome = state));
    await clock.advance(5000);
    assert.deepEqual([came, outcome, seen.size], [['once'], 'delivered', 2]);
  });
});
