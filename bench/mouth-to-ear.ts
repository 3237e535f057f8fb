import { build } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { buildAssembly } from '../tools/build-assembly.js';
import { CHROMIUM_FLAGS, findChromium } from '../tools/chromium.mjs';
import { median, type BenchResult } from './bench-result.js';

const ROUNDS = 3;
const WASM = ['g711', 'jitter'];

/** Delay that our path adds between two worklets in one page, against the browser's own RTCPeerConnection. */
export async function run(): Promise<BenchResult[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: set CHROME_PATH');
  const files = await bundle();
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '/');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': contentType(request.url ?? '/') }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, delays] of [
        ['measureOurs', ours],
        ['measureWebRtc', theirs],
      ] as const) {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/`);
        delays.push(await page.evaluate<number>(`${name}()`));
        await page.close();
      }
    }
    const [own, peer] = [median(ours), median(theirs)];
    return [
      {
        name: 'worklet to worklet over RTP on loopback, A-law',
        unit: 'ms',
        ours: own,
        peer: 'RTCPeerConnection, A-law',
        peerValue: peer,
        ratio: peer / own,
      },
    ];
  } finally {
    await browser.close();
    server.close();
  }
}

async function bundle(): Promise<Map<string, Uint8Array | string>> {
  if (!WASM.every((name) => existsSync(`build/wasm/${name}.wasm`))) await buildAssembly();
  const { outputFiles } = await build({
    entryPoints: {
      page: 'bench/mouth-to-ear-page.ts',
      'audio.worklet': 'src/workers/audio.worklet.ts',
      'loopback.worker': 'test/browser/media/loopback.worker.ts',
    },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    write: false,
    outdir: '/',
  });
  const files = new Map<string, Uint8Array | string>([['/', '<!doctype html><script src="/page.js"></script>']]);
  for (const file of outputFiles) files.set(`/${file.path.split('/').pop() ?? ''}`, file.contents);
  for (const name of WASM) files.set(`/wasm/${name}.wasm`, readFileSync(`build/wasm/${name}.wasm`));
  return files;
}

function contentType(url: string): string {
  if (url.endsWith('.js')) return 'text/javascript';
  return url.endsWith('.wasm') ? 'application/wasm' : 'text/html';
}
