/**
 * npm run fuzz -- [--count N] [--seed S] [TARGET...]
 *
 * Runs N mutated inputs (1,000,000 unless told) through the parsers that read octets from outside. Ends with 1 if an
 * input throws, takes too long, hangs, or memory grows; the input is then printed in base64.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzJob } from './fuzz-worker.js';
import { FUZZ_DEFAULTS, type FuzzReport } from './run-fuzz.js';
import { FUZZ_TARGETS } from './targets.js';

/** An input that takes longer than this is a hang. */
const HANG_MILLISECONDS = 20_000;

// Node 20 gives its workers no loader for TypeScript: the worker asks tsx for one.
const BOOT = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register();
  return import(${JSON.stringify(new URL('./fuzz-worker.ts', import.meta.url).href)});
});`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: String(FUZZ_DEFAULTS.count) },
    seed: { type: 'string', default: String(FUZZ_DEFAULTS.seed) },
  },
});
const names = positionals.length > 0 ? positionals : FUZZ_TARGETS.map(({ name }) => name);
for (const name of names) {
  if (FUZZ_TARGETS.some((target) => target.name === name)) continue;
  console.error(`no target ${name}; there are: ${FUZZ_TARGETS.map((target) => target.name).join(', ')}`);
  process.exit(2);
}
for (const name of names) await fuzz(name, Number(values.count), Number(values.seed));

async function fuzz(target: string, count: number, seed: number): Promise<void> {
  const shared = new SharedArrayBuffer(8 + 80_000);
  const job: FuzzJob = { target, count, seed, shared };
  const worker = new Worker(BOOT, { eval: true, workerData: job });
  const numbers = new Int32Array(shared, 0, 2);
  let last = -1;
  const watch = setInterval(() => {
    const index = Atomics.load(numbers, 0);
    if (index === last && index > 0) {
      console.error(`${target}: input ${index} hangs: ${base64(new Uint8Array(shared, 8, numbers[1] ?? 0))}`);
      process.exit(1);
    }
    last = index;
  }, HANG_MILLISECONDS);
  const report = await new Promise<FuzzReport>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  clearInterval(watch);
  await worker.terminate();
  const { seconds, slowestMilliseconds, heapGrowth, findings } = report;
  console.log(
    `${target}: ${count} inputs, seed ${seed}, ${seconds.toFixed(0)} s, slowest ${slowestMilliseconds.toFixed(1)} ms, ` +
      `heap ${(heapGrowth / 1048576).toFixed(1)} MiB more, ${findings.length} findings`,
  );
  for (const { kind, index, detail, input } of findings)
    console.log(`  ${kind} at ${index}: ${detail}\n    ${base64(input)}`);
  if (findings.length > 0) process.exitCode = 1;
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64');
}
