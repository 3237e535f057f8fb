import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';
import { webrtcG722 } from './peers/peer-source.js';

const GLUE = `
#include <stddef.h>
#include <modules/third_party/g722/g722_enc_dec.h>
static G722EncoderState in; static G722DecoderState out;
static void start(void) { WebRtc_g722_encode_init(&in, 64000, 2); WebRtc_g722_decode_init(&out, 64000, 2); }
static void encode(int16_t *pcm, uint8_t *octets) { WebRtc_g722_encode(&in, octets, pcm, 320); }
static void decode(uint8_t *octets, int16_t *pcm) { WebRtc_g722_decode(&out, pcm, octets, 160); }
`;

/** G.722 against WebRTC's. */
export function run(): Promise<BenchResult[]> {
  return runBlockCodec({
    title: 'G.722',
    wasm: 'g722',
    sampleRate: 16_000,
    frameSamples: 320,
    frameOctets: 160,
    start: [['reset', 16_000]],
    encode: ['encode', 320],
    decode: ['decode', 160],
    peers: [{ name: "WebRTC's G.722", glue: GLUE, source: webrtcG722() }],
  });
}
