import type { Account } from '../../../src/ims/account.js';
import { UserAgent } from '../../../src/ims/agent/user-agent.js';
import type { CallSnapshot } from '../../../src/ims/snapshot.js';
import { MemoryFabric, type MemoryNetwork } from '../../../src/net/memory-network.js';
import { SeededRandom } from '../../platform/seeded-random.js';
import { VirtualClock } from '../../platform/virtual-clock.js';
import { FakeMediaFactory } from '../session/fake-media-session.js';

export interface Phone {
  readonly agent: UserAgent;
  readonly media: FakeMediaFactory;
  readonly network: MemoryNetwork;
  readonly trace: string[];
}

/** Two user agents on one wire, without a proxy between them. */
export async function twoAgents(
  seed = 1,
  conditions: MemoryFabric['conditions'] = { delay: 10 },
  account: Partial<Account> = {},
) {
  const clock = new VirtualClock();
  const fabric = new MemoryFabric({ clock, random: new SeededRandom(seed), conditions });
  const make = (name: string, address: string): Phone => {
    const network = fabric.host(address);
    const media = new FakeMediaFactory();
    const agent = new UserAgent({
      account: { publicIdentity: `sip:${name}@${address}`, register: false, localPort: 5060, ...account },
      clock,
      random: new SeededRandom(seed * 31 + address.charCodeAt(address.length - 1)),
      network,
      media,
      userAgent: 'test',
    });
    const trace: string[] = [];
    agent.events.on('trace', ({ direction, text, time }) =>
      trace.push(`${time % 1e6} ${direction} ${text.split('\r\n')[0] ?? ''}`),
    );
    return { agent, media, network, trace };
  };
  const a = make('alice', '10.0.0.1');
  const b = make('bob', '10.0.0.2');
  const started = Promise.all([a.agent.start(), b.agent.start()]);
  await clock.advance(50);
  await started;
  return { clock, fabric, a, b };
}

export function call(phone: Phone): CallSnapshot | undefined {
  return phone.agent.snapshot.calls.at(-1);
}

export function state(phone: Phone): string {
  return call(phone)?.state ?? 'none';
}
