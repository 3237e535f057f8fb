import { AMR_NB, AMR_WB } from '../../src/media/payload/amr-band.js';
import { parseAmrFmtp } from '../../src/media/payload/amr-fmtp.js';
import { AmrPayloadReader } from '../../src/media/payload/amr-payload.js';
import { ilbcMode } from '../../src/media/payload/ilbc.js';
import { opusPacketMs, opusParameters, opusSamples } from '../../src/media/payload/opus.js';
import { speexQuality } from '../../src/media/payload/speex.js';
import { takesEvent, TelephoneEventReceiver } from '../../src/media/rtp/telephone-event.js';
import type { FuzzTarget } from './fuzz-target.js';

const READERS = [AMR_NB, AMR_WB].map((band) => new AmrPayloadReader(band));
const FRAME = new Uint8Array(64);

/** Payloads, and the parameters that say how they are shaped. */
export const payloadTarget: FuzzTarget = {
  name: 'payload',
  words: [
    '\xf0',
    '\x7c',
    '\xff\xff',
    '\x7b',
    '\xfc',
    'octet-align=1',
    ';mode-set=',
    '0,2,7',
    'maxaveragebitrate=',
    'mode="8,any"',
  ],
  seeds: () => [
    Uint8Array.of(0xf0, 0x3c, ...new Uint8Array(31)),
    Uint8Array.of(0xf3, 0xc0, ...new Uint8Array(31)),
    Uint8Array.of(0x7b, 3, ...new Uint8Array(60)),
    Uint8Array.of(11, 0x8a, 1, 0x90),
    Buffer.from('octet-align=1; mode-set=0,2,5,7; mode-change-period=2'),
    Buffer.from('maxplaybackrate=16000; maxaveragebitrate=20000; useinbandfec=1'),
    Buffer.from('0-11,66'),
  ],
  run(input) {
    const text = Buffer.from(input).toString('latin1');
    for (const reader of READERS)
      for (const aligned of [true, false]) {
        const frames = reader.read(input, input.length, aligned);
        for (let i = 0; i < frames; i += 1)
          if (reader.frame(input, i, FRAME) > 60) throw new Error('an AMR frame is longer than there are');
      }
    const samples = opusSamples(input);
    if (samples > 5760 || samples < 0) throw new Error(`${samples} samples of Opus`);
    const { bitrate } = opusParameters(text);
    if (!(bitrate >= 6000 && bitrate <= 510_000)) throw new Error(`${bitrate} bit/s`);
    opusPacketMs(input[0] ?? 0);
    parseAmrFmtp(text, AMR_NB);
    parseAmrFmtp(text, AMR_WB);
    ilbcMode(text);
    const quality = speexQuality(text, 16_000);
    if (!(quality >= 0 && quality <= 10)) throw new Error(`Speex quality ${quality}`);
    takesEvent(text, 5);
    const receiver = new TelephoneEventReceiver((tone, ms) => {
      if (!/^[0-9*#A-D]$/.test(tone) || !(ms >= 0)) throw new Error(`${tone} ${ms}`);
    });
    receiver.receive(0, input, 0);
    receiver.receive(65_535, input.subarray(4), 20);
    receiver.poll(1000);
  },
};
