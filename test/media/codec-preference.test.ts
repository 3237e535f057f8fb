import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { completeCodecs, DEFAULT_CODECS, sameCodec, type CodecPreference } from '../../src/media/codec-preference.js';
import { CODECS } from '../../src/media/codec-registry.js';

describe('DEFAULT_CODECS', () => {
  it('names what the registry has, in its order, and what only browsers have', () => {
    assert.deepEqual(
      DEFAULT_CODECS.map(({ name, clockRate }) => `${name}/${clockRate}`),
      [...CODECS.map(({ description: { name, clockRate } }) => `${name}/${clockRate}`), 'opus/48000'],
    );
  });
});

describe('completeCodecs', () => {
  const on = (name: string, clockRate: number): CodecPreference => ({ name, clockRate, enabled: true });

  it('keeps an order, and puts what it does not know of behind its neighbour', () => {
    const order = completeCodecs([on('AMR-WB', 16_000), on('G722', 8000), on('PCMU', 8000), on('PCMA', 8000)]);
    assert.deepEqual(
      order.slice(0, 7).map(({ name }) => name),
      ['AMR-WB', 'speex', 'speex', 'speex', 'DVI4', 'DVI4', 'L16'],
    );
    assert.equal(order.length, DEFAULT_CODECS.length);
  });

  it('drops strangers and doubles', () => {
    const order = completeCodecs([on('opus-from-the-future', 48_000), on('gsm', 8000), on('GSM', 8000)]);
    assert.equal(order.filter(({ name }) => name === 'GSM').length, 1);
    assert.equal(order.length, DEFAULT_CODECS.length);
  });

  it('never leaves a phone without a codec', () => {
    assert.equal(completeCodecs(DEFAULT_CODECS.map((c) => ({ ...c, enabled: false }))), DEFAULT_CODECS);
    assert.equal(completeCodecs([]), DEFAULT_CODECS);
  });

  it('holds each codec once, whatever it is given, and does nothing the second time', () => {
    const any = fc.record({
      name: fc.constantFrom('PCMA', 'pcmu', 'AMR-WB', 'speex', 'x'),
      clockRate: fc.constantFrom(8000, 16_000, 1),
      enabled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (order) => {
        const whole = completeCodecs(order);
        assert.equal(whole.length, DEFAULT_CODECS.length);
        for (const own of DEFAULT_CODECS) assert.equal(whole.filter((c) => sameCodec(c, own)).length, 1);
        assert.ok(whole.some(({ enabled }) => enabled));
        assert.deepEqual(completeCodecs(whole), whole);
      }),
    );
  });
});
