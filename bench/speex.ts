import type { BenchResult } from './bench-result.js';
import { runBlockCodec } from './block-codec.js';
import { libspeex } from './peers/peer-source.js';

const QUALITY = 8;
const COMPLEXITY = 3;
const BANDS = [
  { name: 'narrow band', band: 0, rate: 8000, octets: 38, speech: 'speex/input_8k.pcm' },
  { name: 'wide band', band: 1, rate: 16_000, octets: 70, speech: 'speex/input_16k.pcm' },
] as const;

const glue = (band: number, octets: number): string => `
#include <speex/speex.h>
static void *in, *out; static SpeexBits bits;
static void start(void) {
  if (in) return;
  const SpeexMode *mode = speex_lib_get_mode(${band}); int quality = ${QUALITY}, complexity = ${COMPLEXITY};
  in = speex_encoder_init(mode); out = speex_decoder_init(mode); speex_bits_init(&bits);
  speex_encoder_ctl(in, SPEEX_SET_QUALITY, &quality); speex_encoder_ctl(in, SPEEX_SET_COMPLEXITY, &complexity);
}
static void encode(int16_t *pcm, uint8_t *octets) {
  int16_t x[640]; __builtin_memcpy(x, pcm, ${320 << band});
  speex_bits_reset(&bits); speex_encode_int(in, x, &bits); speex_bits_write(&bits, (char *)octets, ${octets});
}
static void decode(uint8_t *octets, int16_t *pcm) {
  speex_bits_read_from(&bits, (char *)octets, ${octets}); speex_decode_int(out, &bits, pcm);
}
`;

/** Speex at one complexity on both sides, against Debian's libspeex (with SSE) and the same C in WebAssembly. */
export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { name, band, rate, octets, speech } of BANDS) {
    const peer = {
      name: 'libspeex',
      glue: glue(band, octets),
      source: libspeex(),
      library: { flags: [], libraries: ['-lspeex'] },
    };
    results.push(
      ...(await runBlockCodec({
        title: `Speex ${name}, quality ${QUALITY},`,
        wasm: 'speex',
        sampleRate: rate,
        frameSamples: rate / 50,
        frameOctets: octets,
        speech,
        start: [
          ['setBand', band],
          ['setQuality', QUALITY],
          ['setComplexity', COMPLEXITY],
        ],
        encode: ['encode'],
        decode: ['decode', octets],
        peers: [peer],
      })),
    );
  }
  return results;
}
