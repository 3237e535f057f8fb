import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatDuration, isoDuration } from '../../../src/components/format/duration.js';
import { formatMoment } from '../../../src/components/format/moment.js';

describe('formatDuration', () => {
  it('counts like a clock', () => {
    for (const [ms, text] of [
      [-5, '0:00'],
      [999, '0:00'],
      [61_000, '1:01'],
      [3_599_999, '59:59'],
      [3_600_000, '1:00:00'],
      [90_061_000, '25:01:01'],
    ] as const)
      assert.equal(formatDuration(ms), text);
    assert.equal(isoDuration(61_900), 'PT61S');
  });
});

describe('formatMoment', () => {
  it('is as short as it stays clear', () => {
    const now = new Date(2026, 10, 22, 15, 30).getTime();
    assert.match(formatMoment(new Date(2026, 10, 22, 9, 5).getTime(), now, 'en-GB'), /^0?9:05$/);
    assert.equal(formatMoment(new Date(2026, 10, 20, 9, 5).getTime(), now, 'en-GB'), 'Fri');
    assert.equal(formatMoment(new Date(2026, 9, 2, 9, 5).getTime(), now, 'en-GB'), '2 Oct');
  });
});
