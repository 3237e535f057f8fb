import { build } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildAll } from '../tools/build.js';
import type { BenchResult } from './bench-result.js';

const gzipKb = (data: Uint8Array): number => gzipSync(data, { level: 9 }).length / 1000;

/** What a page would load of a peer, built the way ours is built. */
async function peerSize(entry: string): Promise<number> {
  const result = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return gzipKb(result.outputFiles[0]?.contents ?? new Uint8Array());
}

/** Bundle sizes, min + gzip, against the SIP libraries that a page would load instead. */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync('dist/ims-elements.js')) await buildAll();
  const page = gzipKb(readFileSync('dist/ims-elements.js'));
  const worker = gzipKb(readFileSync('dist/workers/ims.worker.js'));
  const jssip = await peerSize('jssip');
  const sipjs = await peerSize('sip.js');
  const result = (name: string, ours: number, peer: string, peerValue: number): BenchResult => ({
    name,
    unit: 'kB gzip',
    ours,
    peer,
    peerValue,
    ratio: peerValue / ours,
  });
  return [
    result('elements and client in the page', page, 'jssip, which has no elements', jssip),
    result('SIP stack in ims.worker', worker, 'jssip', jssip),
    result('SIP stack in ims.worker', worker, 'sip.js', sipjs),
  ];
}
