import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readTrace } from '../../../src/media/jitter/trace.js';

describe('readTrace', () => {
  it('reads numbers and arrivals, sorted by arrival', () => {
    const text = '0 30.5\n2 71\n1 70\n2 71\n7 1e2\n';
    assert.deepEqual(readTrace(text), {
      ok: true,
      packets: [
        { sequence: 0, arrival: 30.5 },
        { sequence: 1, arrival: 70 },
        { sequence: 2, arrival: 71 },
        { sequence: 2, arrival: 71 },
        { sequence: 7, arrival: 100 },
      ],
    });
  });

  it('passes over what people and programs add', () => {
    const text =
      '\uFEFFseq,arrival_ms,size\r\n# 180 s\r\n\r\n 0,30.5,172\r\n// lost:\r\n1;lost\r\n2\t70\r; end\r3 nan\n4 -';
    assert.deepEqual(readTrace(text), {
      ok: true,
      packets: [
        { sequence: 0, arrival: 30.5 },
        { sequence: 2, arrival: 70 },
      ],
    });
  });

  it('counts on where 16-bit numbers begin again', () => {
    const reading = readTrace('65534 0\n65535 20\n1 41\n0 42\n2 60\n');
    assert.ok(reading.ok);
    assert.deepEqual(
      reading.packets.map(({ sequence }) => sequence),
      [65_534, 65_535, 65_537, 65_536, 65_538],
    );
  });

  for (const [text, line, reason] of [
    ['', 0, 'empty'],
    ['# nothing\n\n', 2, 'empty'],
    ['0 1\nx 2\n', 2, 'no-number'],
    ['head\nhead\n', 2, 'no-number'],
    ['-1 2\n', 1, 'no-number'],
    ['1.5 2\n', 1, 'no-number'],
    ['0 1\n1\n', 2, 'no-arrival'],
    ['0 1e999\n', 1, 'no-arrival'],
    ['0 0x10\n', 1, 'no-arrival'],
    ['0 0\n1 86400001\n', 2, 'too-long'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}: ${reason}`, () => {
      assert.deepEqual(readTrace(text), { ok: false, line, reason });
    });
  }

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9 .,;\r\n#e+-]*$/)), (text) => {
        const reading = readTrace(text);
        if (!reading.ok) return;
        assert.ok(reading.packets.every((p) => Number.isSafeInteger(p.sequence) && Number.isFinite(p.arrival)));
      }),
    );
  });
});
