import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  acceptAnswer,
  answerAudio,
  createAudioOffer,
  createOrigin,
  nextOrigin,
  parseSdp,
  printSdp,
  readOffer,
  type LocalAudio,
} from '../../src/ims/sdp/index.js';
import { decodeUtf8 } from '../../src/ims/sip/index.js';
import type { FuzzTarget } from './fuzz-target.js';

const EXAMPLES = fileURLToPath(new URL('../../test/vectors/sdp/rfc-examples.json', import.meta.url));

const LOCAL: LocalAudio = {
  address: '192.0.2.1',
  port: 40_000,
  rtcpPort: 40_001,
  formats: [
    { payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: null },
    { payloadType: 8, name: 'PCMA', clockRate: 8000, channels: 1, fmtp: null },
    { payloadType: 101, name: 'telephone-event', clockRate: 8000, channels: 1, fmtp: '0-15' },
  ],
  direction: 'sendrecv',
  ptime: 20,
  bandwidth: 80,
};

/** Session descriptions as offers and as answers: read, printed, read again and negotiated. */
export const sdpTarget: FuzzTarget = {
  name: 'sdp',
  words: [
    '\r\n', '\n', 'v=0\r\n', 'm=audio 9 RTP/AVP 0\r\n', 'm=audio 0 RTP/AVP 0 8 101\r\n', 'm=video 5 RTP/SAVP 31\r\n', 'a=rtpmap:0 PCMU/8000\r\n',
    'a=rtpmap:96 x/1/999\r\n', 'a=fmtp:101 0-15\r\n', 'a=sendonly\r\n', 'a=inactive\r\n', 'a=rtcp:1 IN IP4 h\r\n', 'a=rtcp-mux\r\n', 'a=ptime:0\r\n',
    'a=maxptime:-1\r\n', 'c=IN IP6 ::1\r\n', 'c=IN IP4 0.0.0.0\r\n', 'b=AS:64\r\n', 't=0 0\r\n', 'r=7d 1h 0\r\n', 'z=0 0\r\n', 'k=clear:x\r\n', '=', ':', '/', ' ',
    '65536', '-1', '99999999999999999999', '\0', '\xff', '__proto__',
  ],
  seeds: readExamples,
  run(octets) {
    const result = parseSdp(decodeUtf8(octets));
    if (!result.ok) return;
    const printed = printSdp(result.session);
    const again = parseSdp(printed);
    if (!again.ok) throw new Error(`printed description is not read: line ${again.line} ${again.detail}`);
    if (printSdp(again.session) !== printed) throw new Error('second print differs from the first');
    const origin = createOrigin('1', LOCAL.address);
    readOffer(result.session, LOCAL.formats);
    const answered = answerAudio(result.session, LOCAL, origin);
    if (answered.ok && !parseSdp(printSdp(answered.answer)).ok) throw new Error('our answer is not read');
    const offer = createAudioOffer(LOCAL, nextOrigin(origin), result.session);
    if (!parseSdp(printSdp(offer)).ok) throw new Error('our offer is not read');
    acceptAnswer(createAudioOffer(LOCAL, origin, null), result.session);
  },
}; // prettier-ignore

function readExamples(): Uint8Array[] {
  if (!existsSync(EXAMPLES)) return [];
  const file: unknown = JSON.parse(readFileSync(EXAMPLES, 'utf8'));
  const seeds: Uint8Array[] = [];
  if (typeof file !== 'object' || file === null || !('examples' in file) || !Array.isArray(file.examples)) return seeds;
  const examples: unknown[] = file.examples;
  for (const example of examples) {
    if (typeof example !== 'object' || example === null || !('sdp' in example)) continue;
    if (typeof example.sdp === 'string') seeds.push(new TextEncoder().encode(example.sdp));
  }
  return seeds;
}
