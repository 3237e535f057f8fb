/**
 * Our stack against Kamailio's P-CSCF with real ESP. Runs in the guest kernel that esp-core.sh boots: see esp.ts.
 * Arguments: parts of check names; none: all.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import { ENCRYPTION_ALGORITHMS, INTEGRITY_ALGORITHMS } from '../../../src/net/ipsec.js';
import { Suite } from '../suite.js';
import type { AgentProcess } from './agent-process.js';
import {
  account,
  addressOf,
  agent,
  Capture,
  forge,
  identityOf,
  kernelCounts,
  PCSCF,
  start,
  variable,
  xfrmDrops,
} from './guest.js';

const suite = new Suite(process.argv.slice(2));
const NOTHING = { states: 0, policies: 0 };
const LIMIT = 120_000;
const policy = (more: Partial<SecurityPolicy> = {}): SecurityPolicy => ({ mechanisms: ['ipsec-3gpp'], ...more });

async function registered(ue: AgentProcess): Promise<string> {
  const { security, failure } = await ue.until(
    'registration',
    ({ registration }) => (registration.state === 'registered' || registration.failure !== null) && registration,
    60,
  );
  assert.equal(failure, null);
  assert.equal(security?.mechanism, 'ipsec-3gpp');
  return `${security.algorithm} ${security.encryption}`;
}

/** `caller` calls, the other side answers; `hangsUp` ends it. */
async function call(caller: AgentProcess, callee: AgentProcess, target: string, hangsUp: AgentProcess): Promise<void> {
  const known = new Set([...(caller.last?.calls ?? []), ...(callee.last?.calls ?? [])].map(({ id }) => id));
  await caller.tell({ do: 'call', target });
  const ringing = await callee.until('ringing call', ({ calls }) =>
    calls.find(({ id, state }) => !known.has(id) && state === 'ringing-in'),
  );
  await callee.tell({ do: 'answer', id: ringing.id });
  const active = ({ calls }: { calls: readonly { id: string; state: string }[] }): { id: string } | undefined =>
    calls.find(({ id, state }) => !known.has(id) && state === 'active');
  const [one, other] = [await caller.until('answered call', active), await callee.until('answered call', active)];
  await hangsUp.tell({ do: 'hangup', id: hangsUp === caller ? one.id : other.id });
  const over =
    (id: string) =>
    ({ calls }: { calls: readonly { id: string; state: string }[] }): boolean =>
      calls.every((each) => each.id !== id || each.state === 'ended');
  await caller.until('end of the call', over(one.id));
  await callee.until('end of the call', over(other.id));
}

/** Two user agents for as long as `use` runs; nothing of theirs is left in the kernel. */
async function withPair(
  transport: 'udp' | 'tcp',
  security: SecurityPolicy,
  through: 'node' | 'companion',
  use: (alice: AgentProcess, bob: AgentProcess) => Promise<string>,
): Promise<string> {
  const [alice, bob] = [agent(1), agent(2)];
  try {
    await Promise.all([
      start(alice, account(1, transport, security), through),
      start(bob, account(2, transport, security), through),
    ]);
    const note = await use(alice, bob);
    await Promise.all([alice.tell({ do: 'stop' }), bob.tell({ do: 'stop' })]);
    for (const namespace of ['ue1', 'ue2']) assert.deepEqual(kernelCounts(namespace), NOTHING, namespace);
    return note;
  } catch (error) {
    for (const ue of [alice, bob]) {
      const lines = ue.traces.map(
        (t) => `${t.direction} ${t.transport} ${t.local} ${t.remote} ${t.text.split('\r\n')[0] ?? ''}`,
      );
      console.log(`${ue.namespace}\n  ${lines.slice(-30).join('\n  ')}`);
    }
    throw error;
  } finally {
    await Promise.all([alice.quit(), bob.quit()]);
  }
}

function combination(
  transport: 'udp' | 'tcp',
  security: SecurityPolicy,
  through: 'node' | 'companion',
): Promise<string> {
  return withPair(transport, security, through, async (alice, bob) => {
    const suiteInForce = await registered(alice);
    assert.equal(await registered(bob), suiteInForce);
    await call(alice, bob, identityOf(2), alice);
    // The call comes while the associations change.
    const handOver = alice.tell({ do: 'register' });
    await call(bob, alice, identityOf(1), alice);
    await handOver;
    assert.equal(await registered(alice), suiteInForce);
    await call(alice, bob, identityOf(2), bob);
    return suiteInForce;
  });
}

for (const transport of ['udp', 'tcp'] as const) {
  for (const integrity of INTEGRITY_ALGORITHMS) {
    for (const encryption of ENCRYPTION_ALGORITHMS) {
      const security = policy({ integrity: [integrity], encryption: [encryption] });
      await suite.check(
        `ESP ${transport}/${integrity}/${encryption}: registration, calls both ways, hand-over, nothing but ESP on the wire`,
        async () => {
          const captures = [await Capture.start('ue1'), await Capture.start('ue2')];
          const note = await combination(transport, security, 'node');
          const seen = await Promise.all(captures.map((capture) => capture.stop()));
          for (const { esp, clear } of seen) {
            assert.deepEqual(clear, []);
            assert.ok(esp > 20, `${esp} packets of ESP`);
          }
          return `${note}, ${seen.map(({ esp }) => esp).join(' + ')} packets of ESP`;
        },
        LIMIT,
      );
    }
  }
}

