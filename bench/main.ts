/**
 * `npm run bench [-- --json FILE] [name...]`: ours against a peer in one run. Quote the ratios, not the figures:
 * machines differ. A ratio above 1 means that ours is better.
 */
import { writeFileSync } from 'node:fs';
import type { BenchResult } from './bench-result.js';

const benches: Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>> = {
  parser: () => import('./parser.js'),
  g711: () => import('./g711.js'),
  gsm: () => import('./gsm.js'),
  ilbc: () => import('./ilbc.js'),
  speex: () => import('./speex.js'),
  amr: () => import('./amr.js'),
  g722: () => import('./g722.js'),
  jitter: () => import('./jitter.js'),
  companion: () => import('./companion.js'),
  streams: () => import('./streams.js'),
  'mouth-to-ear': () => import('./mouth-to-ear.js'),
  registration: () => import('./registration.js'),
  call: () => import('./call.js'),
  bundles: () => import('./bundles.js'),
};

const argv = process.argv.slice(2);
const jsonAt = argv.indexOf('--json');
const jsonFile = jsonAt >= 0 ? argv[jsonAt + 1] : undefined;
const asked = argv.filter((argument, index) => !argument.startsWith('--') && (jsonAt < 0 || index !== jsonAt + 1));
const figure = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

const results: BenchResult[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { run } = await load();
  for (const result of await run()) {
    results.push(result);
    console.log(
      `${result.name}: ${figure(result.ours)} ${result.unit}; ${result.peer} ${figure(result.peerValue)} ${result.unit}; ratio ${result.ratio.toFixed(2)}`,
    );
  }
}
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
