import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Account } from '../../../src/ims/account.js';
import type { CallSnapshot } from '../../../src/ims/snapshot.js';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import { ENCRYPTION_ALGORITHMS, INTEGRITY_ALGORITHMS } from '../../../src/net/ipsec.js';
import type { Suite } from '../suite.js';
import type { AgentProcess } from './agent-process.js';
import { account, addressOf, identityOf, PCSCF, start, variable, xfrmDrops } from './guest.js';
import { accessHeard, configureForV6, giveAddresses, PCSCF_V6, restartPcscf, UE_V6 } from './pcscf-v6.js';
import { LIMIT, registered, stop, tellTraces, type Stage } from './stage.js';

/** How what we forge begins, and nothing else in clear. */
const FORGED = `OPTIONS sip:alice@${addressOf(1)} SIP/2.0`;
const ACCESS = 'IEEE-802.11;i-wlan-node-id=001122334455';
/** Packets of speech that each side must have heard: half a second. */
const SPEECH = 25;

interface Kind {
  readonly name: string;
  readonly transport: 'udp' | 'tcp';
  readonly security: SecurityPolicy;
}

/** Each transport with each pair of algorithms. */
const KINDS: readonly Kind[] = (['udp', 'tcp'] as const).flatMap((transport) =>
  INTEGRITY_ALGORITHMS.flatMap((integrity) =>
    ENCRYPTION_ALGORITHMS.map((encryption) => ({
      name: `${transport}/${integrity}/${encryption}: registration, calls both ways, hand-over, nothing but ESP on the wire`,
      transport,
      security: { mechanisms: ['ipsec-3gpp'], integrity: [integrity], encryption: [encryption] },
    })),
  ),
);

/** Everything that signalling does goes over the four associations. */
export async function combinations(suite: Suite, stage: Stage): Promise<void> {
  for (const { name, transport, security } of KINDS)
    await suite.check(
      `ESP ${name}, clear text dropped`,
      () => watched(stage, accountsOf(transport, security), PCSCF, true),
      LIMIT,
    );
}

/** The same by IPv6, against the lab's P-CSCF with a configuration for that. */
export async function combinationsV6(suite: Suite, stage: Stage): Promise<void> {
  const nameOf = ({ name }: Kind): string => `ESP over IPv6 with the P-CSCF, ${name}`;
  if (!KINDS.some((kind) => suite.wants(nameOf(kind)))) return;
  await giveAddresses(stage);
  await restartPcscf((configuration) => configureForV6(configuration, PCSCF));
  for (const kind of KINDS) {
    const accounts = accountsOf(kind.transport, kind.security).map((of, i) => ({
      ...of,
      proxy: `sip:[${PCSCF_V6}]:5060;transport=${kind.transport}`,
      localAddress: UE_V6[i] ?? '',
      accessNetworkInfo: ACCESS,
    }));
    await suite.check(
      nameOf(kind),
      async () => {
        const before = accessHeard().length;
        const told = await watched(stage, accounts, PCSCF_V6, false);
        // TS 24.229 §5.1.1.2: nobody but the P-CSCF is to know where we are.
        const heard = new Set(accessHeard().slice(before));
        assert.deepEqual([...heard].sort(), ['protected=0 access=<null>', `protected=1 access=${ACCESS}`]);
        return told;
      },
      LIMIT,
    );
  }
  execFileSync(variable('ESP_RESET'), { stdio: 'ignore' });
}

export async function throughCompanion(suite: Suite, stage: Stage): Promise<void> {
  await suite.check(
    'ESP through the companion: the page’s WebSocket, calls both ways, hand-over',
    async () => {
      await life(stage, accountsOf('udp', { mechanisms: ['ipsec-3gpp'] }), 'companion', false);
      return undefined;
    },
    LIMIT,
  );
}

function accountsOf(transport: 'udp' | 'tcp', security: SecurityPolicy): readonly Account[] {
  return [account(1, transport, security), account(2, transport, security)];
}

/** A life with the wire watched: nothing but ESP between a UE and the P-CSCF after the first 401. */
async function watched(stage: Stage, accounts: readonly Account[], pcscf: string, forges: boolean): Promise<string> {
  const begin = Date.now();
  const left = await life(stage, accounts, 'node', forges);
  assert.ok(stage.agents.every(({ traces }) => traces.some(({ text }) => text.startsWith('NOTIFY '))));
  const seen = await Promise.all(
    stage.captures.map((capture, i) => capture.since(begin, pcscf, left[i], portsOf(stage.agents[i]))),
  );
  for (const { esp, clear, challenge } of seen) {
    assert.ok(challenge, 'no first 401 in clear');
    const ours = clear.filter((packet) => !packet.includes(FORGED));
    assert.deepEqual(ours, []);
    assert.ok(esp > 20, `${esp} packets of ESP`);
  }
  return `${seen.map(({ esp }) => esp).join(' + ')} packets of ESP`;
}

/** Every port that an agent sent from or heard at. */
export function portsOf(ue: AgentProcess | undefined): ReadonlySet<number> {
  return new Set(ue?.traces.map(({ local }) => Number(local.split(':')[1])));
}

function assertWanted(inForce: string, of: Account | undefined): void {
  const { integrity, encryption } = of?.security ?? {};
  if (integrity && encryption) assert.equal(inForce, `${integrity.join()} ${encryption.join()}`);
}

