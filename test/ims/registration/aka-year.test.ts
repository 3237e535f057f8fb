import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { randomUint32 } from '../../../src/platform/random.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeAkaRegistrar } from './fake-aka-registrar.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';
const HOUR = 3_600_000;
// TS 35.208 test set 1.
const K = '465b5ce8b199b49faa5f0a2ee238a6bc';
const OP = 'cdc202d5123e20f62b6d676ac72cb318';

/** Whatever a network says that is not the end. */
const TROUBLES: readonly (readonly [status: number, headers: readonly (readonly [string, string])[]])[] = [
  [305, []],
  [408, []],
  [480, []],
  [500, [['Retry-After', '7']]],
  [503, [['Retry-After', '1200 (maintenance)']]],
  [504, []],
];

describe('A year of registrations by AKA', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`over ${transport}, with a failure at any step: one REGISTER at a time, and never a silent death`, async () => {
      const seed = 11;
      const clock = new VirtualClock();
      const fabric = new MemoryFabric({ clock, random: new SeededRandom(seed), conditions: { delay: 5 } });
      const registrar = new FakeRegistrar(fabric, HOME);
      registrar.expires = 43_200;
      const aka = new FakeAkaRegistrar(registrar, K, OP);
      const network = fabric.host('10.0.0.1');
      const agent = new UserAgent({
        account: { publicIdentity: 'sip:alice@ims.test', aka: { k: K, op: OP }, proxy: `sip:${HOME}`, transport },
        clock,
        random: new SeededRandom(seed + 1),
        network,
        media: new FakeMediaFactory(),
      });
      let open: { readonly cseq: string; readonly since: number } | null = null;
      agent.events.on('trace', ({ direction, text }) => {
        const cseq = /^CSeq: (.*)$/m.exec(text)?.[1] ?? '';
        if (direction === 'in' && cseq === open?.cseq) open = null;
        if (direction !== 'out' || cseq === open?.cseq) return;
        // Timer F has not given up the one before.
        assert.ok(!open || clock.now() - open.since >= 32_000, `${cseq} while ${open?.cseq} is in flight`);
        open = { cseq, since: clock.now() };
      });
      const chance = new SeededRandom(seed + 2);
      const oneIn = (n: number): boolean => randomUint32(chance) % n === 0;
      const counts = { troubles: 0, silences: 0, behind: 0, lost: 0, registered: 0 };
      let lastDoubt = -Infinity;
      const serve = registrar.override;
      const override = (request: SipRequest): SipResponse | null => {
        if (oneIn(5)) {
          counts.troubles++;
          const [status, headers] = TROUBLES[randomUint32(chance) % TROUBLES.length] ?? [503, []];
          const response = createResponse(request, status, { toTag: 'r' });
          for (const [name, value] of headers) response.headers.append(name, value);
          return response;
        }
        // Two in a row are the end, rightly.
        if (clock.now() - lastDoubt > 60_000 && oneIn(5)) {
          lastDoubt = clock.now();
          if (oneIn(2)) {
            // The network's counter falls back, as after a restore.
            counts.behind++;
            aka.sqn -= 320;
          } else {
            counts.lost++;
            aka.loses = 1;
          }
        }
        return serve?.(request) ?? null;
      };
      registrar.override = override;
      void registrar.listen(HOME);
      await clock.advance(1);
      void agent.start();
      let unbound = 0;
      for (let hour = 0; hour < 365 * 24; hour++) {
        registrar.silent = oneIn(50);
        if (registrar.silent) counts.silences++;
        await clock.advance(HOUR);
        const { state, expiresAt, failure } = agent.snapshot.registration;
        assert.ok(
          state !== 'unregistered',
          `dead in hour ${hour}: ${failure?.reason}, ${aka.answers.slice(-6).join()}`,
        );
        assert.ok(
          expiresAt === null || expiresAt >= clock.wallTime() - 1000,
          'a registration that is over is not shown',
        );
        if (state === 'registered') counts.registered++;
        else unbound++;
      }
      for (const [what, count] of Object.entries(counts)) assert.ok(count > 20, `${count} ${what}`);
      assert.ok(unbound < 24 * 30, `${unbound} hours of the year were not registered`);
      registrar.silent = false;
      registrar.override = serve;
      await clock.advance(HOUR);
      assert.equal(agent.snapshot.registration.state, 'registered');
      const stopped = agent.stop();
      await clock.advance(3000);
      await stopped;
      registrar.endpoint.close();
      await clock.advance(40_000);
      assert.deepEqual([network.openSockets, clock.pending], [0, 0]);
    });
  }
});
