import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import type { SipRequest, SipResponse } from '../../../src/ims/sip/message.js';
import { KeepAlive } from '../../../src/ims/sip/transport/keep-alive.js';
import { answerBinding, isStun, parseBinding } from '../../../src/ims/sip/transport/stun.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakeRegistrar } from './fake-registrar.js';

const HOME = '10.0.0.10';
const UE = '10.0.0.1';
const MINUTE = 60_000;
const OUTBOUND = [
  ['Require', 'outbound'],
  ['Flow-Timer', '60'],
] as const;

async function world(transport: 'udp' | 'tcp', account: Partial<Account> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const registrar = new FakeRegistrar(fabric, HOME);
  /** ms at which the client sent something that is no message. */
  const kept: { readonly at: number; readonly stun: boolean }[] = [];
  fabric.filter = ({ from, data }) => {
    if (from.address === UE && (isStun(data) || data.length === 4)) kept.push({ at: clock.now(), stun: isStun(data) });
    return 'pass';
  };
  const agent = new UserAgent({
    account: {
      publicIdentity: 'sip:alice@ims.test',
      password: 'secret',
      proxy: `sip:${HOME};transport=${transport}`,
      instanceId: 'urn:uuid:00000000-0000-4000-8000-000000000001',
      ...account,
    },
    clock,
    random: new SeededRandom(3),
    network: fabric.host(UE),
    media: new FakeMediaFactory(),
  });
  const listening = registrar.listen(HOME);
  await clock.advance(20);
  await listening;
  const start = async (): Promise<void> => {
    const started = agent.start();
    await clock.advance(500);
    await started;
    assert.equal(agent.snapshot.registration.state, 'registered');
  };
  const registers = (): number => registrar.requests.length;
  const end = async (): Promise<void> => {
    const stopped = agent.stop();
    await clock.advance(MINUTE);
    await stopped;
    assert.equal(clock.pending, 0, 'no timer is left');
  };
  return { clock, fabric, registrar, agent, kept, start, end, registers };
}

function gaps(kept: readonly { readonly at: number }[]): number[] {
  return kept.slice(1).map(({ at }, i) => at - (kept[i]?.at ?? 0));
}

describe('keep-alives of a registration', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`go out over ${transport} as often as Flow-Timer says, each after another time`, async () => {
      const w = await world(transport);
      w.registrar.extra = OUTBOUND;
      await w.start();
      const before = w.registers();
      await w.clock.advance(20 * MINUTE);
      assert.ok(w.kept.length >= 20 && w.kept.length <= 25, `${w.kept.length}`);
      assert.ok(w.kept.every(({ stun }) => stun === (transport === 'udp')));
      const between = gaps(w.kept);
      assert.ok(between.every((gap) => gap >= 47_900 && gap <= 60_100) && new Set(between).size > 10);
      assert.equal(w.registers(), before, 'nothing is registered anew while the flow lives');
      await w.end();
    });
  }

  it('see within 40 s that a datagram flow is dead, and register again when the network is back', async () => {
    const w = await world('udp');
    w.registrar.extra = OUTBOUND;
    await w.start();
    w.fabric.partition(UE, HOME);
    await w.clock.until(() => w.agent.snapshot.registration.state !== 'registered');
    // 7 requests, the last one waited for 16 times as long (RFC 5389 §7.2.1).
    const [first] = w.kept;
    assert.equal(w.kept.length, 7);
    assert.ok(Math.abs(w.clock.now() - (first?.at ?? 0) - 39_500) < 50);
    assert.equal(w.agent.snapshot.registration.state, 'refreshing');
    await w.clock.advance(30_000);
    w.fabric.heal();
    await w.clock.advance(3 * MINUTE);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    await w.end();
  });

  it('see 10 s after a ping that a connection is dead, and open another', async () => {
    const w = await world('tcp');
    w.registrar.extra = OUTBOUND;
    await w.start();
    await w.clock.advance(5 * MINUTE);
    w.fabric.partition(UE, HOME);
    await w.clock.until(() => w.agent.snapshot.registration.state !== 'registered');
    assert.equal(w.clock.now() - (w.kept[w.kept.length - 1]?.at ?? 0), 10_000);
    w.fabric.heal();
    const before = w.registers();
    await w.clock.advance(3 * MINUTE);
    assert.equal(w.agent.snapshot.registration.state, 'registered');
    assert.ok(w.registers() > before);
    await w.end();
  });

  it('wait longer and longer for a server whose connections never last (RFC 5626 §4.5)', async () => {
    const w = await world('tcp');
    w.registrar.endpoint.onAnswer = (response, _request, flow) => {
      if (response.status === 200 && 'close' in flow)
        w.clock.setTimeout(20, () => (flow as unknown as { close(): void }).close());
    };
    const started = w.agent.start();
    await w.clock.advance(500);
    await started;
    await w.clock.advance(60 * MINUTE);
    const requests = w.registers();
    assert.ok(requests > 4 && requests < 30, `${requests} REGISTERs in an hour`);
    await w.end();
  });

  it('are asked for by Via, and sent where the first hop names a time (RFC 6223)', async () => {
    const w = await world('udp', { outbound: false });
    w.registrar.override = via(w.registrar, (text) => text.replace(/;keep\b/, ';keep=30'));
    await w.start();
    assert.match(w.registrar.requests[0]?.headers.get('Via') ?? '', /;keep(;|$)/);
    await w.clock.advance(10 * MINUTE);
    assert.ok(w.kept.length >= 20 && w.kept.every(({ stun }) => stun), `${w.kept.length}`);
    await w.end();
  });

  it('are no more than line ends through a translator that nobody agreed to keep, and nothing without one', async () => {
    for (const [seen, least] of [
      ['10.0.0.1', 0],
      ['192.0.2.77', 20],
    ] as const) {
      const w = await world('udp');
      w.registrar.override = via(w.registrar, (text) => text.replace(/;received=[^;]*|$/, `;received=${seen}`));
      await w.start();
      await w.clock.advance(10 * MINUTE);
      assert.ok(least === 0 ? w.kept.length === 0 : w.kept.length >= least, `${seen}: ${w.kept.length}`);
      assert.ok(w.kept.every(({ stun }) => !stun));
      await w.end();
    }
  });
});