/** Two user agents from the first REGISTER to the last: their SUBSCRIBE and NOTIFY, calls, a re-registration. @returns when each left */
async function life(
  stage: Stage,
  accounts: readonly Account[],
  through: 'node' | 'companion',
  forges: boolean,
): Promise<number[]> {
  const [alice, bob] = stage.agents;
  try {
    await Promise.all(accounts.map((of, i) => start(i === 0 ? alice : bob, of, through)));
    for (const ue of stage.agents) assertWanted(await registered(ue), accounts[0]);
    await call(alice, bob, identityOf(2), alice, allHear);
    // The call comes while the associations change, and ends over the new ones.
    const handOver = alice.tell({ do: 'register' });
    await call(bob, alice, identityOf(1), alice, async () => {
      await handOver;
      assertWanted(await registered(alice), accounts[0]);
    });
    if (forges) await dropped(stage, accounts[0]?.proxy?.endsWith('tcp') === true ? 'tcp' : 'udp');
    return await stop(stage);
  } catch (error) {
    tellTraces(stage.agents);
    await Promise.all(stage.agents.map((ue) => ue.tell({ do: 'stop' })));
    throw error;
  }
}

type Calls = { readonly calls: readonly CallSnapshot[] };

type Meanwhile = (sides: readonly AgentProcess[], known: ReadonlySet<string>) => Promise<void>;

/** Each side hears the tone of the other. */
const allHear: Meanwhile = async (sides, known) => {
  const heard = ({ calls }: Calls): boolean =>
    calls.some(
      ({ id, quality }) =>
        !known.has(id) && (quality?.packetsReceived ?? 0) > SPEECH && (quality?.outputLevel ?? 0) > 0.1,
    );
  await Promise.all(sides.map((side) => side.until('tone of the other side', heard)));
};

/** `caller` calls, the other side answers; after `meanwhile`, `hangsUp` ends it. */
async function call(
  caller: AgentProcess,
  callee: AgentProcess,
  target: string,
  hangsUp: AgentProcess,
  meanwhile: Meanwhile,
): Promise<void> {
  const known = new Set([...(caller.last?.calls ?? []), ...(callee.last?.calls ?? [])].map(({ id }) => id));
  await caller.tell({ do: 'call', target });
  const ringing = await callee.until('ringing call', ({ calls }) =>
    calls.find(({ id, state }) => !known.has(id) && state === 'ringing-in'),
  );
  await callee.tell({ do: 'answer', id: ringing.id });
  const active = ({ calls }: Calls): CallSnapshot | undefined =>
    calls.find(({ id, state }) => !known.has(id) && state === 'active');
  const [one, other] = [await caller.until('answered call', active), await callee.until('answered call', active)];
  await meanwhile([caller, callee], known);
  await hangsUp.tell({ do: 'hangup', id: hangsUp === caller ? one.id : other.id });
  const over =
    (id: string) =>
    ({ calls }: Calls): boolean =>
      calls.every((each) => each.id !== id || each.state === 'ended');
  await caller.until('end of the call', over(one.id));
  await callee.until('end of the call', over(other.id));
}

/** Clear text to a protected port: what a policy is for, the kernel drops; the rest the stack does not hear. */
async function dropped({ agents: [ue], shells: [shell], forger }: Stage, transport: 'udp' | 'tcp'): Promise<void> {
  const isNotify = ({ direction, text }: { direction: string; text: string }): boolean =>
    direction === 'in' && text.startsWith('NOTIFY ');
  const [last] = ue.traces.filter(isNotify).slice(-1);
  // Requests come from the client port of the P-CSCF to our server port; by TCP, over a connection from there.
  const serverPort = Number(last?.local.split(':')[1]);
  const peerPort = Number(last?.remote.split(':')[1]);
  assert.ok(serverPort > 0 && peerPort > 0, 'no request came over the associations');
  const before = await xfrmDrops(shell);
  const tag = `${Date.now()}`;
  const options = (id: string): string =>
    `${FORGED}\r\nVia: SIP/2.0/UDP ${PCSCF}:${peerPort};branch=z9hG4bK${id}${tag}\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:alice@z>\r\nCall-ID: ${id}-${tag}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;
  await forger.datagram([PCSCF, peerPort], [addressOf(1), serverPort], options('policy'));
  if (transport === 'tcp') await forger.syn([PCSCF, peerPort], [addressOf(1), serverPort]);
  await forger.datagram([PCSCF, 40000], [addressOf(1), serverPort], options('port'));
  await forger.datagram([PCSCF, 5060], [addressOf(1), 5060], options('unprotected'));
  for (let i = 0; i < 50 && !ue.traces.some(({ text }) => text.includes(`Call-ID: unprotected-${tag}`)); i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const about = ue.traces.filter(({ text }) => text.includes(`-${tag}\r\n`));
  const drops = (await xfrmDrops(shell)) - before;
  assert.ok(drops >= (transport === 'tcp' ? 2 : 1), `the kernel counted ${drops} drops`);
  assert.ok(!about.some(({ text }) => text.includes('Call-ID: policy')), 'the kernel let a forged datagram pass');
  const heard = about.find(({ text }) => text.includes('Call-ID: port'));
  assert.ok(heard?.note !== undefined, 'what no policy catches is dropped by the stack');
  assert.deepEqual(
    about.filter(({ direction }) => direction === 'out'),
    [],
    'a forged request is answered',
  );
}
