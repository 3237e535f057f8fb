import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { PlayoutStatistics } from '../../src/media/audio/audio-engine.js';
import { ASSEMBLY_MODULES, buildAssembly } from '../../tools/build-assembly.js';
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.mjs';

const executablePath = findChromium();
const skip = executablePath === undefined ? 'skipped: no Chromium' : false;

/** A line of V8's --trace-gc: `[pid:isolate] 1234 ms: Scavenge ...`. */
const COLLECTION = /^\[\d+:(0x[0-9a-f]+)(?::\d+)?\]\s+(\d+) ms: /;

interface Collection {
  readonly isolate: string;
  /** ms since the isolate was made: the lines themselves come late, in blocks. */
  readonly at: number;
}

interface Observation {
  readonly collections: readonly Collection[];
  /** When the page told of each phase, ms. */
  readonly phases: ReadonlyMap<string, number>;
  /** What it told in the end. */
  readonly body: string;
}

/** Lets the page run in a Chromium whose heaps are small and whose garbage collectors say what they do. */
async function watch(files: ReadonlyMap<string, Uint8Array | string>): Promise<Observation> {
  const collections: Collection[] = [];
  const phases = new Map<string, number>();
  const profile = mkdtempSync(path.join(tmpdir(), 'ims-garbage-'));
  let finish: (body: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const finished = new Promise<string>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (request.method !== 'POST') {
      const body = files.get(url);
      const type = url.endsWith('.js') ? 'text/javascript' : url.endsWith('.wasm') ? 'application/wasm' : 'text/html';
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.end();
      phases.set(url, performance.now());
      if (url === '/done') finish(body);
      if (url === '/failed') fail(new Error(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(executablePath !== undefined && address !== null && typeof address === 'object');
  const browser = spawn(
    executablePath,
    [
      ...CHROMIUM_FLAGS,
      '--headless',
      '--autoplay-policy=no-user-gesture-required',
      '--js-flags=--trace-gc --min-semi-space-size=1 --max-semi-space-size=1',
      `--user-data-dir=${profile}`,
      `http://127.0.0.1:${address.port}/`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  );
  browser.on('error', fail);
  browser.on('exit', () => fail(new Error('Chromium ended')));
  let rest = '';
  browser.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, isolate, at] = COLLECTION.exec(line) ?? [];
      if (isolate !== undefined) collections.push({ isolate, at: Number(at) });
    }
  });
  const timer = setTimeout(() => fail(new Error('the page does not end')), 60_000);
  try {
    return { body: await finished, collections, phases };
  } finally {
    clearTimeout(timer);
    if (browser.pid !== undefined && browser.exitCode === null && browser.signalCode === null) {
      const ended = new Promise((resolve) => browser.once('exit', resolve));
      // The whole group at once, or its children go on writing to the profile.
      process.kill(-browser.pid, 'SIGKILL');
      await ended;
    }
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}

async function bundle(): Promise<Map<string, Uint8Array | string>> {
  const names = Object.keys(ASSEMBLY_MODULES);
  if (!names.every((name) => existsSync(`build/wasm/${name}.wasm`))) await buildAssembly();
  const { outputFiles } = await build({
    entryPoints: { page: 'test/e2e/garbage-page.ts', 'garbage.worklet': 'test/e2e/garbage.worklet.ts' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    outdir: '/',
  });
  const files = new Map<string, Uint8Array | string>([['/', '<!doctype html><script src="/page.js"></script>']]);
  for (const file of outputFiles) files.set(`/${path.basename(file.path)}`, file.contents);
  for (const name of names) files.set(`/wasm/${name}.wasm`, readFileSync(`build/wasm/${name}.wasm`));
  return files;
}

describe('Playout in an AudioWorklet', () => {
  it(
    'gives the garbage collector next to nothing to do, with ten codecs, losses, late and doubled packets',
    { skip },
    async () => {
      const { collections, phases, body } = await watch(await bundle());
      const ms = (from: string, to: string): number => (phases.get(to) ?? NaN) - (phases.get(from) ?? NaN);
      // In the end the worklet wastes on purpose: that isolate is its own, and tells where its clock stands.
      const isolates = groups(collections);
      const times = [...isolates.values()].sort((a, b) => b.length - a.length)[0]?.map(({ at }) => at) ?? [];
      const last = Math.max(...times);
      const wasted = times.filter((at) => at > last - ms('/waste', '/done') - 400);
      assert.ok(wasted.length > 5, 'the collections of the worklet are seen at all');
      const wasting = Math.min(...wasted);
      const begin = wasting - ms('/begin', '/waste');
      const end = wasting - ms('/end', '/waste');
      assert.ok(end - begin > 7000);
      // The number that says the time of the audio clock is new for each block, which may fill the 1 MB of this heap once. One
      // number for each pull of each voice would be two collections and more.
      const collected = times.filter((at) => at > begin + 500 && at < end - 100);
      assert.ok(collected.length <= 1, `collected after ${collected.map((at) => at - begin).join(', ')} ms`);
      const statistics = JSON.parse(body) as PlayoutStatistics[];
      assert.equal(statistics.length, 10);
      for (const { packetsLost, packetsDuplicate, samplesConcealed, samplesPlayed } of statistics)
        assert.ok(packetsLost > 50 && packetsDuplicate > 100 && samplesConcealed > 0 && samplesPlayed > 8000 * 60);
    },
  );
});

function groups(collections: readonly Collection[]): Map<string, Collection[]> {
  const map = new Map<string, Collection[]>();
  for (const collection of collections)
    map.set(collection.isolate, [...(map.get(collection.isolate) ?? []), collection]);
  return map;
}