/** Accepts everyone, with another Via. */
function via(registrar: FakeRegistrar, change: (text: string) => string): (request: SipRequest) => SipResponse {
  return (request) => {
    const response = registrar.accept(request);
    response.headers.set('Via', change(response.headers.get('Via') ?? ''));
    return response;
  };
}

describe('KeepAlive', () => {
  function keeper() {
    const clock = new VirtualClock();
    const sent: Uint8Array[] = [];
    const failures: string[] = [];
    const flow = {
      transport: 'udp',
      reliable: false,
      local: { address: UE, port: 5060 },
      remote: { address: HOME, port: 5060 },
      closed: false,
      protectedBy: null,
      sentBy: { address: UE, port: 5060 },
      send: () => undefined,
      keep: (octets: Uint8Array) => void sent.push(octets),
      leaveWill: () => undefined,
    } as const;
    const random = new SeededRandom(1);
    const terms = { agreed: true, seconds: 30, translated: false };
    const alive = new KeepAlive({
      ...terms,
      flow,
      clock,
      random,
      user: { onAlive: () => undefined, onFailed: (why) => failures.push(why) },
    });
    const answer = (port: number): void => {
      const request = parseBinding(sent[sent.length - 1] ?? new Uint8Array());
      assert.ok(request);
      const response = parseBinding(answerBinding(request, { address: '192.0.2.1', port }) ?? new Uint8Array());
      assert.ok(response && alive.receive(response));
    };
    return { clock, sent, failures, alive, answer };
  }

  it('takes another address in an answer for another flow', async () => {
    const { clock, sent, failures, answer } = keeper();
    for (const port of [4000, 4000, 4001]) {
      const before = sent.length;
      await clock.until(() => sent.length > before);
      answer(port);
    }
    assert.deepEqual([sent.length, failures], [3, ['our address changed on the way']]);
    await clock.advance(MINUTE);
    assert.equal(sent.length, 3, 'nothing is sent for a flow that failed');
  });

  it('listens to no answer but its own', async () => {
    const { clock, alive, sent, failures } = keeper();
    await clock.advance(30_000);
    const request = parseBinding(sent[sent.length - 1] ?? new Uint8Array());
    assert.ok(request);
    const forged = { ...request, kind: 'success', transaction: new Uint8Array(12), mapped: null } as const;
    assert.equal(alive.receive(forged), false);
    assert.equal(alive.receive(request), false);
    await clock.advance(MINUTE);
    assert.deepEqual(failures, ['no answer to a STUN keep-alive']);
  });
});
