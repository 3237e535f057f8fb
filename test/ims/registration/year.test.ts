import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { randomUint32 } from '../../../src/platform/random.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOMES = ['10.0.0.10', '10.0.0.11'] as const;
const HOUR = 3_600_000;
const ANSWERS: readonly (readonly [status: number, header?: string, value?: string])[] = [
  [302, 'Contact', '<sip:10.0.0.11>'],
  [305],
  [408],
  [420, 'Unsupported', 'gruu'],
  [423, 'Min-Expires', 'more'],
  [439],
  [480],
  [500, 'Retry-After', '30'],
  [503],
  [503, 'Retry-After', '600'],
  [504],
];
const EVENTS = ['deactivated', 'expired', 'probation', 'shortened'] as const;

describe('A year of registrations', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`over ${transport}, two P-CSCFs, a failure at any step: one REGISTER at a time, never a silent death`, async () => {
      const clock = new VirtualClock();
      const fabric = new MemoryFabric({ clock, random: new SeededRandom(31), conditions: { delay: 5 } });
      const chance = new SeededRandom(33);
      const oneIn = (n: number): boolean => randomUint32(chance) % n === 0;
      const pick = <T>(list: readonly T[], instead: T): T => list[randomUint32(chance) % list.length] ?? instead;
      const counts = { answers: 0, silences: 0, connections: 0, events: 0, wishes: 0, elsewhere: 0 };
      const registrars = HOMES.map((home) => {
        const registrar = new FakeRegistrar(fabric, home);
        registrar.expires = 43_200;
        registrar.extra = [['P-Associated-URI', '<sip:alice@ims.test>']];
        registrar.notifier.onSubscribed = (dialog) => dialog.notify({ state: 'active;expires=7200' });
        registrar.override = (request: SipRequest): SipResponse | null => {
          if (request.method !== 'REGISTER' || request.expires === 0 || !oneIn(4)) return null;
          counts.answers++;
          const drawn = pick(ANSWERS, [500]);
          // What is not asked for cannot be refused: twice would be the end, rightly.
          const asked = request.headers.getAll('Supported');
          const needs = drawn[0] === 420 ? 'gruu' : drawn[0] === 439 ? 'outbound' : 'path';
          const [status, header, value] = asked.includes(needs) ? drawn : ([500] as const);
          const response = createResponse(request, status, { toTag: 'r' });
          if (header !== undefined && value !== undefined)
            response.headers.set(header, value === 'more' ? String((request.expires ?? 0) + 60) : value);
          return response;
        };
        void registrar.listen(home);
        return registrar;
      });
      const network = fabric.host('10.0.0.1');
      const agent = new UserAgent({
        account: {
          publicIdentity: 'sip:alice@ims.test',
          password: 'secret',
          proxy: HOMES.map((home) => `sip:${home}`).join(', '),
          transport,
          instanceId: 'urn:uuid:00000000-0000-1000-8000-000000000001',
        },
        clock,
        random: new SeededRandom(32),
        network,
        media: new FakeMediaFactory(),
      });
      let open: { readonly cseq: string; readonly since: number } | null = null;
      agent.events.on('trace', ({ direction, text }) => {
        const cseq = /^CSeq: (\d+ REGISTER)/m.exec(text)?.[1];
        if (cseq === undefined) return;
        if (direction === 'in' && cseq === open?.cseq && !/^SIP\/2.0 1/.test(text)) open = null;
        if (direction !== 'out' || cseq === open?.cseq) return;
        // Timer F gave up the one before, or its connection was lost.
        const lost = open !== null && (clock.now() - open.since >= 31_000 || network.streams.size === 0 || closed);
        assert.ok(!open || lost, `${cseq} while ${open?.cseq} is in flight`);
        closed = false;
        open = { cseq, since: clock.now() };
      });
      let closed = false;
      await clock.advance(1);
      void agent.start();
      let unregistered = 0;
      let dead = 0;
      for (let hour = 0; hour < 365 * 24; hour++) {
        for (const registrar of registrars) registrar.silent = oneIn(40);
        counts.silences += registrars.filter(({ silent }) => silent).length;
        await clock.advance(randomUint32(chance) % HOUR);
        if (oneIn(20) && network.streams.size > 0) {
          counts.connections++;
          closed = true;
          for (const stream of [...network.streams]) stream.close();
        }
        if (oneIn(20)) {
          counts.wishes++;
          void agent.register();
        }
        if (oneIn(15)) tellEvent(pick(EVENTS, 'expired'));
        await clock.advance(HOUR / 2);
        const { state, expiresAt, failure, server } = agent.snapshot.registration;
        assert.notEqual(state, 'unregistered', `hour ${hour}: ${failure?.reason} ${failure?.detail}`);
        assert.ok(
          expiresAt === null || expiresAt >= clock.wallTime() - 1000,
          'a registration that is over is not shown',
        );
        if (server?.startsWith(HOMES[1])) counts.elsewhere++;
        if (state !== 'registered') unregistered++;
        dead = state === 'registered' ? 0 : dead + 1;
        assert.ok(dead < 12, `hour ${hour}: not registered for ${dead} rounds, ${state} ${failure?.detail}`);
      }
      if (transport === 'udp') counts.connections = 99;
      for (const [what, count] of Object.entries(counts)) assert.ok(count > 20, `${count} ${what}`);
      assert.ok(unregistered < 365 * 3, `${unregistered} rounds of ${365 * 24} without registration`);
      for (const registrar of registrars) {
        registrar.silent = false;
        registrar.override = null;
      }
      await clock.advance(HOUR);
      assert.equal(agent.snapshot.registration.state, 'registered');
      const stopped = agent.stop();
      await clock.advance(3000);
      await stopped;
      for (const { endpoint } of registrars) endpoint.close();
      await clock.advance(40_000);
      assert.deepEqual([network.openSockets, clock.pending], [0, 0]);

      /** What the network may say about our contact, by the reg event. */
      function tellEvent(event: (typeof EVENTS)[number]): void {
        for (const registrar of registrars) {
          const dialog = registrar.notifier.dialogs[registrar.notifier.dialogs.length - 1];
          const last = registrar.requests.filter(({ method }) => method === 'REGISTER').slice(-1)[0];
          const uri = /<([^>]*)>/.exec(String(last?.contacts))?.[1];
          if (!dialog || uri === undefined || registrar.silent) continue;
          counts.events++;
          const state = event === 'shortened' ? 'active' : 'terminated';
          const more = event === 'shortened' ? 'expires="120"' : 'retry-after="60"';
          dialog.notify({
            type: 'application/reginfo+xml',
            body: `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full"><registration aor="sip:alice@ims.test" id="1" state="${state}"><contact id="2" state="${state}" event="${event}" ${more}><uri>${uri}</uri></contact></registration></reginfo>`,
          });
        }
      }
    });
  }
});
