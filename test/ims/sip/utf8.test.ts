import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../src/ims/sip/utf8.js';

describe('decodeUtf8', () => {
  it('reads UTF-8 and keeps a byte order mark', () => {
    const text = '\ufeffgrüße 大停電 😀';
    assert.equal(decodeUtf8(new TextEncoder().encode(text)), text);
  });

  it('keeps octets that are no UTF-8', () => {
    assert.equal(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62)), 'a\udcffb');
    assert.equal(decodeUtf8(Uint8Array.of(0xc3, 0x28)), '\udcc3(');
    assert.equal(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), '\udced\udca0\udc80'); // an encoded surrogate
    assert.equal(decodeUtf8(Uint8Array.of(0xe2, 0x82)), '\udce2\udc82'); // cut short
  });

  it('loses nothing, whatever the octets', () => {
    const octet = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff),
    );
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 40 }), (octets) => {
        assert.deepEqual([...encodeUtf8(decodeUtf8(Uint8Array.from(octets)))], octets);
      }),
      { numRuns: 2000 },
    );
  });
});
