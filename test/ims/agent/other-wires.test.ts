import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';

async function pair(addresses: readonly [string, string], account: Partial<Account> = {}) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(1), conditions: { delay: 10, jitter: 30 } });
  const make = (address: string, name: string) => {
    const media = new FakeMediaFactory();
    const network = fabric.host(address);
    const host = address.includes(':') ? `[${address}]` : address;
    const agent = new UserAgent({
      account: {
        publicIdentity: `sip:${name}@${host}`,
        register: false,
        localPort: 5060,
        ...(address.includes(':') ? { localAddress: address } : {}),
        ...account,
      },
      clock,
      random: new SeededRandom(name.length),
      network,
      media,
    });
    const wire: string[] = [];
    agent.events.on('trace', ({ direction, transport, text }) => wire.push(`${direction} ${transport} ${text}`));
    return { agent, media, network, wire };
  };
  const a = make(addresses[0], 'al');
  const b = make(addresses[1], 'bob');
  const started = Promise.all([a.agent.start(), b.agent.start()]);
  await clock.advance(100);
  await started;
  return { clock, fabric, a, b };
}

async function wholeCall({ clock, a, b }: Awaited<ReturnType<typeof pair>>, target: string): Promise<void> {
  a.agent.call(target);
  await clock.until(() => b.agent.snapshot.calls[0]?.state === 'ringing-in', 5000);
  await b.agent.answer(b.agent.snapshot.calls[0]?.id ?? '');
  await clock.until(
    () => a.agent.snapshot.calls[0]?.state === 'active' && b.agent.snapshot.calls[0]?.state === 'active',
    5000,
  );
  const held = b.agent.hold(b.agent.snapshot.calls[0]?.id ?? '');
  await clock.until(() => b.agent.snapshot.calls[0]?.localHold === true, 5000);
  await held;
  await b.agent.hangup(b.agent.snapshot.calls[0]?.id ?? '');
  await clock.until(() => a.agent.snapshot.calls[0]?.state === 'ended', 5000);
  assert.equal(a.agent.snapshot.calls[0]?.failure, null);
  const stopped = Promise.all([a.agent.stop(), b.agent.stop()]);
  await clock.advance(3000);
  await stopped;
  await clock.advance(1000);
  assert.equal(a.network.openSockets + b.network.openSockets, 0);
  assert.equal(clock.pending, 0);
}

describe('UserAgent on other wires', () => {
  it('calls over TCP, both ways on one connection', async () => {
    const world = await pair(['10.0.0.1', '10.0.0.2']);
    await wholeCall(world, 'sip:bob@10.0.0.2;transport=tcp');
    assert.ok(world.a.wire.every((line) => line.split(' ')[1] === 'tcp'));
    assert.ok(world.a.wire.some((line) => /^in tcp BYE/.test(line)));
  });

  it('calls over IPv6', async () => {
    const world = await pair(['2001:db8::1', '2001:db8::2']);
    await wholeCall(world, 'sip:bob@[2001:db8::2]');
    const invite = world.a.wire.find((line) => /^out udp INVITE/.test(line)) ?? '';
    assert.match(invite, /\r\nVia: SIP\/2\.0\/UDP \[2001:db8::1\]:5060;/);
    assert.match(invite, /\r\nContact: <sip:al@\[2001:db8::1\]:5060>/);
    assert.match(world.b.wire.find((line) => / 180 /.test(line)) ?? '', /received=(?:\[2001:db8::1\]|"?2001:db8::1"?)/);
  });

  it('keeps a call that fits into datagrams to UDP', async () => {
    const world = await pair(['10.0.0.1', '10.0.0.2'], { transport: 'udp' });
    await wholeCall(world, 'sip:bob@10.0.0.2');
    assert.ok(world.b.wire.every((line) => line.split(' ')[1] === 'udp'));
  });

  it('ends calls of a connection that breaks before anybody answered', async () => {
    const world = await pair(['10.0.0.1', '10.0.0.2']);
    const { a, b, clock } = world;
    a.agent.call('sip:bob@10.0.0.2;transport=tcp');
    await clock.until(() => b.agent.snapshot.calls[0]?.state === 'ringing-in', 5000);
    for (const stream of [...a.network.streams]) stream.close();
    await clock.advance(1000);
    const [call] = a.agent.snapshot.calls;
    assert.deepEqual([call?.state, call?.failure?.reason], ['ended', 'server-unreachable']);
  });
});
