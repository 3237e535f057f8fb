/**
 * Runs in the guest kernel of espvm.sh: see ike.ts. Arguments: the built command `ims`, the bundled agent.ts, the
 * folder of the compiled kernels, then parts of check names.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IkePolicy } from '../../../src/ims/security/index.js';
import type { Account } from '../../../src/ims/account.js';
import { writeWav } from '../../sound/wav-file.js';
import { Suite } from '../suite.js';
import { AgentProcess } from './agent-process.js';
import {
  ALICE,
  endStage,
  FOLDER,
  kernelOf,
  logOf,
  order,
  OWN_PORT,
  PORT,
  SECRET,
  spisOf,
  startStage,
  until,
  viciOf,
  watchWire,
} from './ike-stage.js';
import { connectHosts, HOSTS } from './two-hosts.js';

const [, , IMS = '', AGENT = '', WASM = '', ...NAMES] = process.argv;
const LIMIT = 180_000;
const NOTHING = { states: 0, policies: 0 };
const IDS = { localId: ALICE, remoteId: 'pcscf.ims.test' };
const BY_SECRET: IkePolicy = { ...IDS, secret: SECRET, localPort: OWN_PORT };

interface Ims {
  readonly child: ChildProcess;
  /** Standard output and error. */
  text(): string;
}

