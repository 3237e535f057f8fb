import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import UA, { type Socket } from 'jssip/lib/UA.js';
import { startCore } from '../demo/core/start-core.js';
import type { Account } from '../src/ims/account.js';
import { UserAgent } from '../src/ims/index.js';
import type { MediaFactory } from '../src/ims/session/media-session.js';
import { MemoryFabric } from '../src/net/memory-network.js';
import { NetworkError, type Network, type UdpSocket } from '../src/net/network.js';
import { SystemClock } from '../src/platform/system-clock.js';
import { SystemRandom } from '../src/platform/system-random.js';
import { writeWav } from '../test/sound/wav-file.js';
import { sine } from '../test/sound/synthetic.js';
import { AKA_KEYS, ImsCore } from '../test/interop/peers/ims-core.js';
import { Kamailio } from '../test/interop/peers/kamailio.js';
import { PageStage } from '../test/interop/peers/page-stage.js';
import { median, type BenchResult } from './bench-result.js';
import { measureSets } from './ipsec-set.js';

const ROUNDS = 5;
/** User agents that register at once: what their timers wait for does not count then. */
const AGENTS = 200;
const PAGE_LOADS = 7;
const HOME = '10.0.0.1';
const [clock, random] = [new SystemClock(), new SystemRandom()];

/** How fast the stack registers by itself, and how long a person waits for it. */
export async function run(): Promise<BenchResult[]> {
  return [...(await stackAlone()), ...(await sets()), ...(await pages())];
}

/** Registrations by digest in a second, against the demo's registrar in the same process, beside jssip's against the same. */
async function stackAlone(): Promise<BenchResult[]> {
  const rates = { ours: [] as number[], jssip: [] as number[] };
  // The first round is to warm up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, register] of Object.entries({ ours: registerOurs, jssip: registerJsSip })) {
      const rate = await measure(register);
      if (round > 0) rates[name === 'ours' ? 'ours' : 'jssip'].push(rate);
    }
  }
  const [ours, peerValue] = [median(rates.ours), median(rates.jssip)];
  const unit = 'registrations/s';
  return [{ name: 'registrations by digest', unit, ours, peer: 'jssip 3.13', peerValue, ratio: ours / peerValue }];
}

type Register = (network: Network, address: string, user: string) => Promise<() => void | Promise<void>>;

async function measure(register: Register): Promise<number> {
  const fabric = new MemoryFabric({ clock, random });
  const users = Array.from({ length: AGENTS }, (_, i) => `user${i}`);
  const core = await startCore({
    network: fabric.host(HOME),
    clock,
    random,
    domain: 'ims.test',
    subscribers: users.map((user) => ({ user, password: 'secret' })),
    listen: { address: HOME, udp: 5060 },
  });
  const start = performance.now();
  const ends = await Promise.all(
    users.map((user, i) => {
      const address = `10.0.${1 + (i >> 7)}.${1 + (i & 127)}`;
      return register(fabric.host(address), address, user);
    }),
  );
  const took = performance.now() - start;
  for (const end of ends) await end();
  core.close();
  return (1000 * AGENTS) / took;
}

const NO_MEDIA: MediaFactory = {
  create: () => {
    throw new Error('no calls here');
  },
};

async function registerOurs(network: Network, localAddress: string, user: string): Promise<() => Promise<void>> {
  const account: Account = {
    publicIdentity: `sip:${user}@ims.test`,
    password: 'secret',
    proxy: `sip:${HOME}`,
    localAddress,
    localPort: 5060,
    regEvent: false,
  };
  const agent = new UserAgent({ account, network, clock, random, media: NO_MEDIA });
  await agent.start();
  if (agent.snapshot.registration.state !== 'registered') throw new Error(`${user} is not registered`);
  return () => agent.stop();
}

/** jssip over the same simulated UDP. */
class DatagramSocket implements Socket {
  readonly via_transport = 'UDP';
  readonly url = `udp://${HOME}`;
  readonly sip_uri = `sip:${HOME};transport=udp`;
  onconnect: Socket['onconnect'] = null;
  ondisconnect: Socket['ondisconnect'] = null;
  ondata: Socket['ondata'] = null;
  #connected = false;

  constructor(private readonly udp: UdpSocket) {
    udp.onMessage = (data) => this.ondata?.(new TextDecoder().decode(data));
  }

  connect(): void {
    this.#connected = true;
    queueMicrotask(() => this.onconnect?.());
  }

  disconnect(): void {
    this.udp.close();
  }

  send(data: string): boolean {
    this.udp.send(new TextEncoder().encode(data), { address: HOME, port: 5060 });
    return true;
  }

  isConnected(): boolean {
    return this.#connected;
  }

  isConnecting(): boolean {
    return false;
  }
}

async function registerJsSip(network: Network, address: string, user: string): Promise<() => void> {
  const udp = await network.bindUdp({ address, port: 5060 });
  const agent = new UA({
    sockets: [new DatagramSocket(udp)],
    uri: `sip:${user}@ims.test`,
    password: 'secret',
    register_expires: 600,
  });
  await new Promise<void>((resolve, reject) => {
    agent.on('registered', resolve);
    agent.on('registrationFailed', () => reject(new Error(`${user} is not registered`)));
    agent.start();
  });
  return () => agent.stop();
}

async function sets(): Promise<BenchResult[]> {
  try {
    return await measureSets();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    console.log(`IPsec sets are not measured here: ${error.message}`);
    return [];
  }
}

/** From page load to registered at a real P-, I- and S-CSCF with an HSS, by UDP through the companion. */
async function pages(): Promise<BenchResult[]> {
  if (!Kamailio.present) {
    console.log('Registration at an IMS core is not measured here: there is no lab.');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'ims-bench-'));
  const core = new ImsCore(join(folder, 'ims'));
  const tone = join(folder, 'tone.wav');
  writeWav(tone, sine(440, 1));
  try {
    await core.start();
    const stage = await PageStage.start(folder, tone);
    const common = { proxy: core.proxy('udp'), domain: core.domain };
    try {
      const measured: BenchResult[] = [];
      for (const [how, account] of [
        ['digest', { ...common, publicIdentity: 'sip:carol@ims.test', password: 'carol-secret' }],
        ['AKAv1-MD5', { ...common, publicIdentity: 'sip:alice@ims.test', aka: AKA_KEYS.alice }],
      ] as const) {
        const times: number[] = [];
        for (let i = 0; i < PAGE_LOADS; i++) times.push(await (await stage.open(account)).registrationTime());
        const ours = median(times);
        const name = `page load to registered at an IMS core by ${how}`;
        measured.push({ name, unit: 'ms', ours, peer: 'the limit', peerValue: 1000, ratio: 1000 / ours });
      }
      return measured;
    } finally {
      await stage.close();
    }
  } finally {
    await core.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
