import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';
import { libgsm } from './peers/peer-source.js';

/** Each direction has its own state in libgsm. */
const GLUE = `
#include <gsm.h>
static gsm in, out;
static void start(void) { if (!in) { in = gsm_create(); out = gsm_create(); } }
static void encode(int16_t *pcm, uint8_t *octets) { gsm_encode(in, pcm, octets); }
static void decode(uint8_t *octets, int16_t *pcm) { gsm_decode(out, octets, pcm); }
`;

/** GSM 06.10 against libgsm. */
export function run(): Promise<BenchResult[]> {
  return runBlockCodec({
    title: 'GSM 06.10',
    wasm: 'gsm',
    sampleRate: 8000,
    frameSamples: 160,
    frameOctets: 33,
    start: [['reset', 8000]],
    encode: ['encode', 160],
    decode: ['decode', 33],
    peers: [{ name: 'libgsm', glue: GLUE, source: libgsm() }],
  });
}
