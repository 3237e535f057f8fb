import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Kernel } from '../src/media/wasm/kernel.js';
import { buildAssembly } from '../tools/build-assembly.js';
import type { BenchResult } from './bench-result.js';

const ROUNDS = 9;
const QUALITY = 8;
const BANDS = [
  { name: 'narrow band', band: 0, rate: 8000 },
  { name: 'wide band', band: 1, rate: 16_000 },
] as const;

interface Figures {
  /** µs a frame of 20 ms. */
  readonly encode: number;
  readonly decode: number;
}

/** Speex in Node's WebAssembly against libspeex (complexity 3), on the same speech; the best of several rounds. */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync('build/wasm/speex.wasm')) await buildAssembly(undefined, ['speex']);
  const module = await WebAssembly.compile(readFileSync('build/wasm/speex.wasm'));
  return BANDS.flatMap(({ name, band, rate }) => {
    const file = path.resolve(`../shared/vectors/speex/input_${rate / 1000}k.pcm`);
    if (!existsSync(file)) return [];
    const ours = measure(module, band, readFileSync(file));
    const peer = libspeex(band, file);
    return (['encode', 'decode'] as const).map((direction) => ({
      name: `Speex ${name}, quality ${QUALITY}, ${direction}, 20 ms`,
      unit: 'µs',
      ours: ours[direction],
      peer: peer === null ? 'libspeex: not installed' : 'libspeex 1.2.1, native',
      peerValue: peer?.[direction] ?? NaN,
      ratio: (peer?.[direction] ?? NaN) / ours[direction],
    }));
  });
}

function measure(module: WebAssembly.Module, band: number, bytes: Buffer): Figures {
  const input = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const samples = 160 << band;
  const frames = Math.floor(input.length / samples);
  const kernel = new Kernel(module);
  kernel.function('setBand')(band);
  kernel.function('setQuality')(QUALITY);
  const [encode, decode] = [kernel.function('encode'), kernel.function('decode')];
  const pcm = kernel.samples('pcm', samples);
  const octets = kernel.octets('octets', 200);
  const best = { encode: Infinity, decode: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    const coded: Uint8Array[] = [];
    const start = performance.now();
    for (let i = 0; i < frames; i += 1) {
      pcm.set(input.subarray(i * samples, (i + 1) * samples));
      coded.push(octets.slice(0, encode()));
    }
    const middle = performance.now();
    for (const frame of coded) {
      octets.set(frame);
      decode(frame.length);
    }
    best.encode = Math.min(best.encode, ((middle - start) * 1000) / frames);
    best.decode = Math.min(best.decode, ((performance.now() - middle) * 1000) / frames);
  }
  return best;
}

const NATIVE = `
#include <speex/speex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
static short input[400000], pcm[640]; static char coded[3000][200]; static int size[3000];
int main(int argc, char **argv) {
  const SpeexMode *mode = speex_lib_get_mode(atoi(argv[1]));
  void *e = speex_encoder_init(mode), *d = speex_decoder_init(mode);
  int quality = ${QUALITY}, complexity = 3, n; SpeexBits bits; speex_bits_init(&bits);
  speex_encoder_ctl(e, SPEEX_SET_QUALITY, &quality); speex_encoder_ctl(e, SPEEX_SET_COMPLEXITY, &complexity);
  speex_encoder_ctl(e, SPEEX_GET_FRAME_SIZE, &n);
  FILE *f = fopen(argv[2], "rb"); int frames = fread(input, 2, 400000, f) / n; double be = 1e9, bd = 1e9;
  for (int round = 0; round < ${ROUNDS}; round++) {
    double t = now();
    for (int i = 0; i < frames; i++) {
      memcpy(pcm, input + i * n, 2 * n); speex_bits_reset(&bits); speex_encode_int(e, pcm, &bits);
      size[i] = speex_bits_write(&bits, coded[i], 200);
    }
    double u = now();
    for (int i = 0; i < frames; i++) { speex_bits_read_from(&bits, coded[i], size[i]); speex_decode_int(d, &bits, pcm); }
    double v = now(); if ((u - t) / frames < be) be = (u - t) / frames; if ((v - u) / frames < bd) bd = (v - u) / frames;
  }
  printf("%f %f\\n", be, bd);
}`;

/** Native figures, or null where there is no libspeex or no gcc. */
function libspeex(band: number, file: string): Figures | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-'));
  try {
    const [source, program] = [path.join(folder, 'speex.c'), path.join(folder, 'speex')];
    writeFileSync(source, NATIVE);
    execFileSync('gcc', ['-O3', '-o', program, source, '-lspeex'], { stdio: 'ignore' });
    const out = execFileSync(program, [String(band), file], { encoding: 'utf8' });
    const [encode = NaN, decode = NaN] = out.trim().split(' ').map(Number);
    return { encode, decode };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
