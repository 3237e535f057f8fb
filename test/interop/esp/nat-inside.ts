/** Runs in the guest kernel of espvm.sh: see nat.ts. Arguments: the bundled agent.ts and nat-pcscf.ts, the folder of kernels, parts of names. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Account } from '../../../src/ims/account.js';
import type { CallSnapshot } from '../../../src/ims/snapshot.js';
import { K, OP } from '../../ims/security/fake-pcscf.js';
import { sine } from '../../sound/synthetic.js';
import { writeWav } from '../../sound/wav-file.js';
import { Suite } from '../suite.js';
import { AgentProcess } from './agent-process.js';
import { Capture, type CapturedPacket } from './capture.js';
import type { Happening, Order } from './nat-pcscf.js';
import { ip } from './two-hosts.js';

const UE = '10.9.0.1';
const NAT = '192.0.2.1';
const PCSCF = '192.0.2.10';
const SOUND = '/tmp/nat-tone.wav';
/** RFC 3948: what an encapsulated packet to or from the P-CSCF has at the P-CSCF's end. */
const ENCAPSULATION = 4500;
/** RTP and RTCP of the party behind the P-CSCF. */
const MEDIA: ReadonlySet<number> = new Set([40000, 40001]);
const ENOUGH = 20_000;

/** A link to a namespace, which is called like it at its end. */
function wire(host: string, address: string, via: string): void {
  ip('netns', 'add', host);
  ip('-n', host, 'link', 'set', 'lo', 'up');
  ip('link', 'add', `to-${host}`, 'netns', 'nat', 'type', 'veth', 'peer', 'name', host, 'netns', host);
  ip('-n', 'nat', 'addr', 'add', `${via}/24`, 'dev', `to-${host}`);
  ip('-n', 'nat', 'link', 'set', `to-${host}`, 'up');
  ip('-n', host, 'addr', 'add', `${address}/24`, 'dev', host);
  ip('-n', host, 'link', 'set', host, 'up');
  ip('-n', host, 'route', 'add', 'default', 'via', via);
}

function inNat(...command: readonly [string, ...string[]]): string {
  return execFileSync('ip', ['netns', 'exec', 'nat', ...command]).toString();
}

/** The NAT rewrites address and port, and lets nothing in that nobody inside began. */
function buildNat(): void {
  execFileSync('modprobe', ['-a', 'iptable_nat', 'iptable_filter', 'xt_MASQUERADE', 'xt_conntrack']);
  ip('netns', 'add', 'nat');
  wire('ue', UE, '10.9.0.254');
  wire('pcscf', PCSCF, NAT);
  const rules = [
    ...['udp', 'tcp'].map(
      (protocol) => `-t nat -A POSTROUTING -o to-pcscf -p ${protocol} -j MASQUERADE --to-ports 40000-50000 --random`,
    ),
    '-P FORWARD DROP',
    '-A FORWARD -i to-ue -j ACCEPT',
    '-A FORWARD -i to-pcscf -m conntrack --ctstate ESTABLISHED -j ACCEPT',
  ];
  for (const rule of rules) inNat('iptables-legacy', ...rule.split(' '));
  inNat('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
}

/** Seconds after which the NAT forgets who said nothing. */
function forgetAfter(seconds: number): void {
  for (const name of ['udp_timeout', 'udp_timeout_stream'])
    inNat('sh', '-c', `echo ${seconds} > /proc/sys/net/netfilter/nf_conntrack_${name}`);
}

/** The P-CSCF of nat-pcscf.ts. */
class Pcscf {
  readonly happened: Happening[] = [];
  readonly #child;
  readonly #watchers = new Set<() => void>();

  constructor(program: string) {
    this.#child = spawn('ip', ['netns', 'exec', 'pcscf', process.execPath, program, PCSCF, NAT], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.happened.push(JSON.parse(line) as Happening);
      for (const look of [...this.#watchers]) look();
    });
  }

  get mapping(): number | null {
    return this.happened.slice(-1)[0]?.mapping ?? null;
  }

  order(order: Order): void {
    this.#child.stdin.write(`${order}\n`);
  }

  /** @param from how many things happened before @returns null: not within `ms` */
  until(what: RegExp, from: number, ms = ENOUGH): Promise<Happening | null> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.happened.slice(from).find((each) => what.test(each.what));
        if (found) done(found);
      };
      const done = (found: Happening | null): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => done(null), ms);
      this.#watchers.add(look);
      look();
    });
  }

  end(): void {
    this.#child.stdin.end();
  }
}

