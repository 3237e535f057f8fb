import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { NodeNetwork } from '../../companion/native/node-network.js';
import { startCompanion, type Companion } from '../../companion/server/companion.js';
import { startCore, type Core } from '../../demo/core/start-core.js';
import { SystemClock } from '../../src/platform/system-clock.js';
import { SystemRandom } from '../../src/platform/system-random.js';
import { PageServer } from '../../tools/demo/page-server.js';
import { CHROMIUM_FLAGS, FAKE_MICROPHONE_FLAGS, findChromium } from '../../tools/chromium.mjs';

export interface StageOptions {
  /** WAV file that the fake microphone plays; a beep if absent. */
  readonly microphone?: string;
  readonly transport?: 'udp' | 'tcp';
  /** Extra headers of every page, CSP or isolation. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Let this page in without pairing; default true. */
  readonly trusted?: boolean;
}

/** Embedded core, companion and the demo page behind a real Chromium. */
export interface Stage {
  readonly core: Core;
  companion: Companion;
  readonly origin: string;
  readonly context: BrowserContext;
  newPage(path?: string): Promise<Page>;
  /** The companion goes away, as after a crash. */
  stopCompanion(): Promise<void>;
  /** And comes back where it was. */
  restartCompanion(): Promise<void>;
  close(): Promise<void>;
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  if (!existsSync('dist/demo/index.html')) throw new Error('dist/ is missing: npm run build first');
  const stateDirectory = mkdtempSync(join(tmpdir(), 'ims-e2e-'));
  const network = new NodeNetwork();
  const core = await startCore({
    network,
    clock: new SystemClock(),
    random: new SystemRandom(),
    domain: 'ims.test',
    subscribers: [
      { user: 'alice', password: 'alice-secret', number: '+15550101' },
      { user: 'bob', password: 'bob-secret' },
      { user: 'carol', password: 'carol-secret' },
    ],
    listen: { address: '127.0.0.1', udp: 0, tcp: 0 },
  });

  let configuration: unknown = null;
  const server = await PageServer.start({
    directory: 'dist/demo',
    port: 0,
    configuration: () => configuration,
    headers: options.headers ?? {},
  });
  const origin = new URL(server.url).origin;
  const companionOptions = {
    stateDirectory,
    ...(options.trusted === false ? {} : { trustedOrigins: [origin] }),
  };
  let companion = await startCompanion({ ...companionOptions, port: 0 });
  const companionPort = companion.port;
  configuration = {
    companionUrl: `http://127.0.0.1:${companionPort}`,
    accounts: ['alice', 'bob'].map((user) => ({
      publicIdentity: `sip:${user}@ims.test`,
      displayName: user === 'alice' ? 'Alice' : 'Bob',
      password: `${user}-secret`,
      proxy: core.proxyUri(options.transport ?? 'udp'),
    })),
  };

  const browser: Browser = await chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    headless: true,
    args: [
      ...CHROMIUM_FLAGS,
      ...FAKE_MICROPHONE_FLAGS,
      ...(options.microphone ? [`--use-file-for-fake-audio-capture=${options.microphone}`] : []),
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });

  const stage: Stage = {
    core,
    companion,
    origin,
    context,
    async newPage(path = '/') {
      const page = await context.newPage();
      await page.goto(origin + path);
      return page;
    },
    stopCompanion: () => companion.close(),
    async restartCompanion() {
      companion = await startCompanion({ ...companionOptions, port: companionPort });
      stage.companion = companion;
    },
    async close() {
      await browser.close();
      await companion.close();
      core.close();
      network.close();
      server.close();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
  return stage;
}
