import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { middle, ntpTime } from '../../../src/media/rtp/ntp.js';
import { Reception } from '../../../src/media/rtp/reception.js';
import { parseRtcp, printRtcp, type RtcpPacket } from '../../../src/media/rtp/rtcp-packet.js';
import { RtcpSession } from '../../../src/media/rtp/rtcp-session.js';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const text = fc.stringMatching(/^[ -~]{0,40}$/);
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}
const block = record({
  ssrc: uint32,
  fractionLost: fc.nat(255),
  cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
  highestSequence: uint32,
  jitter: uint32,
  lastSr: uint32,
  delaySinceLastSr: uint32,
});
const packet: fc.Arbitrary<RtcpPacket> = fc.oneof(
  record({
    type: fc.constant('SR' as const),
    ssrc: uint32,
    ntp: record({ seconds: uint32, fraction: uint32 }),
    rtpTimestamp: uint32,
    packetCount: uint32,
    octetCount: uint32,
    reports: fc.array(block, { maxLength: 31 }),
  }),
  record({ type: fc.constant('RR' as const), ssrc: uint32, reports: fc.array(block, { maxLength: 31 }) }),
  record({
    type: fc.constant('SDES' as const),
    chunks: fc.array(
      record({
        ssrc: uint32,
        items: fc.array(record({ kind: fc.integer({ min: 1, max: 8 }), text }), { maxLength: 4 }),
      }),
      { maxLength: 5 },
    ),
  }),
  record({
    type: fc.constant('BYE' as const),
    ssrcs: fc.array(uint32, { maxLength: 31 }),
    reason: fc.option(text, { nil: null }),
  }),
);

describe('parseRtcp', () => {
  it('reads what printRtcp writes (property)', () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 4 }), (packets) => {
        assert.deepEqual(parseRtcp(printRtcp(packets)), packets);
      }),
    );
  });

  it('never throws, and keeps what was whole (fuzz)', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 6 }),
        fc.nat(2000),
        (packets, edits, cut) => {
          const data = printRtcp(packets);
          for (const [at, value] of edits) data[at % data.length] = value;
          parseRtcp(data.subarray(0, cut));
          parseRtcp(data);
        },
      ),
      { numRuns: 3000 },
    );
    assert.equal(parseRtcp(new Uint8Array(0)), null);
    assert.equal(parseRtcp(Uint8Array.of(0x80, 200, 0, 99)), null);
  });
});

describe('RtcpSession', () => {
  it('measures the round trip (RFC 3550 §6.4.1)', () => {
    const alice = new RtcpSession(1, 'a');
    const bob = new RtcpSession(2, 'b');
    const reception = new Reception(1, 0);
    const start = Date.UTC(2026, 5, 1);
    const sr = alice.report({ packets: 9, octets: 9, timestamp: 0 }, null, 0, start);
    bob.receive(sr, null, 100_030, 5);
    const rr = bob.report({ packets: 0, octets: 0, timestamp: 0 }, reception, 100_530, 5);
    assert.ok(alice.receive(rr, 2, 580, start + 580));
    assert.ok(alice.roundTrip !== null && Math.abs(alice.roundTrip - 80) < 0.1, `${alice.roundTrip}`);
  });

  it('ignores reports of strangers', () => {
    const alice = new RtcpSession(1, 'a');
    const rr = printRtcp([
      {
        type: 'RR',
        ssrc: 66,
        reports: [
          {
            ssrc: 1,
            fractionLost: 128,
            cumulativeLost: 0,
            highestSequence: 0,
            jitter: 0,
            lastSr: 0,
            delaySinceLastSr: 0,
          },
        ],
      },
    ]);
    alice.receive(rr, 2, 0, 0);
    assert.equal(alice.lossSent, 0);
    alice.receive(rr, 66, 0, 0);
    assert.equal(alice.lossSent, 0.5);
  });
});

describe('ntpTime', () => {
  it('counts from 1900', () => {
    assert.deepEqual(ntpTime(500), { seconds: 2_208_988_800, fraction: 2 ** 31 });
    assert.equal(middle({ seconds: 0x12345678, fraction: 0x9abcdef0 }), 0x56789abc);
  });
});

const see = (r: Reception, sequenceNumber: number, timestamp: number, arrival: number, clockRate = 8000): void =>
  r.update({ sequenceNumber, timestamp }, arrival, clockRate, true);

describe('Reception', () => {
  it('counts loss over the wrap of sequence numbers', () => {
    const r = new Reception(1, 65_530);
    for (let i = 0; i < 20; i += 1) if (i !== 3 && i !== 10) see(r, (65_530 + i) & 0xffff, 160 * i, 20 * i);
    assert.equal(r.expected, 20);
    assert.equal(r.lost, 2);
    const report = r.report(0, 0);
    assert.equal(report.fractionLost, Math.floor((2 * 256) / 20));
    assert.equal(report.highestSequence, 65_536 + 13);
    assert.equal(r.report(0, 0).fractionLost, 0);
  });

  it('measures jitter as RFC 3550 A.8', () => {
    const r = new Reception(1, 0);
    for (let i = 0; i < 500; i += 1) see(r, i, 160 * i, 20 * i + (i % 2) * 4);
    assert.ok(Math.abs(r.jitter - 4) < 0.2, `${r.jitter} ms`);
  });

  it('goes on in ms when the payload type, and with it the clock, changes (RFC 7160)', () => {
    const r = new Reception(1, 0);
    for (let i = 0; i < 500; i += 1) see(r, i, 160 * i, 20 * i + (i % 2) * 4);
    for (let i = 0; i < 3; i += 1) see(r, 500 + i, 7_000_000 + 320 * i, 10_000 + 20 * i + (i % 2) * 4, 16_000);
    assert.ok(Math.abs(r.jitter - 4) < 0.3, `${r.jitter} ms`);
  });

  it('begins again after a jump that two packets confirm', () => {
    const r = new Reception(1, 0);
    see(r, 0, 0, 0);
    see(r, 20_000, 0, 0);
    assert.equal(r.received, 1);
    see(r, 20_001, 0, 0);
    assert.equal(r.expected, 1);
  });
});
