import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { buildAssembly } from '../tools/build-assembly.js';
import { CHROMIUM_FLAGS, findChromium } from '../tools/chromium.mjs';
import type { BenchResult } from './bench-result.js';
import type { BlockCodecRound } from './block-codec-page.js';

/** A kernel of ours and the native codec to set it against. */
export interface BlockCodecBench {
  readonly title: string;
  readonly wasm: string;
  readonly sampleRate: number;
  /** Of 20 ms. */
  readonly frameSamples: number;
  readonly frameOctets: number;
  readonly peer: string;
  /**
   * C that defines `start(void)`, `encode(int16_t *pcm, uint8_t *octets)` and `decode(uint8_t *octets, int16_t *pcm)` for 20 ms.
   */
  readonly source: string;
  /** For gcc behind -O3: libraries, folders, more files. */
  readonly compilerArguments: readonly string[];
}

/** µs per 20 ms in Chromium and natively, the best of many rounds on both sides. */
export async function runBlockCodec(bench: BlockCodecBench): Promise<BenchResult[]> {
  if (!existsSync(`build/wasm/${bench.wasm}.wasm`)) await buildAssembly(undefined, [bench.wasm]);
  const pcm = voice(bench.sampleRate);
  const theirs = native(bench, pcm);
  const ours = best(await inChromium(bench, pcm));
  // The machine may have been busy then: once more, behind it.
  const again = native(bench, pcm);
  return (['encode', 'decode'] as const).flatMap((direction) => {
    if (theirs === null || again === null) return [];
    const peerValue = Math.min(theirs[direction], again[direction]);
    const name = `${bench.title} ${direction}, 20 ms, Chromium`;
    return [
      { name, unit: 'µs', ours: ours[direction], peer: bench.peer, peerValue, ratio: peerValue / ours[direction] },
    ];
  });
}

function best(rounds: readonly BlockCodecRound[]): BlockCodecRound {
  return { encode: Math.min(...rounds.map((r) => r.encode)), decode: Math.min(...rounds.map((r) => r.decode)) };
}

async function inChromium(bench: BlockCodecBench, pcm: Int16Array): Promise<BlockCodecRound[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: set CHROME_PATH');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    const script = await build({
      entryPoints: ['bench/block-codec-page.ts'],
      bundle: true,
      format: 'iife',
      write: false,
      target: 'es2022',
    });
    await page.evaluate(script.outputFiles[0]?.text ?? '');
    const wasm = readFileSync(`build/wasm/${bench.wasm}.wasm`).toString('base64');
    const sound = Buffer.from(pcm.buffer).toString('base64');
    // A string, because functions that tsx compiled need helpers that the page lacks.
    return await page.evaluate<BlockCodecRound[]>(
      `measureBlockCodec('${wasm}', '${sound}', ${bench.frameSamples}, ${bench.frameOctets}, ${bench.sampleRate})`,
    );
  } finally {
    await browser.close();
  }
}

/** Half a minute: harmonics of a gliding pitch in syllables, over a little noise. */
function voice(rate: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: 30 * rate }, (_, i) => {
    const t = i / rate;
    phase += (2 * Math.PI * (130 + 30 * Math.sin(2 * Math.PI * 0.6 * t))) / rate;
    let value = 0;
    for (let harmonic = 1; harmonic <= 20; harmonic += 1) value += Math.sin(harmonic * phase) / harmonic;
    const noise = ((Math.imul(i, 2_654_435_761) >>> 16) & 0xffff) / 65_536 - 0.5;
    return 8000 * Math.max(0, Math.sin(2 * Math.PI * 2.3 * t)) * value + 400 * noise;
  });
}

const PROGRAM = (bench: BlockCodecBench, samples: number): string => `
#include <stdint.h>
#include <stdio.h>
#include <time.h>
${bench.source}
enum { N = ${bench.frameSamples}, O = ${bench.frameOctets}, FRAMES = ${Math.floor(samples / bench.frameSamples)} };
static int16_t sound[FRAMES * N], heard[N]; static uint8_t coded[FRAMES * O];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
int main(int argc, char **argv) {
  FILE *f = fopen(argv[1], "rb"); if (!f || fread(sound, 2, FRAMES * N, f) != FRAMES * N) return 1;
  double e = 1e9, d = 1e9;
  for (int round = 0; round < 25; round++) {
    start();
    double t = now(); for (int i = 0; i < FRAMES; i++) encode(sound + i * N, coded + i * O);
    double u = now(); for (int i = 0; i < FRAMES; i++) decode(coded + i * O, heard);
    double v = now(); if ((u - t) / FRAMES < e) e = (u - t) / FRAMES; if ((v - u) / FRAMES < d) d = (v - u) / FRAMES;
  }
  printf("%f %f\\n", e, d);
}`;

/** Native figures, or null where gcc or the library is missing. */
function native(bench: BlockCodecBench, pcm: Int16Array): BlockCodecRound | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-'));
  try {
    const [source, sound, program] = ['codec.c', 'sound.raw', 'codec'].map((file) => path.join(folder, file));
    if (source === undefined || sound === undefined || program === undefined) return null;
    writeFileSync(source, PROGRAM(bench, pcm.length));
    writeFileSync(sound, new Uint8Array(pcm.buffer));
    execFileSync('gcc', ['-O3', '-w', '-o', program, source, ...bench.compilerArguments], { stdio: 'ignore' });
    const [encode = NaN, decode = NaN] = execFileSync(program, [sound], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number);
    return { encode, decode };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
