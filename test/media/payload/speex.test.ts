import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { speexComfortNoise, speexQuality, speexVbr } from '../../../src/media/payload/speex.js';

describe('speexQuality', () => {
  it('reads the examples of RFC 5574 §5', () => {
    assert.equal(speexQuality('mode="1,any";vbr=on', 8000), 0);
    assert.equal(speexQuality('mode="4,any"', 8000), 6);
    assert.equal(speexQuality('mode="3,5"', 8000), 4);
    assert.equal(speexQuality('vbr=on;cng=on', 8000), 4);
    assert.equal(speexQuality('vbr=vad', 16_000), 8);
    assert.equal(speexQuality('mode="10,any"', 16_000), 10);
    assert.equal(speexQuality('mode="7,any"', 8000), 10);
  });

  it('passes over modes that there are not', () => {
    assert.equal(speexQuality('vbr=off; mode="0,9,99,x,8"', 8000), 1);
    assert.equal(speexQuality('mode="11,0"', 32_000), 0);
    assert.equal(speexQuality('mode=any', 8000), 4);
    assert.equal(speexQuality('mode=5', 8000), 8, 'the quotes are left out by some');
  });

  it('gives a quality for whatever is said', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(8000, 16_000, 32_000), (fmtp, rate) => {
        const quality = speexQuality(`mode="${fmtp}"`, rate);
        assert.ok(Number.isInteger(quality) && quality >= 0 && quality <= 10);
      }),
    );
  });
});

describe('speexVbr, speexComfortNoise', () => {
  it('read the examples of RFC 5574 §5', () => {
    assert.equal(speexVbr('mode="1,any";vbr=on'), 'on');
    assert.equal(speexVbr('vbr=vad'), 'vad');
    assert.equal(speexVbr('vbr=on;cng=on'), 'on');
    assert.equal(speexComfortNoise('vbr=on;cng=on'), true);
    assert.equal(speexComfortNoise('vbr=on'), false);
  });

  it('take what is not said, or nonsense, for off', () => {
    assert.equal(speexVbr('mode="3,any"'), 'off');
    assert.equal(speexVbr('vbr=perhaps; VBR="On"'), 'off');
    assert.equal(speexVbr(' VBR = "On" '), 'on');
    assert.equal(speexComfortNoise('mode="cng=on"'), false);
  });
});