const [agentProgram = '', pcscfProgram = '', wasm = '', ...names] = process.argv.slice(2);
const suite = new Suite(names);
buildNat();
writeWav(SOUND, sine(440, 10));
const pcscf = new Pcscf(pcscfProgram);
await pcscf.until(/^ready$/, 0);
const captures = { inside: await Capture.start('ue'), beyond: await Capture.start('nat', 'to-pcscf') };
const ue = new AgentProcess('ue', agentProgram, []);
const account: Account = {
  publicIdentity: 'sip:alice@ims.test',
  proxy: `sip:${PCSCF};transport=udp`,
  localAddress: UE,
  aka: { k: K, op: OP },
  security: { mechanisms: ['ipsec-3gpp'] },
  regEvent: false,
};
const begin = Date.now();

/** What is neither ESP in UDP nor a keep-alive for it, after the second challenge; the RTP of the call is another matter. */
function inClear(packets: readonly CapturedPacket[]): string[] {
  const text = ({ payload }: CapturedPacket): string => Buffer.from(payload.subarray(0, 60)).toString('latin1');
  const challenges = packets.filter((packet) => text(packet).startsWith('SIP/2.0 401'));
  const agreed = challenges[1];
  assert.ok(agreed, 'not two challenges in clear');
  return packets
    .slice(packets.indexOf(agreed) + 1)
    .filter(({ protocol, fromPort, toPort, payload }) => {
      const isLaterFragment = fromPort === 0;
      const encapsulated = fromPort === ENCAPSULATION || toPort === ENCAPSULATION;
      return (
        payload.length > 0 &&
        [6, 17].includes(protocol) &&
        !encapsulated &&
        !MEDIA.has(fromPort) &&
        !MEDIA.has(toPort) &&
        !isLaterFragment
      );
    })
    .map((packet) => `${packet.from}:${packet.fromPort} ${packet.to}:${packet.toPort} ${text(packet)}`);
}

const registered = (): Promise<unknown> =>
  ue.until(
    'registration',
    ({ registration }) => registration.state === 'registered' && registration.security !== null,
    30,
  );
/** The P-CSCF asks us something over the last associations. @returns whether it was answered */
async function reached(ms = ENOUGH): Promise<boolean> {
  const from = pcscf.happened.length;
  pcscf.order('options');
  return (await pcscf.until(/^OPTIONS 200$/, from, ms)) !== null;
}
const active = ({ calls }: { calls: readonly CallSnapshot[] }): CallSnapshot | undefined =>
  calls.find(({ state }) => state === 'active');
const over = ({ calls }: { calls: readonly CallSnapshot[] }): boolean => calls.every(({ state }) => state === 'ended');

