import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Kernel } from '../src/media/wasm/kernel.js';
import { buildAssembly } from '../tools/build-assembly.js';
import type { BenchResult } from './bench-result.js';

const ROUNDS = 9;
const INPUT = path.resolve('../shared/vectors/ilbc/input_8k.pcm');
const SAMPLES = 160;
const OCTETS = 38;

interface Figures {
  /** µs a frame of 20 ms. */
  readonly encode: number;
  readonly decode: number;
}

/** iLBC (float, by RFC 3951) in Node's WebAssembly against WebRTC's fixed-point one; the best of several rounds. */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync(INPUT)) return [];
  if (!existsSync('build/wasm/ilbc.wasm')) await buildAssembly(undefined, ['ilbc']);
  const ours = measure(await WebAssembly.compile(readFileSync('build/wasm/ilbc.wasm')));
  const peer = webrtc();
  return (['encode', 'decode'] as const).map((direction) => ({
    name: `iLBC ${direction}, 20 ms`,
    unit: 'µs',
    ours: ours[direction],
    peer: peer === null ? "WebRTC's iLBC: not installed" : "WebRTC's iLBC, native",
    peerValue: peer?.[direction] ?? NaN,
    ratio: (peer?.[direction] ?? NaN) / ours[direction],
  }));
}

function measure(module: WebAssembly.Module): Figures {
  const bytes = readFileSync(INPUT);
  const input = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const frames = Math.floor(input.length / SAMPLES);
  const kernel = new Kernel(module);
  kernel.function('setMode')(20);
  const [encode, decode] = [kernel.function('encode'), kernel.function('decode')];
  const pcm = kernel.samples('pcm', SAMPLES);
  const octets = kernel.octets('octets', OCTETS);
  const best = { encode: Infinity, decode: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    const coded: Uint8Array[] = [];
    const start = performance.now();
    for (let i = 0; i < frames; i += 1) {
      pcm.set(input.subarray(i * SAMPLES, (i + 1) * SAMPLES));
      coded.push(octets.slice(0, encode()));
    }
    const middle = performance.now();
    for (const frame of coded) {
      octets.set(frame);
      decode(OCTETS);
    }
    best.encode = Math.min(best.encode, ((middle - start) * 1000) / frames);
    best.decode = Math.min(best.decode, ((performance.now() - middle) * 1000) / frames);
  }
  return best;
}

const NATIVE = `
#include <stdint.h>
#include <stdio.h>
#include <stddef.h>
#include <time.h>
#include <modules/audio_coding/codecs/ilbc/ilbc.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
static int16_t input[400000], pcm[${SAMPLES}], type; static uint8_t coded[3000][${OCTETS}];
int main(int argc, char **argv) {
  IlbcEncoderInstance *e; IlbcDecoderInstance *d;
  WebRtcIlbcfix_EncoderCreate(&e); WebRtcIlbcfix_EncoderInit(e, 20);
  WebRtcIlbcfix_DecoderCreate(&d); WebRtcIlbcfix_DecoderInit(d, 20);
  FILE *f = fopen(argv[1], "rb"); int frames = fread(input, 2, 400000, f) / ${SAMPLES}; double be = 1e9, bd = 1e9;
  for (int round = 0; round < ${ROUNDS}; round++) {
    double t = now(); for (int i = 0; i < frames; i++) WebRtcIlbcfix_Encode(e, input + i * ${SAMPLES}, ${SAMPLES}, coded[i]);
    double u = now(); for (int i = 0; i < frames; i++) WebRtcIlbcfix_Decode(d, coded[i], ${OCTETS}, pcm, &type);
    double v = now(); if ((u - t) / frames < be) be = (u - t) / frames; if ((v - u) / frames < bd) bd = (v - u) / frames;
  }
  printf("%f %f\\n", be, bd);
}`;

/** Native figures, or null where the library or gcc is absent. */
function webrtc(): Figures | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-bench-'));
  try {
    const [source, program] = [path.join(folder, 'ilbc.cc'), path.join(folder, 'ilbc')];
    writeFileSync(source, NATIVE);
    const flags = ['-O3', '-I/usr/include/tg_owt', '-DWEBRTC_POSIX', '-DWEBRTC_LINUX', '-Wl,--gc-sections'];
    execFileSync('g++', [...flags, '-o', program, source, '-ltg_owt', '-lpthread'], { stdio: 'ignore' });
    const [encode = NaN, decode = NaN] = execFileSync(program, [INPUT], { encoding: 'utf8' })
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
