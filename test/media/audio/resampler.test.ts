import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Resampler } from '../../../src/media/audio/resampler.js';
import { parseWav, printWav } from '../../../src/media/audio/wav.js';
import { tone, toneToRest } from '../two-phones.js';

function convert(from: number, to: number, frequency: number, seconds: number, block: number): Float32Array {
  const resampler = new Resampler(from, to);
  const next = tone(frequency, from);
  const input = new Float32Array(block);
  const output = new Float32Array(Math.ceil((block * to) / from) + 2);
  const result: number[] = [];
  for (let n = 0; n < from * seconds; n += block) {
    next(input);
    const count = resampler.process(input, block, output);
    result.push(...output.subarray(0, count));
  }
  return Float32Array.from(result);
}

describe('Resampler', () => {
  for (const [from, to] of [
    [48_000, 8000],
    [8000, 48_000],
    [44_100, 8000],
    [8000, 44_100],
    [16_000, 8000],
    [48_000, 16_000],
    [8000, 8000],
  ] as const) {
    it(`keeps a tone whole from ${from} to ${to} Hz`, () => {
      const out = convert(from, to, 1000, 1, 128);
      assert.ok(Math.abs(out.length - to) < to * 0.01, `${out.length} samples`);
      const ratio = toneToRest(out.subarray(Math.floor(to * 0.1)), 1000, to);
      assert.ok(ratio > 60, `${ratio} dB`);
    });
  }

  it('does not let 5 kHz alias into 3 kHz', () => {
    const out = convert(48_000, 8000, 5000, 0.5, 128).subarray(800);
    const peak = out.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    assert.ok(20 * Math.log10(peak / 0.5) < -60, `${20 * Math.log10(peak / 0.5)} dB`);
  });

  it('does not depend on the size of the blocks', () => {
    const small = convert(44_100, 8000, 700, 0.2, 49);
    const large = convert(44_100, 8000, 700, 0.2, 441);
    const n = Math.min(small.length, large.length);
    assert.deepEqual(small.subarray(0, n), large.subarray(0, n));
  });

  it('asks for exactly what it needs', () => {
    const resampler = new Resampler(8000, 44_100);
    const output = new Float32Array(128);
    const input = new Float32Array(256);
    for (let i = 0; i < 1000; i += 1) {
      const needed = resampler.needed(128);
      assert.equal(resampler.process(input, needed, output), 128);
    }
  });
});

describe('parseWav', () => {
  it('reads what printWav writes', () => {
    const samples = Float32Array.from({ length: 100 }, (_, i) => Math.round(Math.sin(i) * 32_000) / 32_768);
    assert.deepEqual(parseWav(printWav({ sampleRate: 16_000, samples })), { sampleRate: 16_000, samples });
  });

  it('refuses what it does not know, and never reads past the end', () => {
    const good = printWav({ sampleRate: 8000, samples: new Float32Array(10) });
    for (let n = 0; n < good.length; n += 1) parseWav(good.subarray(0, n));
    for (const at of [0, 8, 20, 34]) {
      const bad = good.slice();
      bad[at] = 0x7f;
      assert.equal(parseWav(bad), null);
    }
  });
});
