import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SequenceWindow } from '../../../src/ims/auth/aka/index.js';
import { toHex } from '../../../src/platform/hex.js';

/** SQN = SEQ || IND, six octets. */
function sqn(seq: number, index = 0): Uint8Array {
  const octets = new Uint8Array(6);
  let rest = seq * 32 + index;
  for (let i = 5; i >= 0; i--) {
    octets[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return octets;
}

describe('SequenceWindow', () => {
  it('takes each SQN once, and none that is older with the same index', () => {
    const window = new SequenceWindow(sqn(10));
    assert.deepEqual(
      [9, 10, 11, 11, 13, 12, 14].map((seq) => window.accept(sqn(seq))),
      [false, false, true, false, true, false, true],
    );
    assert.deepEqual(window.highest, sqn(14));
  });

  it('lets challenges of other indices come out of order', () => {
    const window = new SequenceWindow(sqn(10));
    assert.ok(window.accept(sqn(20, 1)));
    assert.ok(window.accept(sqn(15, 2)));
    assert.ok(!window.accept(sqn(15, 2)));
    assert.ok(!window.accept(sqn(10, 3)), 'what was kept holds for every index');
    assert.deepEqual(window.highest, sqn(20, 1));
  });

  it('refuses a jump of more than 2^28', () => {
    const window = new SequenceWindow(sqn(10));
    assert.ok(!window.accept(sqn(10 + 2 ** 28 + 1)));
    assert.ok(window.accept(sqn(10 + 2 ** 28)));
  });

  it('believes whatever comes first when nothing is known, then counts', () => {
    const window = new SequenceWindow(null);
    assert.equal(toHex(window.highest), '000000000000');
    assert.ok(window.accept(sqn(2 ** 43 - 1, 31)));
    assert.equal(toHex(window.highest), 'ffffffffffff');
    assert.ok(!window.accept(sqn(2 ** 43 - 1, 31)));
  });

  it('never takes an SQN twice, whatever comes between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 31 })), { maxLength: 200 }),
        (numbers) => {
          const window = new SequenceWindow(null);
          const taken = numbers.filter(([seq, index]) => window.accept(sqn(seq, index))).map(String);
          assert.equal(new Set(taken).size, taken.length);
        },
      ),
    );
  });
});
