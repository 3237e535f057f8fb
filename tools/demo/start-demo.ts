import { NodeNetwork } from '../../companion/native/node-network.js';
import { startCompanion, type Companion } from '../../companion/server/companion.js';
import { robotSubscribers, startRobots } from '../../demo/core/robots/start-robots.js';
import { startCore, type Core } from '../../demo/core/start-core.js';
import type { Subscriber } from '../../demo/core/subscribers.js';
import type { Account } from '../../src/ims/account.js';
import { NetworkError } from '../../src/net/network.js';
import { silentLogger, type Logger } from '../../src/platform/logger.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { WasmFromDisk } from '../wasm-from-disk.js';
import { PageServer } from './page-server.js';

export interface DemoOptions {
  /** Folder of the built page. */
  readonly directory: string;
  /** Folder of the compiled kernels. */
  readonly wasm: string;
  /** Port of the page; taken: any other if `strict` is not set. 0: any. */
  readonly port: number;
  readonly strictPort?: boolean;
  /** Port of the core, 0: any free one. */
  readonly sipPort?: number;
  readonly stateDirectory?: string;
  readonly logger?: Logger;
}

export interface Demo {
  readonly url: string;
  readonly core: Core;
  readonly companion: Companion;
  readonly accounts: readonly Account[];
  close(): Promise<void>;
}

const DOMAIN = 'ims.test';
const ADDRESS = '127.0.0.1';
/** The people of the demo: everything is on loopback, so their passwords are no secret. */
export const PEOPLE: readonly Subscriber[] = [
  { user: 'alice', password: 'alice-secret', displayName: 'Alice', number: '+15550101' },
  { user: 'bob', password: 'bob-secret', displayName: 'Bob', number: '+15550102' },
  { user: 'carol', password: 'carol-secret', displayName: 'Carol', number: '+15550103' },
];

/** Core, robots, companion and page in one process, on loopback. @throws Error with a sentence that says what to do */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { logger = silentLogger } = options;
    const [clock, random] = [new SystemClock(), new SystemRandom()];
    const network = new NodeNetwork();
    closers.push(() => network.close());
    const subscribers = [...PEOPLE, ...robotSubscribers(random)];
    const port = options.sipPort ?? 0;
    const core = await startCore({
      network,
      clock,
      random,
      logger,
      domain: DOMAIN,
      subscribers,
      listen: { address: ADDRESS, udp: port, tcp: port },
    });
    closers.push(() => core.close());
    closers.push(await startRobots({ core, network, clock, random, logger, modules: new WasmFromDisk(options.wasm) }));
    const accounts = PEOPLE.map((person) => accountOf(person, core));
    let companionUrl = '';
    const page = await startPage(options, () => ({ companionUrl, accounts }));
    closers.push(() => page.close());
    const state = options.stateDirectory === undefined ? {} : { stateDirectory: options.stateDirectory };
    const companion = await startCompanion({ port: 0, trustedOrigins: page.origins, ...state });
    closers.push(() => companion.close());
    companionUrl = `http://127.0.0.1:${companion.port}`;
    return { url: page.url, core, companion, accounts, close };
  } catch (error) {
    await close();
    throw error instanceof NetworkError
      ? new Error(`The demo could not open a port on ${ADDRESS}: ${error.message}`)
      : error;
  }
}

async function startPage(options: DemoOptions, configuration: () => unknown): Promise<PageServer> {
  const { directory, port, strictPort = false } = options;
  try {
    return await PageServer.start({ directory, port, configuration });
  } catch (error) {
    if (strictPort) throw new Error(`Port ${port} is taken: choose another one with --port`, { cause: error });
    return PageServer.start({ directory, port: 0, configuration });
  }
}

function accountOf(person: Subscriber, core: Core): Account {
  const { user, password, displayName } = person;
  return {
    publicIdentity: `sip:${user}@${core.domain}`,
    password,
    domain: core.domain,
    proxy: core.proxyUri('udp'),
    ...(displayName === undefined ? {} : { displayName }),
  };
}
