import { parseRtcp, printRtcp } from '../../src/media/rtp/rtcp-packet.js';
import { looksLikeRtcp, parseRtp, printRtp } from '../../src/media/rtp/rtp-packet.js';
import { parseTelephoneEvent, printTelephoneEvent } from '../../src/media/rtp/telephone-event.js';
import type { FuzzTarget } from './fuzz-target.js';

const AUDIO = Uint8Array.from({ length: 160 }, (_, i) => i);
const PLAIN = { marker: true, payloadType: 0, sequenceNumber: 65_535, timestamp: 4_294_967_295, ssrc: 1 };
const BLOCK = {
  ssrc: 2, fractionLost: 255, cumulativeLost: -1, highestSequence: 70_000, jitter: 5, lastSr: 6, delaySinceLastSr: 7,
}; // prettier-ignore

/** Datagrams of a media port: RTP, telephone events and compound RTCP. */
export const rtpTarget: FuzzTarget = {
  name: 'rtp',
  words: ['\x80', '\x90', '\xa0', '\xbf', '\x80\xc8\x00\x06', '\x81\xc9\x00\x07', '\x81\xca\x00\x02', '\x81\xcb\x00\x01', '\xff\xff', '\0\0'],
  seeds: () => [
    printRtp({ ...PLAIN, csrcs: [], extension: null, payload: AUDIO }),
    printRtp({ ...PLAIN, csrcs: [1, 2, 3], extension: { profile: 0xbede, data: new Uint8Array(8) }, payload: AUDIO }),
    printRtp({ ...PLAIN, payloadType: 101, csrcs: [], extension: null, payload: Uint8Array.of(11, 0x8a, 1, 0x90) }),
    printRtcp([
      { type: 'SR', ssrc: 1, ntp: { seconds: 3_900_000_000, fraction: 1 }, rtpTimestamp: 2, packetCount: 3, octetCount: 4, reports: [BLOCK] },
      { type: 'SDES', chunks: [{ ssrc: 1, items: [{ kind: 1, text: 'cname' }, { kind: 6, text: 'tööl' }] }] },
      { type: 'BYE', ssrcs: [1], reason: 'bye' },
    ]),
    printRtcp([{ type: 'RR', ssrc: 1, reports: [BLOCK, BLOCK] }, { type: 'other', packetType: 207, count: 0, body: new Uint8Array(12) }]),
  ],
  run(octets) {
    looksLikeRtcp(octets);
    const packet = parseRtp(octets);
    if (packet) {
      const again = parseRtp(printRtp(packet));
      if (!again || !Buffer.from(again.payload).equals(packet.payload)) throw new Error('printed RTP is not read');
      const event = parseTelephoneEvent(packet.payload);
      if (event) printTelephoneEvent(event);
    }
    const packets = parseRtcp(octets);
    if (packets && !parseRtcp(printRtcp(packets)) && packets.length > 0) throw new Error('printed RTCP is not read');
  },
}; // prettier-ignore
