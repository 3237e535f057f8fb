/** Runs in the guest kernel of espvm.sh: see ike.ts. Arguments: the built command `ims`, then parts of check names. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IkePolicy } from '../../../src/ims/security/index.js';
import { Suite } from '../suite.js';
import {
  ALICE,
  endStage,
  FOLDER,
  kernelOf,
  logOf,
  OWN_PORT,
  PORT,
  SECRET,
  startStage,
  until,
  viciOf,
  watchWire,
} from './ike-stage.js';
import { connectHosts, HOSTS } from './two-hosts.js';

const IMS = process.argv[2] ?? '';
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

const suite = new Suite(process.argv.slice(3));
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
