import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { looksLikeRtcp, parseRtp, printRtp, type RtpPacket } from '../../../src/media/rtp/rtp-packet.js';

const octets = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const packet: fc.Arbitrary<RtpPacket> = fc.record(
  {
    marker: fc.boolean(),
    payloadType: fc.nat(127),
    sequenceNumber: fc.nat(65_535),
    timestamp: uint32,
    ssrc: uint32,
    csrcs: fc.array(uint32, { maxLength: 15 }),
    extension: fc.option(
      fc.record(
        {
          profile: fc.nat(65_535),
          data: fc.nat(8).chain((n) => fc.uint8Array({ minLength: 4 * n, maxLength: 4 * n })),
        },
        { noNullPrototype: true },
      ),
      { nil: null },
    ),
    payload: octets(200),
  },
  { noNullPrototype: true },
);

describe('parseRtp', () => {
  it('reads what printRtp writes (property)', () => {
    fc.assert(fc.property(packet, (p) => assert.deepEqual(parseRtp(printRtp(p)), p)));
  });

  it('reads a packet octet by octet', () => {
    const data = Uint8Array.of(
      0xb1,
      0x88,
      0x12,
      0x34,
      0,
      0,
      0,
      160,
      1,
      2,
      3,
      4,
      9,
      9,
      9,
      9,
      0xbe,
      0xde,
      0,
      1,
      5,
      6,
      7,
      8,
      0xd5,
      0xd5,
      0,
      0,
      3,
    );
    assert.deepEqual(parseRtp(data), {
      marker: true,
      payloadType: 8,
      sequenceNumber: 0x1234,
      timestamp: 160,
      ssrc: 0x01020304,
      csrcs: [0x09090909],
      extension: { profile: 0xbede, data: Uint8Array.of(5, 6, 7, 8) },
      payload: Uint8Array.of(0xd5, 0xd5),
    });
  });

  for (const [why, data] of [
    ['too short', [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['version 1', [0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['CSRCs beyond the end', [0x82, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]],
    ['extension beyond the end', [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]],
    ['padding of nothing', [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['padding beyond the start', [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]],
  ] as const) {
    it(`refuses: ${why}`, () => assert.equal(parseRtp(Uint8Array.from(data)), null));
  }

  it('never throws (fuzz)', () => {
    fc.assert(
      fc.property(octets(64), (data) => {
        data[0] = ((data[0] ?? 0) & 0x3f) | 0x80;
        const parsed = parseRtp(data);
        assert.ok(parsed === null || parsed.payload.length <= data.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('tells RTCP by its packet types (RFC 5761 §4)', () => {
    assert.deepEqual(
      [0x80 | 8, 200, 201, 192, 223, 224].map((type) => looksLikeRtcp(Uint8Array.of(0x80, type))),
      [false, true, true, true, true, false],
    );
  });
});
