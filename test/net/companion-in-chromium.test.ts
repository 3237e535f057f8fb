import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.mjs';
import { companionFixture, type CompanionFixture } from './companion-fixture.js';

const executablePath = findChromium();

interface WorkerReport {
  readonly failure?: string;
  readonly presence?: string;
  readonly paired?: boolean;
  readonly received?: number;
  readonly roundTrip?: number;
}

describe('CompanionNetwork in a worker of Chromium', { skip: executablePath ? false : 'no Chromium' }, () => {
  let browser: Browser;
  let fixture: CompanionFixture;
  let stranger: Server;
  let strangerUrl = '';
  const directory = mkdtempSync(join(tmpdir(), 'ims-page-'));

  before(async () => {
    buildSync({
      entryPoints: [fileURLToPath(new URL('companion-worker.ts', import.meta.url))],
      outfile: join(directory, 'worker.js'),
      bundle: true,
      format: 'esm',
      logLevel: 'error',
    });
    writeFileSync(join(directory, 'index.html'), '<!doctype html><title>page</title>');
    fixture = await companionFixture({ staticDirectory: directory, trustedOrigins: ['self'] });
    // Another origin: the same files from another port.
    const files = await companionFixture({ staticDirectory: directory });
    stranger = createServer((request, response) => {
      void fetch(`http://127.0.0.1:${files.companion.port}${request.url ?? '/'}`).then(async (file) => {
        response.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await file.arrayBuffer()));
      });
    });
    stranger.on('close', () => void files.close());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    strangerUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: [...CHROMIUM_FLAGS] });
  });
  after(async () => {
    await browser.close();
    stranger.close();
    await fixture.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function runIn(
    page: string,
    order: { url: string; code?: string },
    context?: BrowserContext,
  ): Promise<WorkerReport> {
    const tab = await (context ?? browser).newPage();
    await tab.goto(page);
    const report = await tab.evaluate(
      (data) =>
        new Promise<WorkerReport>((resolve) => {
          const worker = new Worker('worker.js', { type: 'module' });
          worker.onmessage = (event: MessageEvent<WorkerReport>) => resolve(event.data);
          worker.onerror = (event) => resolve({ failure: event.message });
          worker.postMessage(data);
        }),
      order,
    );
    await tab.close();
    return report;
  }

  it('works from a page of the companion itself, without a code', { timeout: 60000 }, async () => {
    const page = `http://127.0.0.1:${fixture.companion.port}/`;
    const report = await runIn(page, { url: fixture.companion.url });
    assert.equal(report.failure, undefined);
    assert.equal(report.presence, 'known');
    assert.equal(report.received, 20_000_000);
    assert.ok((report.roundTrip ?? Infinity) < 20, `round trip ${report.roundTrip ?? 0} ms`);
  });

  it('tells a page of another origin that it is not paired, and that there is no companion', async () => {
    const { url } = fixture.companion;
    assert.equal((await runIn(strangerUrl, { url })).failure, 'companion-unpaired');
    assert.equal((await runIn(strangerUrl, { url: 'ws://127.0.0.1:1' })).failure, 'companion-absent');
  });

  it('pairs a page of another origin by a code', { timeout: 60000 }, async () => {
    const code = fixture.companion.pair({ destinations: ['loopback:1-65535'] });
    const report = await runIn(strangerUrl, { url: fixture.companion.url, code });
    assert.equal(report.failure, undefined);
    assert.equal(report.paired, true);
    assert.equal(report.received, 20_000_000);
  });

  it('reaches the companion from a public page once the person allows it', { timeout: 60000 }, async () => {
    const { host } = new URL(strangerUrl);
    const args = [...CHROMIUM_FLAGS, `--ip-address-space-overrides=${host}=public`];
    const outside = await chromium.launch({ executablePath: executablePath ?? '', args });
    const { url } = fixture.companion;
    const asked = await outside.newContext();
    await asked.grantPermissions([], { origin: strangerUrl });
    const blocked = await runIn(strangerUrl, { url }, asked);
    const allowed = await outside.newContext();
    await allowed.grantPermissions(['local-network-access'], { origin: strangerUrl });
    const code = fixture.companion.pair({ destinations: ['loopback:1-65535'] });
    const report = await runIn(strangerUrl, { url, code }, allowed);
    await outside.close();
    assert.equal(blocked.failure, 'companion-absent'); // the browser does not say which
    assert.equal(report.failure, undefined);
    assert.equal(report.received, 20_000_000);
  });
});
