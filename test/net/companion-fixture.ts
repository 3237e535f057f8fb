import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startCompanion, type Companion, type CompanionOptions } from '../../companion/server/companion.js';
import type { TrafficClass } from '../../companion/protocol/version.js';
import { CompanionNetwork, type CompanionNetworkOptions } from '../../src/net/companion-network.js';
import { SystemClock } from '../../src/platform/system-clock.js';

export const ORIGIN = 'https://phone.example.test';

export interface CompanionFixture {
  readonly companion: Companion;
  readonly stateDirectory: string;
  /** A page of `origin`; closed with the fixture. */
  page(options?: Partial<CompanionNetworkOptions> & { readonly origin?: string }): CompanionNetwork;
  close(): Promise<void>;
}

const open = new Set<{ close(): void | Promise<void> }>();

/** For `afterEach`: a test that failed leaves nothing that keeps the process alive. */
export async function closeFixtures(): Promise<void> {
  const all = [...open];
  open.clear();
  for (const item of all) await item.close();
}

/** A page's network as Node can play it: `ws` and `fetch` with an Origin. */
export function pageNetwork(
  url: string,
  { origin = ORIGIN, ...options }: Partial<CompanionNetworkOptions> & { readonly origin?: string } = {},
): CompanionNetwork {
  const trafficClass: TrafficClass = 'signalling';
  const network = new CompanionNetwork({
    url,
    trafficClass,
    clock: new SystemClock(),
    webSocket: (target, protocols) => new WebSocket(target, [...protocols], { origin, perMessageDeflate: false }),
    fetch: (target, { cache, signal }) => fetch(target, { cache, signal, headers: { origin } }),
    ...options,
  });
  open.add(network);
  return network;
}

/** A real companion with a state directory of its own, that trusts {@link ORIGIN} unless told otherwise. */
export async function companionFixture(options: CompanionOptions = {}): Promise<CompanionFixture> {
  const stateDirectory = options.stateDirectory ?? mkdtempSync(join(tmpdir(), 'ims-companion-test-'));
  const companion = await startCompanion({ port: 0, stateDirectory, trustedOrigins: [ORIGIN], ...options });
  const pages: CompanionNetwork[] = [];
  const fixture: CompanionFixture = {
    companion,
    stateDirectory,
    page(pageOptions) {
      const page = pageNetwork(companion.url, pageOptions);
      pages.push(page);
      return page;
    },
    async close() {
      for (const page of pages) page.close();
      await companion.close();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
  open.add(fixture);
  return fixture;
}
