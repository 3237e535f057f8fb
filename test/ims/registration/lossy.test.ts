import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';

const wire = fc.record({
  loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
  duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
  reorder: fc.double({ min: 0, max: 0.3, noNaN: true }),
  delay: fc.integer({ min: 0, max: 300 }),
});

/** What goes wrong between two looks at the registration. */
const trouble = fc.constantFrom('none', 'silent', 'nonce', 'partition', 'reload');

describe('Registration on a bad wire', () => {
  it('is always registered again in the end, with one REGISTER at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        wire,
        fc.constantFrom('udp' as const, 'tcp' as const),
        fc.array(trouble, { maxLength: 6 }),
        async (seed, conditions, transport, troubles) => {
          const clock = new VirtualClock();
          const fabric = new MemoryFabric({ clock, random: new SeededRandom(seed), conditions });
          const registrar = new FakeRegistrar(fabric, HOME);
          registrar.expires = 1800;
          const network = fabric.host('10.0.0.1');
          const agent = new UserAgent({
            account: { publicIdentity: 'sip:alice@ims.test', password: 'secret', proxy: `sip:${HOME}`, transport },
            clock,
            random: new SeededRandom(seed + 1),
            network,
            media: new FakeMediaFactory(),
          });
          void registrar.listen(HOME);
          await clock.advance(1);
          void agent.start();
          for (const [index, kind] of troubles.entries()) {
            await clock.advance(700_000);
            if (kind === 'silent') registrar.silent = true;
            if (kind === 'nonce') registrar.nonce = `n${index + 2}`;
            if (kind === 'partition') fabric.partition('10.0.0.1', HOME);
            if (kind === 'reload') void agent.register();
            await clock.advance(300_000);
            registrar.silent = false;
            fabric.heal();
            assert.ok(agent.usage.exchanges <= 1, 'more than one REGISTER in flight');
          }
          // Longer than the longest back-off.
          await clock.advance(4_000_000);
          const { state } = agent.snapshot.registration;
          assert.ok(['registered', 'refreshing', 'authenticating'].includes(state), `${state} in the end`);
          const stopped = agent.stop();
          await clock.advance(3000);
          await stopped;
          registrar.endpoint.close();
          await clock.advance(40_000);
          assert.equal(network.openSockets, 0);
          assert.equal(clock.pending, 0);
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 100) },
    );
  });
});
