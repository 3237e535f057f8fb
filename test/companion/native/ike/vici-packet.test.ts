import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseViciAnswer, printViciPacket, ViciSegments } from '../../../../companion/native/ike/vici-packet.js';
import { viciSection } from '../../../../companion/native/ike/vici-message.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

describe('printViciPacket', () => {
  it('names the command, with the length before it', () => {
    assert.deepEqual(printViciPacket('request', 'version'), hex('00000009 00 07 76657273696f6e'));
    const named = printViciPacket('request', 'unload-conn', viciSection({ name: 'a' }));
    assert.deepEqual(named, hex('00000016 00 0b 756e6c6f61642d636f6e6e 03 04 6e616d65 0001 61'));
    assert.deepEqual(printViciPacket('register', 'log'), hex('00000005 03 03 6c6f67'));
  });

  it('has no room for more than a segment', () => {
    const item = 'x'.repeat(60_000);
    assert.throws(
      () => printViciPacket('request', 'c', viciSection({ list: Array<string>(9).fill(item) })),
      RangeError,
    );
  });
});

describe('parseViciAnswer', () => {
  it('reads responses, events and the rest', () => {
    const message = viciSection({ success: 'yes' });
    const body = '03 07 73756363657373 0003 796573';
    assert.deepEqual(parseViciAnswer(hex(`01 ${body}`)), { type: 'response', message });
    assert.deepEqual(parseViciAnswer(hex(`07 03 6c6f67 ${body}`)), { type: 'event', name: 'log', message });
    for (const [octet, type] of [['02', 'unknown-command'], ['05', 'confirm'], ['06', 'unknown-event']] as const)
      assert.deepEqual(parseViciAnswer(hex(octet)), { type });
  }); // prettier-ignore

  it('reads nothing that a daemon does not send', () => {
    for (const bad of ['', '00', '03 01 61', '04', '08', 'ff', '02 00', '05 61', '07', '07 02 61', '01 03', '07 00 03'])
      assert.equal(parseViciAnswer(hex(bad)), null, bad);
    fc.assert(fc.property(fc.uint8Array(), (octets) => void parseViciAnswer(octets)));
  });
});

describe('ViciSegments', () => {
  it('cuts the stream where the packets end, wherever it was cut before', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.integer({ min: 1, max: 60 }), (packets, step) => {
        const stream = packets.flatMap((packet) => [0, 0, 0, packet.length, ...packet]);
        const segments = new ViciSegments();
        const found: Uint8Array[] = [];
        for (let at = 0; at < stream.length; at += step)
          found.push(...(segments.push(Uint8Array.from(stream.slice(at, at + step))) ?? assert.fail()));
        assert.deepEqual(found, packets);
      }),
    );
  });

  it('takes no more than a segment may hold', () => {
    assert.deepEqual(new ViciSegments().push(hex('00080000')), []);
    assert.equal(new ViciSegments().push(hex('00080001')), null);
  });
});
