import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import type { SecurityPolicy } from '../../../src/ims/security/index.js';
import { MemoryFabric, type MemoryPacket } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';
import { FakePcscf, K, OP } from './fake-pcscf.js';

export const IPSEC: SecurityPolicy = { mechanisms: ['ipsec-3gpp'] };

export async function world(security: SecurityPolicy = IPSEC, more: Partial<Account> = {}, v6 = false) {
  const [home, own, host] = v6
    ? ['2001:db8::10', '2001:db8::1', '[2001:db8::10]']
    : ['10.0.0.10', '10.0.0.1', '10.0.0.10'];
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(2), conditions: { delay: 5 } });
  const pcscf = new FakePcscf(fabric, home);
  const network = fabric.host(own);
  const agent = new UserAgent({
    account: {
      publicIdentity: 'sip:alice@ims.test',
      proxy: `sip:${host}`,
      localAddress: own,
      aka: { k: K, op: OP },
      security,
      ...more,
    },
    clock,
    random: new SeededRandom(3),
    network,
    media: new FakeMediaFactory(),
  });
  const packets: MemoryPacket[] = [];
  fabric.filter = (packet) => {
    packets.push(packet);
    return 'pass';
  };
  const listening = pcscf.listen();
  await clock.advance(20);
  await listening;
  return { clock, fabric, pcscf, network, agent, packets, own, home };
}

export type World = Awaited<ReturnType<typeof world>>;

export async function start({ agent, clock }: World, wait = 3000): Promise<void> {
  void agent.start();
  await clock.advance(wait);
}

export async function stop({ agent, clock }: World): Promise<void> {
  const stopped = agent.stop();
  await clock.advance(5000);
  await stopped;
}

export function text(packet: MemoryPacket): string {
  return new TextDecoder().decode(packet.data);
}

/** First lines of what went in clear. */
export function inClear({ packets }: World): string[] {
  return packets.filter(({ spi }) => spi === null).map((packet) => text(packet).split('\r\n')[0] ?? '');
}

/** Whole messages of ours that went over associations. */
export function secured({ packets, own }: World, method: string): string[] {
  return packets
    .filter(({ spi, from }) => spi !== null && from.address === own)
    .map(text)
    .filter((message) => message.startsWith(`${method} `));
}

export function header(message: string | undefined, name: string): string[] {
  return (message ?? '')
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
}
