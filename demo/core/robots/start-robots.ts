import type { WasmModules } from '../../../src/media/wasm/wasm-modules.js';
import type { Network } from '../../../src/net/network.js';
import type { Clock } from '../../../src/platform/clock.js';
import { silentLogger, type Logger } from '../../../src/platform/logger.js';
import { randomToken, type Random } from '../../../src/platform/random.js';
import type { Core } from '../start-core.js';
import type { Subscriber } from '../subscribers.js';
import { EchoVoice } from './echo-voice.js';
import { CHIME, MelodyVoice } from './melody-voice.js';
import { Robot, type Manners } from './robot.js';
import { TimeVoice } from './time-voice.js';

export interface RobotsOptions {
  readonly core: Core;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly modules: WasmModules;
  readonly logger?: Logger;
}

const MANNERS: Readonly<Record<string, (clock: Clock) => Manners>> = {
  echo: () => ({ answer: () => new EchoVoice(), writesBack: true }),
  announcement: () => ({ answer: () => new MelodyVoice(CHIME) }),
  time: (clock) => ({ answer: () => new TimeVoice(clock) }),
  busy: () => ({ refuse: 486 }),
  noanswer: () => 'ring',
};

const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  echo: 'Echo',
  announcement: 'Announcement',
  time: 'Time signal',
};

/** Subscribers for the robots, to be given to the core, with passwords nobody else knows. */
export function robotSubscribers(random: Random): Subscriber[] {
  return Object.keys(MANNERS).map((user) => ({ user, password: randomToken(random, 24), ...nameOf(user) }));
}

/** Registers every robot that the core knows. @returns ends them all */
export async function startRobots(options: RobotsOptions): Promise<() => Promise<void>> {
  const { core, network, clock, random, modules, logger = silentLogger } = options;
  const robots: Robot[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(robots.map((robot) => robot.stop()));
  };
  for (const { user, password } of core.subscribers) {
    const manners = MANNERS[user]?.(clock);
    if (!manners) continue;
    const account = {
      publicIdentity: `sip:${user}@${core.domain}`,
      password,
      proxy: core.proxyUri('udp'),
      ...nameOf(user),
    };
    robots.push(new Robot({ account, network, clock, random, modules, logger, manners }));
  }
  try {
    await Promise.all(robots.map((robot) => robot.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function nameOf(user: string): { displayName?: string } {
  const displayName = DISPLAY_NAMES[user];
  return displayName === undefined ? {} : { displayName };
}
