import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAttributes, type PayloadFormat } from '../../src/ims/sdp/index.js';
import { codecFormats } from '../../src/media/codec-formats.js';
import { DEFAULT_CODECS, type CodecPreference } from '../../src/media/codec-preference.js';
import { TwoPhones } from './two-phones.js';

const never = (): boolean => false;
const names = (formats: readonly PayloadFormat[]): string[] => formats.map((f) => `${f.name}/${f.clockRate}`);
const octets = (formats: readonly PayloadFormat[]): number =>
  formatAttributes(formats).reduce((sum, { value }) => sum + (value?.length ?? 0) + 11, 0);
const first = (...wanted: string[]): readonly CodecPreference[] => [
  ...wanted.flatMap((name) => DEFAULT_CODECS.filter((c) => key(c) === name)),
  ...DEFAULT_CODECS.filter((c) => !wanted.includes(key(c))),
];
const without = (...gone: string[]): readonly CodecPreference[] =>
  DEFAULT_CODECS.map((c) => ({ ...c, enabled: !gone.includes(key(c)) }));

describe('codecFormats', () => {
  it('offers the same by our own order, chosen or not', () => {
    assert.deepEqual(codecFormats(DEFAULT_CODECS, true, never), codecFormats(null, true, never));
  });

  it('offers in the order of a person, as much as fits', () => {
    const offer = codecFormats(first('L16/16000', 'speex/32000', 'AMR-WB/16000'), true, never);
    assert.deepEqual(names(offer).slice(0, 3), ['L16/16000', 'speex/32000', 'AMR-WB/16000']);
    assert.ok(octets(offer) <= octets(codecFormats(null, true, never)));
  });

  it('takes everything that is switched on, and nothing else', () => {
    const order = without('PCMA/8000', 'speex/8000');
    assert.equal(codecFormats(order, false, never, true).length, DEFAULT_CODECS.length - 2);
    assert.ok(!names(codecFormats(order, true, never)).includes('PCMA/8000'));
  });

  it('speaks of Opus only where the host has it', () => {
    const order = first('opus/48000');
    assert.ok(!names(codecFormats(order, false, never)).includes('opus/48000'));
    assert.ok(!names(codecFormats(null, false, never)).includes('opus/48000'));
    assert.equal(names(codecFormats(order, true, never, true))[0], 'opus/48000');
    assert.ok(names(codecFormats(null, false, never, true)).includes('opus/48000'));
  });

  it('keeps what the call uses, last, when it was switched off meanwhile', () => {
    const offer = codecFormats(without('PCMA/8000'), true, ({ name }) => name === 'PCMA');
    assert.equal(names(offer).at(-1), 'PCMA/8000');
  });
});

describe('RtpMedia with an order of codecs', () => {
  for (const [who, codec] of [
    ['alice', 'AMR-WB'],
    ['bob', 'G722'],
  ] as const)
    it(`talks by what ${who} put first, ${who === 'alice' ? 'offering' : 'answering'}`, async () => {
      const order = { codecs: first(codec === 'G722' ? 'G722/8000' : 'AMR-WB/16000') };
      const call = await TwoPhones.create({ delay: 5 }, who === 'alice' ? order : {}, who === 'bob' ? order : {});
      await call.negotiate();
      await call.clock.advance(3000);
      for (const { quality } of [call.alice, call.bob]) {
        const last = quality.at(-1);
        assert.ok(last);
        assert.equal(last.codec, codec);
        assert.ok(last.packetsReceived > 100);
      }
      await call.close();
    });

  it('refuses an offer of nothing but what is switched off', async () => {
    const call = await TwoPhones.create(
      {},
      { codecs: without(...DEFAULT_CODECS.slice(1).map(key)) },
      { codecs: without('PCMA/8000') },
    );
    const offer = await call.alice.media.createOffer({ audio: 'sendrecv' });
    await assert.rejects(call.bob.media.setRemoteDescription(offer), { reason: 'not-acceptable' });
    await call.close();
  });
});

function key({ name, clockRate }: CodecPreference): string {
  return `${name}/${clockRate}`;
}
