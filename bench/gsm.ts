import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';

/** Each direction has its own state in libgsm. */
const SOURCE = `
#include <gsm.h>
static gsm in, out;
static void start(void) { in = gsm_create(); out = gsm_create(); }
static void encode(int16_t *pcm, uint8_t *octets) { gsm_encode(in, pcm, octets); }
static void decode(uint8_t *octets, int16_t *pcm) { gsm_decode(out, octets, pcm); }
`;

/**
 * GSM 06.10 against libgsm: Debian's (libgsm1-dev), or with LIBGSM_SOURCE, the folder of its unpacked source, compiled here.
 */
export function run(): Promise<BenchResult[]> {
  const folder = process.env['LIBGSM_SOURCE'];
  const compiled = folder !== undefined && folder !== '';
  return runBlockCodec({
    title: 'GSM 06.10',
    wasm: 'gsm',
    sampleRate: 8000,
    frameSamples: 160,
    frameOctets: 33,
    peer: compiled ? 'libgsm, gcc -O3' : "Debian's libgsm",
    source: SOURCE,
    compilerArguments: compiled
      ? ['-DSASR', '-DWAV49', '-DNeedFunctionPrototypes=1', `-I${folder}/inc`, ...libraryFiles(folder)]
      : ['-I/usr/include/gsm', '-lgsm'],
  });
}

function libraryFiles(folder: string): string[] {
  return readdirSync(path.join(folder, 'src'))
    .filter((file) => file.endsWith('.c') && !/^toast/.test(file))
    .map((file) => path.join(folder, 'src', file));
}
