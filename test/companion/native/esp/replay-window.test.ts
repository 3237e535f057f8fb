import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ReplayWindow } from '../../../../companion/native/esp/replay-window.js';

describe('ReplayWindow', () => {
  it('knows what a set of all that came would know, 64 back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 300 }), (sequences) => {
        const window = new ReplayWindow();
        const came = new Set<number>();
        let highest = 0;
        for (const sequence of sequences) {
          const expected = !came.has(sequence) && sequence > highest - 64;
          assert.equal(window.isNew(sequence), expected);
          if (!expected) continue;
          window.note(sequence);
          came.add(sequence);
          highest = Math.max(highest, sequence);
        }
      }),
    );
  });

  it('takes no 0, and the last number once', () => {
    const window = new ReplayWindow();
    assert.equal(window.isNew(0), false);
    window.note(0xffff_ffff);
    assert.deepEqual([window.isNew(0xffff_ffff), window.isNew(0xffff_fffe), window.isNew(1)], [false, true, false]);
  });
});
