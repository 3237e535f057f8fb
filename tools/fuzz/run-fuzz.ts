import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FuzzTarget } from './fuzz-target.js';
import { mutate } from './mutate.js';
import { SeededRandom } from './seeded-random.js';

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Milliseconds that one input may take. */
  readonly maximumMilliseconds: number;
  /** Octets by which the heap may grow from the first tenth of the run to its end. */
  readonly maximumGrowth: number;
  /** Sees each input before it is run, so that somebody else can tell where a hang is. */
  readonly onInput?: (octets: Uint8Array, index: number) => void;
}

export const FUZZ_DEFAULTS: FuzzOptions = {
  count: 1_000_000,
  seed: 1,
  maximumMilliseconds: 250,
  maximumGrowth: 32 << 20,
};

export interface FuzzFinding {
  readonly kind: 'throw' | 'slow' | 'memory';
  readonly index: number;
  readonly detail: string;
  readonly input: Uint8Array;
}

export interface FuzzReport {
  readonly target: string;
  readonly count: number;
  readonly seed: number;
  readonly seconds: number;
  readonly slowestMilliseconds: number;
  readonly heapGrowth: number;
  /** The first of each kind and message, ten at most. */
  readonly findings: readonly FuzzFinding[];
}

/** Runs `count` mutated inputs through `target`. */
export function runFuzz(target: FuzzTarget, options: FuzzOptions): FuzzReport {
  const random = new SeededRandom(options.seed);
  const seeds = target.seeds();
  const words = target.words.map((word) => new Uint8Array(Buffer.from(word, 'latin1')));
  const findings = new Map<string, FuzzFinding>();
  const note = (finding: FuzzFinding, key: string): void => {
    if (findings.size < 10 && !findings.has(key)) findings.set(key, finding);
  };
  const begin = performance.now();
  let slowest = 0;
  let heapAtTenth = 0;
  for (let index = 0; index < options.count; index++) {
    if (index === Math.floor(options.count / 10)) heapAtTenth = heapUsed();
    const input = mutate(seeds, words, random);
    options.onInput?.(input, index);
    const start = performance.now();
    try {
      target.run(input);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      note({ kind: 'throw', index, detail, input: input.slice() }, detail.slice(0, 200));
    }
    const taken = performance.now() - start;
    if (taken > slowest) slowest = taken;
    // Another process may have had the processor: only what takes its time of it again is slow.
    if (taken > options.maximumMilliseconds && isSlow(target, input, options.maximumMilliseconds)) {
      note({ kind: 'slow', index, detail: `${taken.toFixed(0)} ms`, input: input.slice() }, 'slow');
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  const heapGrowth = heapUsed() - heapAtTenth;
  if (heapGrowth > options.maximumGrowth) {
    note({ kind: 'memory', index: options.count, detail: `${heapGrowth} octets`, input: new Uint8Array(0) }, 'memory');
  }
  const { count, seed } = options;
  const report = { target: target.name, count, seed, seconds, slowestMilliseconds: slowest, heapGrowth };
  return { ...report, findings: [...findings.values()] };
}

function isSlow(target: FuzzTarget, input: Uint8Array, limit: number): boolean {
  let fastest = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage();
    try {
      target.run(input);
    } catch {
      // noted before
    }
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  return fastest > limit;
}

/** Octets on the heap after a collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}
