import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findIn, matchSpeech } from './correlate.js';
import { activePart, gaps, levelDb } from './level.js';
import { sine, syllables } from './synthetic.js';
import { measureTone } from './tone.js';

/** Quantises to 8 bit logarithmically, as G.711 roughly does. */
const coarse = (samples: Int16Array): Int16Array =>
  samples.map((s) => Math.sign(s) * Math.round(2 ** (Math.round(Math.log2(Math.abs(s) + 33) * 16) / 16) - 33));

describe('levelDb', () => {
  it('gives a sine of half scale 9 dB below full scale', () => {
    assert.ok(Math.abs(levelDb(sine(440, 1, 8000, 0.5).samples) + 9.03) < 0.01);
    assert.equal(levelDb(new Int16Array(100)), -Infinity);
  });
});

describe('measureTone', () => {
  it('sees a clean tone, and one that went through a logarithmic codec', () => {
    const clean = measureTone(sine(440, 2).samples, 8000, 440);
    assert.ok(clean.toneToRestDb > 60, String(clean.toneToRestDb));
    assert.ok(Math.abs(clean.peakHz - 440) < 2);
    assert.ok(measureTone(coarse(sine(440, 2).samples), 8000, 440).toneToRestDb > 30);
  });
  it('refuses another tone, silence, noise at -20 dB, and gaps', () => {
    assert.ok(measureTone(sine(700, 2).samples, 8000, 440).toneToRestDb < -30);
    assert.equal(measureTone(new Int16Array(16000), 8000, 440).toneToRestDb, -Infinity);
    const tone = sine(440, 2).samples;
    const noise = syllables(2).samples.map((_, i) => ((i * 7919) % 2000) - 1000);
    assert.ok(
      measureTone(
        tone.map((s, i) => s + noise[i]!),
        8000,
        440,
      ).toneToRestDb < 30,
    );
    assert.ok(
      measureTone(
        tone.map((s, i) => (i % 1600 < 160 ? 0 : s)),
        8000,
        440,
      ).toneToRestDb < 25,
    );
  });
  it('measures nothing when there is less than one window', () => {
    assert.deepEqual(measureTone(new Int16Array(100), 8000, 440).windows, 0);
  });
});

describe('gaps, activePart', () => {
  it('finds a lost packet and the sound between silences', () => {
    const tone = sine(440, 2).samples;
    tone.fill(0, 8000, 8160);
    const found = gaps(tone, 8000);
    assert.equal(found.length, 1);
    assert.ok(Math.abs(found[0]! - 20) < 2);
    const padded = new Int16Array(8000 * 4);
    padded.set(sine(440, 2).samples, 8000);
    const active = activePart(padded, 8000, 100);
    assert.ok(Math.abs(active.length - 8000 * 1.8) < 400, String(active.length));
    assert.equal(activePart(new Int16Array(8000), 8000).length, 0);
  });
});

describe('findIn, matchSpeech', () => {
  const reference = syllables(5).samples;
  it('finds a piece where it was cut, through a logarithmic codec', () => {
    const match = findIn(reference, coarse(reference.slice(12345, 16345)));
    assert.equal(match.offset, 12345);
    assert.ok(match.coefficient > 0.99);
  });
  it('knows the recording from a stranger, and bears a gap', () => {
    const recorded = new Int16Array(reference.length);
    recorded.set(reference.subarray(0, 20000), 3000);
    recorded.fill(0, 10000, 10160);
    assert.ok(matchSpeech(reference, coarse(recorded), 8000).median > 0.95);
    assert.ok(matchSpeech(reference, syllables(5, 8000, 99).samples, 8000).median < 0.75);
  });
});