/** `ims register` in the UE's namespace. */
function register(ike: IkePolicy, transport: 'udp' | 'tcp', ...more: string[]): Ims {
  const file = `${FOLDER}/ike.json`;
  writeFileSync(file, JSON.stringify(ike));
  const args = ['register', '--identity', `sip:${ALICE}`, '--password', 'secret', '--proxy', `${HOSTS.pcscf.v4}:${PORT}`, '--transport', transport, '--local-address', HOSTS.ue.v4, '--security', 'ipsec-ike', '--ipsec-ike', file, '--vici', viciOf('ue'), '--no-reg-event', '--trace', ...more]; // prettier-ignore
  const child = spawn('ip', ['netns', 'exec', 'ue', process.execPath, IMS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: FOLDER },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  return { child, text: () => text };
}

/** Registers and stays so. */
async function registered(ike: IkePolicy, transport: 'udp' | 'tcp'): Promise<Ims> {
  const ims = register(ike, transport, '--keep');
  const over = (): boolean => ims.child.exitCode !== null || /^Registered as/m.test(ims.text());
  const told = (): string => `${ims.text()}\n${logOf('ue')}\n${logOf('pcscf')}`;
  await until('registration', over, told);
  assert.match(ims.text(), /^Registered as/m, told());
  return ims;
}

async function interrupt({ child }: Ims): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

async function nothingLeft(): Promise<void> {
  await until('end of states and policies', () => kernelOf('ue').states + kernelOf('ue').policies === 0, () => JSON.stringify(kernelOf('ue')), 10);
  assert.deepEqual(kernelOf('ue'), NOTHING);
  await until('end of the states of the P-CSCF', () => kernelOf('pcscf').states === 0, () => logOf('pcscf'), 10);
} // prettier-ignore

const suite = new Suite(NAMES);
connectHosts();
await startStage();

for (const [name, ike] of [
  ['a secret', BY_SECRET],
  ['a certificate', { ...IDS, localPort: OWN_PORT, certificate: pem('ue.pem'), privateKey: pem('ue.key') }],
] as const)
  for (const transport of name === 'a secret' ? (['udp', 'tcp'] as const) : (['udp'] as const))
    await suite.check(
      `ESP by IKE, strongSwan at both ends, ${name}, ${transport}: ims register, nothing in clear after the 494`,
      async () => {
        const packets = await watchWire();
        const ims = await registered(ike, transport);
        const during = kernelOf('ue');
        assert.ok(during.states >= 2 && during.policies >= 4, JSON.stringify(during));
        await interrupt(ims);
        await nothingLeft();
        const lines = await packets();
        const esp = lines.filter((line) => line.includes('ESP(')).length;
        const clear = lines.filter((line) => line.includes(`.${OWN_PORT} `) || line.includes(`.${OWN_PORT}:`));
        assert.ok(esp >= 6, `${esp} packets of ESP\n${lines.join('\n')}`);
        assert.deepEqual(clear, []);
        const trace = ims.text();
        assert.match(trace, /494 Security Agreement Required/);
        assert.match(trace, /^Security-Verify: ipsec-ike;q=0.5/m);
        return `${esp} packets of ESP, ${during.states} states and ${during.policies} policies`;
      },
      LIMIT,
    );

await suite.check(
  'ESP by IKE through the companion: the page’s WebSocket, and nothing is left when it ends',
  async () => {
    const ue = new AgentProcess('ue', AGENT, ['env', `ESP_VICI=${viciOf('ue')}`]);
    const sound = `${FOLDER}/silence.wav`;
    writeWav(sound, { sampleRate: 8000, samples: new Int16Array(8000) });
    const account: Account = {
      publicIdentity: `sip:${ALICE}`,
      password: 'secret',
      proxy: `sip:${HOSTS.pcscf.v4}:${PORT};transport=udp`,
      localAddress: HOSTS.ue.v4,
      regEvent: false,
      security: { mechanisms: ['ipsec-ike'], ike: { ...IDS, secret: SECRET } },
    };
    try {
      await ue.tell({ do: 'start', account, through: 'companion', wasm: WASM, state: `${FOLDER}/state`, sound });
      const { security } = await ue.until(
        'registration',
        ({ registration }) => registration.state === 'registered' && registration,
      );
      assert.equal(security?.mechanism, 'ipsec-ike');
      const during = kernelOf('ue');
      assert.ok(during.states >= 2 && during.policies >= 4, JSON.stringify(during));
      await ue.tell({ do: 'stop' });
      await nothingLeft();
    } finally {
      await ue.quit();
    }
    return undefined;
  },
  LIMIT,
);

await suite.check(
  'ESP by IKE with new keys, and with a P-CSCF that lost the associations: the registration lives on, nothing in clear',
  async () => {
    const packets = await watchWire();
    const ims = await registered(BY_SECRET, 'udp');
    const before = spisOf('ue');
    order('pcscf', '--rekey', '--child', 'sip');
    const renewed = (): boolean => spisOf('ue').length >= 2 && !spisOf('ue').some((spi) => before.includes(spi));
    await until('new keys', renewed, () => `${logOf('ue')}\n${logOf('pcscf')}`, 30);
    order('pcscf', '--terminate', '--ike', 'secret');
    await until(
      'loss',
      () => spisOf('ue').length === 0,
      () => logOf('ue'),
      30,
    );
    assert.ok(kernelOf('ue').policies >= 4);
    await interrupt(ims);
    assert.match(ims.text(), /CSeq: \d+ REGISTER[^]*expires=0[^]*SIP\/2\.0 200 OK[^]*Not registered\s*$/);
    await nothingLeft();
    const lines = await packets();
    assert.deepEqual(
      lines.filter((line) => line.includes(`.${OWN_PORT} `) || line.includes(`.${OWN_PORT}:`)),
      [],
    );
    return `${lines.filter((line) => line.includes('isakmp')).length} messages of IKE`;
  },
  LIMIT,
);

await suite.check(
  'ESP by IKE with the wrong secret: the agreement has failed, nothing is sent on, nothing is left',
  async () => {
    const ims = register({ ...BY_SECRET, secret: 'something else' }, 'udp');
    const [status] = (await once(ims.child, 'exit')) as [number];
    const text = ims.text();
    assert.notEqual(status, 0);
    assert.match(text, /IKE: the ends do not know each other/, text);
    assert.doesNotMatch(text, /^Authorization:.*response="[^"]/m);
    await nothingLeft();
    return text
      .split('\n')
      .find((line) => line.includes('IKE:'))
      ?.trim();
  },
  LIMIT,
);

await suite.check(
  'ESP by IKE after a crash: the ports are closed to clear text, and the next run takes away what was left',
  async () => {
    const first = await registered(BY_SECRET, 'udp');
    const exited = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await exited;
    const left = kernelOf('ue');
    assert.ok(left.policies >= 4);
    const second = await registered(BY_SECRET, 'udp');
    await interrupt(second);
    await nothingLeft();
    return `${left.states} states and ${left.policies} policies left, then none`;
  },
  LIMIT,
);
endStage();
console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);

function pem(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8');
}
