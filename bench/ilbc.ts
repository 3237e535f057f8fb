import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';

const GLUE = `
#include <stddef.h>
#include <modules/audio_coding/codecs/ilbc/ilbc.h>
static IlbcEncoderInstance *in; static IlbcDecoderInstance *out; static int16_t kind;
static void start(void) {
  if (!in) { WebRtcIlbcfix_EncoderCreate(&in); WebRtcIlbcfix_DecoderCreate(&out); }
  WebRtcIlbcfix_EncoderInit(in, 20); WebRtcIlbcfix_DecoderInit(out, 20);
}
static void encode(int16_t *pcm, uint8_t *octets) { WebRtcIlbcfix_Encode(in, pcm, 160, octets); }
static void decode(uint8_t *octets, int16_t *pcm) { WebRtcIlbcfix_Decode(out, octets, 38, pcm, &kind); }
`;

/** Debian's libtgowt-dev; its C++ does not compile to WebAssembly by itself. */
const LIBRARY = {
  flags: ['++', '-I/usr/include/tg_owt', '-DWEBRTC_POSIX', '-DWEBRTC_LINUX', '-Wl,--gc-sections'],
  libraries: ['-ltg_owt', '-lpthread'],
};

/** iLBC (floats, by RFC 3951) against WebRTC's in fixed point. */
export function run(): Promise<BenchResult[]> {
  return runBlockCodec({
    title: 'iLBC',
    wasm: 'ilbc',
    sampleRate: 8000,
    frameSamples: 160,
    frameOctets: 38,
    speech: 'ilbc/input_8k.pcm',
    start: [['setMode', 20]],
    encode: ['encode'],
    decode: ['decode', 38],
    peers: [{ name: "WebRTC's iLBC", glue: GLUE, source: null, library: LIBRARY }],
  });
}
