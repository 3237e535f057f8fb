import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import { MemoryFabric } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { call, twoAgents } from './two-agents.js';

const RUNS = Number(process.env['HOSTILE_RUNS'] ?? 4000);

/** What a wire sees of a call with hold, a rejected one, and two instant messages. */
async function corpus(): Promise<string[]> {
  const { a, b, clock } = await twoAgents();
  const texts: string[] = [];
  b.agent.events.on('trace', ({ text, direction }) => {
    if (direction === 'in') texts.push(text);
  });
  a.agent.call('sip:bob@10.0.0.2');
  await clock.advance(300);
  await b.agent.answer(call(b)?.id ?? '');
  await clock.advance(300);
  void a.agent.hold(call(a)?.id ?? '');
  await clock.advance(300);
  void a.agent.hangup(call(a)?.id ?? '');
  await clock.advance(300);
  a.agent.call('sip:bob@10.0.0.2');
  await clock.advance(300);
  void a.agent.hangup(call(a)?.id ?? '');
  await clock.advance(300);
  b.agent.events.on('message', () => undefined);
  for (const text of ['', 'Grüße 👋']) void a.agent.sendMessage('sip:bob@10.0.0.2', text, { expires: 60 });
  await clock.advance(300);
  return texts;
}

function mutate(text: string, random: SeededRandom): Uint8Array {
  let mutated = text;
  const pick = (n: number): number => Math.floor(random.number() * n);
  for (let i = pick(4); i >= 0; i--) {
    const lines = mutated.split('\r\n');
    const at = pick(mutated.length);
    switch (pick(7)) {
      case 0:
        lines.splice(pick(lines.length), 1);
        mutated = lines.join('\r\n');
        break;
      case 1:
        lines.splice(pick(lines.length), 0, lines[pick(lines.length)] ?? '');
        mutated = lines.join('\r\n');
        break;
      case 2:
        mutated = mutated.slice(0, at) + String.fromCharCode(pick(256)) + mutated.slice(at + 1);
        break;
      case 3:
        mutated = mutated.slice(0, at);
        break;
      case 4:
        mutated = mutated.replace(/tag=[^;\r\n]+/, `tag=${pick(9)}`);
        break;
      case 5:
        mutated = mutated.replace(/\d+ (INVITE|ACK|BYE|MESSAGE)/, `${pick(2 ** 31)} $1`);
        break;
      default:
        mutated = mutated.replace(/branch=[^;\r\n]+/, `branch=z9hG4bK${pick(1e9)}`);
    }
  }
  return new TextEncoder().encode(mutated);
}

describe('UserAgent and a hostile wire', () => {
  it(`takes ${RUNS} mutated messages without throwing, and keeps nothing of them`, async () => {
    const texts = await corpus();
    assert.ok(texts.length >= 8);
    const clock = new VirtualClock();
    const random = new SeededRandom(8);
    const fabric = new MemoryFabric({ clock, random });
    const network = fabric.host('10.0.0.2');
    const agent = new UserAgent({
      account: { publicIdentity: 'sip:bob@10.0.0.2', register: false, localPort: 5060 },
      clock,
      random,
      network,
      media: new FakeMediaFactory(),
    });
    const attacker = await fabric.host('10.0.0.66').bindUdp({ address: '10.0.0.66', port: 5060 });
    await agent.start();
    let delivered = 0;
    agent.events.on('message', () => delivered++);
    for (let i = 0; i < RUNS; i++) {
      const text = texts[Math.floor(random.number() * texts.length)] ?? '';
      attacker.send(mutate(text, random), { address: '10.0.0.2', port: 5060 });
      await clock.advance(random.number() < 0.01 ? 5000 : 3);
      for (const { id, state } of agent.snapshot.calls) {
        if (state === 'ringing-in' && random.number() < 0.2) await agent.answer(id).catch(() => undefined);
        else if (state !== 'ended' && random.number() < 0.2) await agent.hangup(id).catch(() => undefined);
      }
    }
    assert.ok(agent.usage.sessions <= 8);
    assert.ok(delivered > 0, 'some of the messages are still messages');
    await clock.advance(300_000);
    // UDP and TCP of both address families
    assert.deepEqual(
      { ...agent.usage, sessions: 0 },
      { transactions: 0, exchanges: 0, sockets: 4, sessions: 0, messages: 0 },
    );
    for (const { id } of agent.snapshot.calls) await agent.hangup(id).catch(() => undefined);
    await clock.advance(40_000);
    assert.equal(agent.usage.sessions, 0);
    assert.ok(agent.snapshot.history.length <= 100);
  });

  it('closes a connection that never says anything whole', async () => {
    const { b, clock, fabric } = await twoAgents();
    const opening = fabric.host('10.0.0.66').connect({ remote: { address: '10.0.0.2', port: 5060 } });
    await clock.advance(100);
    const connection = await opening;
    let closed = false;
    connection.onClose = () => (closed = true);
    void connection.write(new TextEncoder().encode('INVITE sip:x SIP/2.0\r\n'));
    await clock.advance(33_000);
    assert.equal(closed, true);
    assert.equal(b.network.streams.size, 0);
  });
});
