import { existsSync, readFileSync } from 'node:fs';
import { Kernel } from '../src/media/wasm/kernel.js';
import { buildAssembly } from '../tools/build-assembly.js';
import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';
import { opencore, voAmrwbenc } from './peers/peer-source.js';

const WIDE_SPEECH = '../shared/vectors/amr-wb/input_16k.pcm';

/** Modes and octets of their frames behind the type. */
const NARROW = [
  { name: '12.2', mode: 7, octets: 31 },
  { name: '7.95', mode: 5, octets: 20 },
  { name: '4.75', mode: 0, octets: 12 },
] as const;
const WIDE = [
  { name: '12.65', mode: 2, octets: 32 },
  { name: '23.85', mode: 8, octets: 60 },
  { name: '6.60', mode: 0, octets: 17 },
] as const;

/** The peer's frames begin with their type: ours have it beside them. */
const narrowGlue = (mode: number, octets: number): string => `
#include <string.h>
void *Encoder_Interface_init(int); void *Decoder_Interface_init(void);
int Encoder_Interface_Encode(void *, int, const int16_t *, uint8_t *, int);
void Decoder_Interface_Decode(void *, const uint8_t *, int16_t *, int);
static void *in, *out; static uint8_t frame[64];
static void start(void) { if (!in) { in = Encoder_Interface_init(0); out = Decoder_Interface_init(); } }
static void encode(int16_t *pcm, uint8_t *octets) {
  Encoder_Interface_Encode(in, ${mode}, pcm, frame, 0); memcpy(octets, frame + 1, ${octets});
}
static void decode(uint8_t *octets, int16_t *pcm) {
  frame[0] = ${(mode << 3) | 4}; memcpy(frame + 1, octets, ${octets}); Decoder_Interface_Decode(out, frame, pcm, 0);
}
`;

const wideEncoder = (mode: number, octets: number): string => `
#include <string.h>
void *E_IF_init(void); int E_IF_encode(void *, int, const int16_t *, uint8_t *, int);
static void *in; static uint8_t frame[64];
static void start(void) { if (!in) in = E_IF_init(); }
static void encode(int16_t *pcm, uint8_t *octets) { E_IF_encode(in, ${mode}, pcm, frame, 0); memcpy(octets, frame + 1, ${octets}); }
static void decode(uint8_t *octets, int16_t *pcm) {}
`;

/** There is no encoder beside this decoder: its frames are ours, one after another. */
const wideDecoder = (mode: number, octets: number, stream: Uint8Array): string => `
#include <string.h>
void *D_IF_init(void); void D_IF_decode(void *, const uint8_t *, int16_t *, int);
static void *out; static uint8_t frame[64]; static int at;
static const uint8_t stream[] = {${stream.join()}};
static void start(void) { if (!out) out = D_IF_init(); at = 0; }
static void encode(int16_t *pcm, uint8_t *octets) {
  memcpy(octets, stream + at, ${octets}); at += ${octets}; if (at >= sizeof stream) at = 0;
}
static void decode(uint8_t *octets, int16_t *pcm) {
  frame[0] = ${(mode << 3) | 4}; memcpy(frame + 1, octets, ${octets}); D_IF_decode(out, frame, pcm, 0);
}
`;

/** Speech that our encoder has coded. */
function ourStream(mode: number, octets: number): Uint8Array {
  const kernel = new Kernel(new WebAssembly.Module(readFileSync('build/wasm/amr-wb.wasm')));
  const [pcm, frame] = [kernel.samples('pcm', 320), kernel.octets('octets', 64)];
  const bytes = existsSync(WIDE_SPEECH) ? readFileSync(WIDE_SPEECH) : Buffer.alloc(640 * 50, 'speech');
  const speech = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const stream = new Uint8Array(Math.floor(speech.length / 320) * octets);
  kernel.function('resetEncoder')();
  for (let i = 0; i * octets < stream.length; i += 1) {
    pcm.set(speech.subarray(i * 320, (i + 1) * 320));
    kernel.function('encode')(mode, 0);
    stream.set(frame.subarray(0, octets), i * octets);
  }
  return stream;
}

/** AMR against opencore-amr, AMR-WB against vo-amrwbenc (encoder) and opencore-amr (decoder). */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync('build/wasm/amr-wb.wasm')) await buildAssembly(undefined, ['amr-wb']);
  const results: BenchResult[] = [];
  for (const { name, mode, octets } of NARROW) {
    results.push(
      ...(await runBlockCodec({
        title: `AMR ${name}`,
        wasm: 'amr-nb',
        sampleRate: 8000,
        frameSamples: 160,
        frameOctets: octets,
        speech: 'amr-nb/input_8k.pcm',
        start: [['resetEncoder'], ['reset']],
        encode: ['encode', mode, 0],
        decode: ['decode', mode, octets, 1],
        peers: [{ name: 'opencore-amr', glue: narrowGlue(mode, octets), source: opencore('amrnb') }],
      })),
    );
  }
  for (const { name, mode, octets } of WIDE) {
    const shared = {
      title: `AMR-WB ${name}`,
      wasm: 'amr-wb',
      sampleRate: 16_000,
      frameSamples: 320,
      frameOctets: octets,
      speech: 'amr-wb/input_16k.pcm',
      start: [['resetEncoder'], ['reset']],
      encode: ['encode', mode, 0],
      decode: ['decode', mode, octets, 1],
    } as const;
    const encoder = { name: 'vo-amrwbenc', glue: wideEncoder(mode, octets), source: voAmrwbenc() };
    const decoder = {
      name: 'opencore-amr',
      glue: wideDecoder(mode, octets, ourStream(mode, octets)),
      source: opencore('amrwb'),
    };
    results.push(...(await runBlockCodec({ ...shared, peers: [encoder], directions: ['encode'] })));
    results.push(...(await runBlockCodec({ ...shared, peers: [decoder], directions: ['decode'] })));
  }
  return results;
}
