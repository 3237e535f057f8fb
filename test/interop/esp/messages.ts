import assert from 'node:assert/strict';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import type { Suite } from '../suite.js';
import type { AgentProcess } from './agent-process.js';
import { portsOf } from './combinations.js';
import { account, identityOf, PCSCF, start } from './guest.js';
import { LIMIT, registered, stop, tellTraces, type Stage } from './stage.js';

/** One pair of algorithms: the offer is short enough for UDP. */
const POLICY: SecurityPolicy = {
  mechanisms: ['ipsec-3gpp'],
  integrity: ['hmac-sha-1-96'],
  encryption: ['aes-cbc'],
};
/** More than a datagram should hold (RFC 3428 §8), and than the MTU of the wire. */
const LONG = 'A long story. '.repeat(150).trim();

/** Messages through the associations: each way, short and long. */
export async function messagesByEsp(suite: Suite, stage: Stage): Promise<void> {
  for (const transport of ['udp', 'tcp'] as const)
    await suite.check(
      `ESP messages over ${transport}: both ways, one larger than a datagram by TCP between the same ports, nothing but ESP on the wire`,
      async () => {
        const begin = Date.now();
        const [ways, left] = await life(stage, transport);
        const seen = await Promise.all(
          stage.captures.map((capture, i) => capture.since(begin, PCSCF, left[i], portsOf(stage.agents[i]))),
        );
        for (const { clear, challenge } of seen) {
          assert.ok(challenge, 'no first 401 in clear');
          assert.deepEqual(clear, []);
        }
        return `${ways}; ${seen.map(({ esp }) => esp).join(' + ')} packets of ESP`;
      },
      LIMIT,
    );
}

async function life(stage: Stage, transport: 'udp' | 'tcp'): Promise<[string, number[]]> {
  const [alice, bob] = stage.agents;
  try {
    await Promise.all([start(alice, account(1, transport, POLICY)), start(bob, account(2, transport, POLICY))]);
    for (const ue of stage.agents) await registered(ue);
    await write(alice, identityOf(1), bob, identityOf(2));
    await write(bob, identityOf(2), alice, identityOf(1));
    const ways = stage.agents.flatMap(({ traces }) =>
      traces.filter(({ text }) => text.startsWith('MESSAGE ')).map((t) => ({ ...t, isLong: text(t.text) === LONG })),
    );
    const out = ways.filter(({ direction }) => direction === 'out');
    assert.deepEqual(
      out.map((t) => t.transport),
      [transport, 'tcp', transport, 'tcp'],
    );
    for (const [short, long] of [out.slice(0, 2), out.slice(2)])
      assert.deepEqual(
        [long?.local, long?.remote],
        [short?.local, short?.remote],
        'port_uc to port_ps, whatever the transport',
      );
    const asserted = ways
      .filter(({ direction }) => direction === 'in')
      .map((t) => /P-Asserted-Identity: *<([^>]+)>/i.exec(t.text)?.[1]);
    assert.deepEqual(asserted, [identityOf(2), identityOf(2), identityOf(1), identityOf(1)]);
    for (const { text: message } of out) assert.match(message, /^Security-Verify: ipsec-3gpp/m);
    return [
      ways.map((t) => `${t.direction} ${t.isLong ? 'long' : 'short'} ${t.transport}`).join(', '),
      await stop(stage),
    ];
  } catch (error) {
    tellTraces(stage.agents);
    await Promise.all(stage.agents.map((ue) => ue.tell({ do: 'stop' })));
    throw error;
  }
}

function text(message: string): string {
  return message.split('\r\n\r\n')[1] ?? '';
}

/** Each comes once, from who sent it. */
async function write(from: AgentProcess, identity: string, to: AgentProcess, target: string): Promise<void> {
  const texts = ['Grüße', LONG];
  for (const text of texts) await from.tell({ do: 'message', target, text });
  // Told by another process than the answer.
  for (let i = 0; i < 50 && to.messages.length < texts.length; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(
    to.messages,
    texts.map((text) => `${identity} ${text}`),
  );
}
