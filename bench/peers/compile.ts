import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PeerSource } from './peer-source.js';

/** Sizes that the programs and modules below work on, of 20 ms. */
export interface PeerFrame {
  readonly frameSamples: number;
  readonly frameOctets: number;
}

const ROUNDS = 15;

const TIMED = ({ frameSamples, frameOctets }: PeerFrame, samples: number): string => `
#include <stdio.h>
#include <time.h>
enum { N = ${frameSamples}, O = ${frameOctets}, FRAMES = ${Math.floor(samples / frameSamples)} };
static int16_t sound[FRAMES * N], heard[N]; static uint8_t coded[FRAMES * O];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
int main(int argc, char **argv) {
  FILE *f = fopen(argv[1], "rb"); if (!f || fread(sound, 2, FRAMES * N, f) != FRAMES * N) return 1;
  double e = 1e9, d = 1e9;
  for (int round = 0; round < ${ROUNDS}; round++) {
    start();
    double t = now(); for (int i = 0; i < FRAMES; i++) encode(sound + i * N, coded + i * O);
    double u = now(); for (int i = 0; i < FRAMES; i++) decode(coded + i * O, heard);
    double v = now(); if ((u - t) / FRAMES < e) e = (u - t) / FRAMES; if ((v - u) / FRAMES < d) d = (v - u) / FRAMES;
  }
  printf("%f %f\\n", e, d);
}`;

/**
 * Times a peer natively. @param glue C with start(), encode(int16_t*, uint8_t*) and decode(uint8_t*, int16_t*)
 * @param source what it calls: files, or libraries @returns µs a frame, both ways; null where it does not compile
 */
export function timeNatively(
  folder: string,
  glue: string,
  source: PeerSource,
  libraries: readonly string[],
  frame: PeerFrame,
  sound: Uint8Array,
): { encode: number; decode: number } | null {
  try {
    const [main, data, program] = ['native.c', 'sound.raw', 'native'].map((name) => path.join(folder, name));
    if (main === undefined || data === undefined || program === undefined) return null;
    writeFileSync(main, `#include <stdint.h>\n${glue}${TIMED(frame, sound.length >> 1)}`);
    writeFileSync(data, sound);
    const compiler = source.flags.includes('++') ? 'g++' : 'gcc';
    const flags = source.flags.filter((flag) => flag !== '++');
    execFileSync(
      compiler,
      [
        '-O3',
        '-w',
        '-D_POSIX_C_SOURCE=199309L',
        ...flags,
        '-o',
        program,
        main,
        ...source.files,
        '-xnone',
        ...libraries,
        '-lm',
      ],
      {
        stdio: 'ignore',
      },
    );
    const [encode = NaN, decode = NaN] = execFileSync(program, [data], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number);
    return { encode, decode };
  } catch {
    return null;
  }
}

const EXPORTED = ({ frameSamples, frameOctets }: PeerFrame): string => `
static int16_t samples_[${frameSamples}]; static uint8_t octets_[${frameOctets + 64}];
__attribute__((export_name("pcm"))) int16_t *bench_pcm(void) { return samples_; }
__attribute__((export_name("octets"))) uint8_t *bench_octets(void) { return octets_; }
__attribute__((export_name("start"))) void bench_start(void) { start(); }
__attribute__((export_name("encode"))) void bench_encode(void) { encode(samples_, octets_); }
__attribute__((export_name("decode"))) void bench_decode(void) { decode(octets_, samples_); }
`;

/** The same C as a WebAssembly module: clang -O3 with SIMD. @returns null where it does not compile */
export function compileToWasm(folder: string, glue: string, source: PeerSource, frame: PeerFrame): Uint8Array | null {
  try {
    const [main, module] = [path.join(folder, 'peer.c'), path.join(folder, 'peer.wasm')];
    writeFileSync(main, `#include <stdint.h>\n${glue}${EXPORTED(frame)}`);
    const target = ['--target=wasm32-wasi', '-mexec-model=reactor', '-O3', '-flto', '-msimd128', '-w'];
    execFileSync('clang', [...target, ...source.flags, '-o', module, main, ...source.files, '-xnone', '-lm'], {
      stdio: 'ignore',
    });
    return readFileSync(module);
  } catch {
    return null;
  }
}
