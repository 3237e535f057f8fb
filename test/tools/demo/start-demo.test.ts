import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isFresh } from '../../../tools/demo/freshness.js';
import { startDemo, type Demo } from '../../../tools/demo/start-demo.js';

const folder = mkdtempSync(join(tmpdir(), 'ims-demo-'));
after(() => rmSync(folder, { recursive: true }));

describe('startDemo', () => {
  let demo: Demo;
  before(async () => {
    writeFileSync(join(folder, 'index.html'), '<p>hello');
    demo = await startDemo({ directory: folder, wasm: 'build/wasm', port: 0, stateDirectory: join(folder, 'state') });
  });
  after(() => demo.close());

  const fetchAs = (path: string, host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(new URL(path, demo.url), { headers: { host }, family: 4 }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  it('serves the page with a configuration that fits core and companion', async () => {
    const page = await fetch(demo.url.replace('localhost', '127.0.0.1'));
    assert.equal(await page.text(), '<p>hello');
    const configuration = (await (
      await fetch(new URL('/config.json', demo.url.replace('localhost', '127.0.0.1')))
    ).json()) as { companionUrl: string; accounts: { proxy: string }[] };
    assert.equal(configuration.companionUrl, `http://127.0.0.1:${demo.companion.port}`);
    assert.equal(configuration.accounts[0]?.proxy, demo.core.proxyUri('udp'));
  });

  it('has every robot registered', () => {
    for (const robot of ['echo', 'announcement', 'time', 'busy', 'noanswer'])
      assert.equal(demo.core.location.of(robot).length, 1, robot);
  });

  it('gives nothing to a foreign name that points here', async () => {
    assert.equal(await fetchAs('/config.json', 'evil.example'), 421);
    assert.equal(await fetchAs('/config.json', 'localhost'), 200);
  });

  it('finds another port when the wanted one is taken, unless it must not', async () => {
    const port = Number(new URL(demo.url).port);
    const options = { directory: folder, wasm: 'build/wasm', port, stateDirectory: join(folder, 'state2') };
    const second = await startDemo(options);
    assert.notEqual(second.url, demo.url);
    await second.close();
    await assert.rejects(
      startDemo({ ...options, strictPort: true }),
      /Port \d+ is taken: choose another one with --port/,
    );
  });
});

describe('isFresh', () => {
  it('compares a product with the newest of its sources', () => {
    const sources = join(folder, 'sources', 'deep');
    mkdirSync(sources, { recursive: true });
    const [source, product] = [join(sources, 'a.ts'), join(folder, 'product')];
    assert.equal(isFresh(product, [join(folder, 'sources')]), false);
    for (const file of [source, product]) writeFileSync(file, '');
    const at = (file: string, seconds: number): void => utimesSync(file, seconds, seconds);
    for (const path of [sources, join(folder, 'sources')]) at(path, 1000);
    at(source, 1000);
    at(product, 2000);
    assert.equal(isFresh(product, [join(folder, 'sources')]), true);
    at(source, 3000);
    assert.equal(isFresh(product, [join(folder, 'sources')]), false);
  });
});
