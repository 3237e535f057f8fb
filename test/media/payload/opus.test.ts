import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { opusPacketMs, opusParameters, opusSamples, opusWishes } from '../../../src/media/payload/opus.js';

describe('opusParameters', () => {
  it('is what the decoder of RFC 7587 §7 examples asks for', () => {
    const none = opusParameters('');
    assert.deepEqual(none, { bitrate: 32_000, constantBitrate: false, inbandFec: false, dtx: false });
    const modest =
      'maxplaybackrate=16000; sprop-maxcapturerate=16000; maxaveragebitrate=20000; stereo=1; useinbandfec=1; usedtx=0';
    assert.deepEqual(opusParameters(modest), { bitrate: 20_000, constantBitrate: false, inbandFec: true, dtx: false });
    assert.equal(opusParameters('maxplaybackrate=8000').bitrate, 12_000);
    assert.equal(opusParameters('maxaveragebitrate=9000;cbr=1;usedtx=1').bitrate, 9000);
    assert.equal(opusParameters('maxaveragebitrate=1').bitrate, 6000);
    assert.equal(opusParameters('MaxAverageBitrate=nonsense').bitrate, 32_000);
  });
});

describe('opusWishes', () => {
  it('leaves silence out where we want that, unless the other side does not', () => {
    const silent = (fmtp: string, dtx: boolean): boolean => opusParameters(opusWishes(fmtp, dtx)).dtx;
    assert.deepEqual([silent('', false), silent('usedtx=1', false)], [false, true]);
    assert.deepEqual([silent('', true), silent('stereo=1', true), silent('usedtx=0', true)], [true, true, false]);
  });
});

describe('opusPacketMs', () => {
  it('takes what Opus has', () => {
    assert.deepEqual([1, 10, 20, 30, 60, 90, 500].map(opusPacketMs), [10, 10, 20, 20, 60, 80, 120]);
  });
});

describe('opusSamples', () => {
  const of = (...octets: number[]): number => opusSamples(Uint8Array.from(octets));
  it('reads the durations of RFC 6716 table 2', () => {
    const frames = Array.from({ length: 32 }, (_, configuration) => of(configuration << 3, 0) / 48);
    const silk = [10, 20, 40, 60];
    const celt = [2.5, 5, 10, 20];
    assert.deepEqual(frames, [...silk, ...silk, ...silk, 10, 20, 10, 20, ...celt, ...celt, ...celt, ...celt]);
  });
  it('counts the frames of each code', () => {
    assert.equal(of(0x79, 1, 2), 1920);
    assert.equal(of(0x79, 1), 0);
    assert.equal(of(0x7a, 1, 9, 9), 1920);
    assert.equal(of(0x7a, 3, 9, 9), 0);
    assert.equal(of(0x7b, 3, 9, 9, 9), 2880);
    assert.equal(of(0x7b, 7, 9), 0);
    assert.equal(of(0x7b), 0);
    assert.equal(of(), 0);
  });
  it('never tells more than 120 ms (property)', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (packet) => opusSamples(packet) <= 5760));
  });
});
