import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { buildAssembly } from '../tools/build-assembly.js';
import { CHROMIUM_FLAGS, findChromium } from '../tools/chromium.mjs';
import type { BenchResult } from './bench-result.js';
import type { G711Round } from './g711-page.js';

const SAMPLES = 160;
const DIRECTIONS = ['encodeAlaw', 'decodeAlaw', 'encodeUlaw', 'decodeUlaw'] as const;
type Direction = (typeof DIRECTIONS)[number];
type Figures = Record<Direction, number>;

/**
 * G.711 in Chromium: our SIMD kernel against tables in JavaScript and in native C. ns per 160 samples, the best of
 * many short rounds on every side: what disturbs so short a loop only ever adds.
 */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync('build/wasm/g711.wasm')) await buildAssembly(undefined, ['g711']);
  const wasm = readFileSync('build/wasm/g711.wasm');
  const { ours, table } = await inChromium(wasm.toString('base64'));
  const native = nativeTable();
  return DIRECTIONS.flatMap((direction) => {
    const result = (peer: string, peerValue: number): BenchResult => ({
      name: `G.711 ${direction}, 160 samples, Chromium`,
      unit: 'ns',
      ours: ours[direction],
      peer,
      peerValue,
      ratio: peerValue / ours[direction],
    });
    const results = [result('plain JS table', table[direction])];
    if (native !== null) results.push(result('native C table, gcc -O3', native[direction]));
    return results;
  });
}

async function inChromium(wasm: string): Promise<{ ours: Figures; table: Figures }> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: set CHROME_PATH');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    const script = await build({
      entryPoints: ['bench/g711-page.ts'],
      bundle: true,
      format: 'iife',
      write: false,
      target: 'es2022',
    });
    await page.evaluate(script.outputFiles[0]?.text ?? '');
    // A string, because functions that tsx compiled need helpers that the page lacks.
    const rounds = await page.evaluate<G711Round[]>(`measureG711('${wasm}')`);
    const figures = (pick: 'ours' | 'table'): Figures =>
      fill((direction) => Math.min(...rounds.map((r) => r[pick][direction] ?? NaN)));
    return { ours: figures('ours'), table: figures('table') };
  } finally {
    await browser.close();
  }
}

function fill(of: (direction: Direction) => number): Figures {
  return {
    encodeAlaw: of('encodeAlaw'),
    decodeAlaw: of('decodeAlaw'),
    encodeUlaw: of('encodeUlaw'),
    decodeUlaw: of('decodeUlaw'),
  };
}

const NATIVE = `
#include <stdint.h>
#include <stdio.h>
#include <time.h>
static uint8_t enc[65536], coded[${SAMPLES}]; static int16_t dec[256], pcm[${SAMPLES}];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
__attribute__((noinline)) static void encode(void) { for (int k = 0; k < ${SAMPLES}; k++) coded[k] = enc[(uint16_t)pcm[k]]; }
__attribute__((noinline)) static void decode(void) { for (int k = 0; k < ${SAMPLES}; k++) pcm[k] = dec[coded[k]]; }
int main(void) {
  for (int i = 0; i < 65536; i++) enc[i] = i >> 8;
  for (int i = 0; i < 256; i++) dec[i] = i << 8;
  for (int i = 0; i < ${SAMPLES}; i++) pcm[i] = i * 401;
  double e = 1e9, d = 1e9;
  for (int round = 0; round < 15; round++) {
    double t = now(); for (int i = 0; i < 50000; i++) { encode(); __asm__ volatile("" ::: "memory"); }
    double u = now(); for (int i = 0; i < 50000; i++) { decode(); __asm__ volatile("" ::: "memory"); }
    double v = now(); if ((u - t) / 50000 < e) e = (u - t) / 50000; if ((v - u) / 50000 < d) d = (v - u) / 50000;
  }
  printf("%f %f\\n", e, d);
}`;

/** Native figures, or null where there is no gcc. Both laws are the same table look-up. */
function nativeTable(): Figures | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-'));
  try {
    const source = path.join(folder, 'g711.c');
    const program = path.join(folder, 'g711');
    writeFileSync(source, NATIVE);
    execFileSync('gcc', ['-O3', '-o', program, source], { stdio: 'ignore' });
    const [encode = NaN, decode = NaN] = execFileSync(program, { encoding: 'utf8' }).trim().split(' ').map(Number);
    return { encodeAlaw: encode, decodeAlaw: decode, encodeUlaw: encode, decodeUlaw: decode };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