await suite.check('NAT: noticed, UDP-enc-tun agreed on by itself, registered through it', async () => {
  forgetAfter(120);
  await ue.tell({ do: 'start', account, through: 'node', wasm, state: '/tmp/nat-state', sound: SOUND });
  await registered();
  const offers = ue.traces.filter(({ direction, text }) => direction === 'out' && text.startsWith('REGISTER '));
  assert.ok(!offers[0]?.text.includes('UDP-enc-tun'), 'offered before a NAT was seen');
  assert.match(offers.slice(-1)[0]?.text ?? '', /Security-Verify:.*mod=UDP-enc-tun/);
  await reached();
  assert.ok(pcscf.mapping !== null && pcscf.mapping >= 40000, `the NAT uses port ${pcscf.mapping}`);
  return `port 4500 of ours is port ${pcscf.mapping} of the NAT`;
});
await suite.check('NAT: a call from us, a call to us, hung up by either side', async () => {
  let from = pcscf.happened.length;
  await ue.tell({ do: 'call', target: 'sip:far@ims.test' });
  const { id } = await ue.until('answered call', active);
  assert.ok(await pcscf.until(/^ACK$/, from), 'no ACK');
  await ue.tell({ do: 'hangup', id });
  assert.ok(await pcscf.until(/^BYE$/, from), 'no BYE');
  from = pcscf.happened.length;
  pcscf.order('call');
  const ringing = await ue.until('ringing call', ({ calls }) => calls.find(({ state }) => state === 'ringing-in'));
  await ue.tell({ do: 'answer', id: ringing.id });
  await ue.until('answered call', active);
  assert.ok(await pcscf.until(/^INVITE 200$/, from), 'not answered');
  pcscf.order('hangup');
  assert.ok(await pcscf.until(/^BYE 200$/, from), 'no answer to BYE');
  await ue.until('end of the call', over);
  return undefined;
});
await suite.check('NAT: registered again over new associations, reached through them', async () => {
  await ue.tell({ do: 'register' });
  await registered();
  assert.ok(await reached(), 'not reached');
  return undefined;
});
await suite.check('NAT that forgets after 30 s: the keep-alive holds its port over 70 s of silence', async () => {
  forgetAfter(30);
  const { mapping } = pcscf;
  // What is known already has the old time until its next packet.
  assert.ok(await reached());
  const start = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 70_000));
  assert.ok(await reached(5000), 'not reached');
  assert.equal(pcscf.mapping, mapping);
  const alive = (await captures.beyond.all(start)).filter(({ payload }) => payload.length === 1 && payload[0] === 0xff);
  assert.ok(alive.length >= 3, `${alive.length} keep-alives`);
  return `port ${mapping}, ${alive.length} keep-alives seen beyond the NAT`;
});
await suite.check(
  'NAT that forgets after 5 s: lost between two keep-alives, reached again after the next, by another port',
  async () => {
    forgetAfter(5);
    const { mapping } = pcscf;
    let from = pcscf.happened.length;
    pcscf.order('options');
    await pcscf.until(/^OPTIONS 200$/, from);
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    from = pcscf.happened.length;
    pcscf.order('options');
    assert.equal(await pcscf.until(/^OPTIONS 200$/, from, 3000), null, 'reached without a mapping');
    forgetAfter(120);
    await ue.tell({ do: 'register' });
    await registered();
    from = pcscf.happened.length;
    pcscf.order('options');
    assert.ok(await pcscf.until(/^OPTIONS 200$/, from), 'not reached again');
    assert.notEqual(pcscf.mapping, mapping);
    return `port ${mapping}, then ${pcscf.mapping}`;
  },
);
await suite.check('NAT: nothing but ESP in UDP on either side of it', async () => {
  await ue.tell({ do: 'unregister' });
  await ue.tell({ do: 'stop' });
  for (const capture of [captures.inside, captures.beyond]) assert.deepEqual(inClear(await capture.all(begin)), []);
  const beyond = (await captures.beyond.all(begin)).filter(
    ({ to, toPort }) => to === PCSCF && toPort === ENCAPSULATION,
  );
  assert.ok(beyond.every(({ from, fromPort }) => from === NAT && fromPort >= 40000));
  return `${beyond.length} packets from the NAT`;
});
if (suite.failed > 0) {
  console.log(pcscf.happened.map(({ what, mapping }) => `${what} (${mapping})`).join(', '));
  for (const { direction, local, remote, text } of ue.traces.slice(-40))
    console.log(direction, local, remote, text.split('\r\n')[0]);
}
await ue.quit();
pcscf.end();
await Promise.all(Object.values(captures).map((capture) => capture.stop()));
console.log(suite.summary());
process.exit(suite.failed === 0 && suite.passed > 0 ? 0 : 1);