await suite.check(
  'ESP through the companion: the page’s WebSocket, calls both ways, hand-over',
  () => combination('udp', policy(), 'companion'),
  LIMIT,
);

await suite.check(
  'ESP after a crash: what a killed companion left in the kernel goes when the next one starts',
  async () => {
    const state = '/tmp/crash-state';
    const first = agent(1);
    await start(first, account(1, 'udp', policy()), 'companion', state);
    await registered(first);
    await first.kill('SIGKILL');
    const left = kernelCounts('ue1');
    assert.deepEqual(left, { states: 4, policies: 4 });
    const second = agent(1);
    try {
      await start(second, account(1, 'udp', policy()), 'companion', state);
      await registered(second);
      assert.deepEqual(kernelCounts('ue1'), { states: 4, policies: 4 });
      await second.tell({ do: 'stop' });
      assert.deepEqual(kernelCounts('ue1'), NOTHING);
    } finally {
      await second.quit();
    }
    return 'four states and four policies left, then none';
  },
  LIMIT,
);

await suite.check(
  'ESP without the right: the failure says CAP_NET_ADMIN',
  async () => {
    const ue = agent(1, ['setpriv', '--bounding-set', '-net_admin']);
    try {
      await start(ue, account(1, 'udp', policy()));
      const failure = await ue.until('failure', ({ registration }) => registration.failure);
      assert.equal(failure.reason, 'ipsec-denied');
      assert.match(failure.detail ?? '', /CAP_NET_ADMIN/);
      return failure.detail;
    } finally {
      await ue.quit();
    }
  },
  LIMIT,
);

await suite.check(
  'ESP forged: clear text to a protected port is dropped, by the kernel and by the stack',
  async () => {
    const ue = agent(1);
    try {
      await start(ue, account(1, 'udp', policy()));
      await registered(ue);
      const reply = ue.traces.find(({ direction, text }) => direction === 'in' && text.startsWith('SIP/2.0 200'));
      const serverPort = Number(reply?.local.split(':')[1]);
      const peerPort = Number(reply?.remote.split(':')[1]);
      const drops = xfrmDrops('ue1');
      const options = (id: string): string =>
        `OPTIONS sip:alice@${addressOf(1)} SIP/2.0\r\nVia: SIP/2.0/UDP ${PCSCF}:${peerPort};branch=z9hG4bK${id}\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:alice@z>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;
      await forge([PCSCF, peerPort], [addressOf(1), serverPort], options('policy'));
      await forge([PCSCF, 40000], [addressOf(1), serverPort], options('port'));
      await forge([PCSCF, 5060], [addressOf(1), 5060], options('unprotected'));
      const dropped = (): boolean =>
        ue.traces.some(({ text, note }) => text.includes('Call-ID: port') && note !== undefined);
      await ue.until('dropped datagram', () => dropped(), 1).catch(() => undefined);
      assert.ok(dropped(), 'what no policy catches is dropped by the stack');
      assert.ok(
        !ue.traces.some(({ text }) => text.includes('Call-ID: policy')),
        'the kernel let a forged datagram pass',
      );
      assert.ok(xfrmDrops('ue1') > drops, 'the kernel counted no drop');
      const answers = ue.traces.filter(
        ({ direction, text }) => direction === 'out' && /Call-ID: (policy|port|unprotected)/.test(text),
      );
      assert.deepEqual(answers, []);
      await ue.tell({ do: 'stop' });
      return `${xfrmDrops('ue1') - drops} dropped by the kernel`;
    } finally {
      await ue.quit();
    }
  },
  LIMIT,
);

/** The P-CSCF keeps a client port for each registration until it expires, and has a few dozen. */
const ROUNDS = 3;
const EACH = 34;

await suite.check(
  `ESP again and again: after ${ROUNDS * EACH} registrations nothing is left over`,
  async () => {
    let most = 0;
    let took = 0;
    for (let round = 0; round < ROUNDS; round++) {
      execFileSync(variable('ESP_RESET'), { stdio: 'ignore' });
      const ue = agent(1);
      try {
        const began = Date.now();
        await start(ue, account(1, 'udp', policy()));
        await registered(ue);
        for (let i = 1; i < EACH; i++) {
          await ue.tell({ do: 'register' });
          await registered(ue);
          most = Math.max(most, kernelCounts('ue1').states);
        }
        took += Date.now() - began;
        await ue.tell({ do: 'stop' });
        assert.deepEqual(kernelCounts('ue1'), NOTHING);
      } finally {
        await ue.quit();
      }
    }
    assert.ok(most <= 4 * 7, `${most} states at once`);
    return `${most} states at most, ${(took / ROUNDS / EACH).toFixed(0)} ms each`;
  },
  200_000,
);

console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);
