import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_CODECS, type CodecPreference } from '../../../src/client/client-api.js';
import { CodecOrder, codecKey, moveCodec, toggleCodec } from '../../../src/components/phone/codec-order.js';

const [a, b, c] = ['A', 'B', 'C'].map((name): CodecPreference => ({ name, clockRate: 8000, enabled: true }));
assert.ok(a && b && c);
const three = [a, b, c];
const names = (order: readonly CodecPreference[]): string => order.map(({ name }) => name).join('');

describe('moveCodec', () => {
  it('moves to both sides, and nowhere outside', () => {
    assert.equal(names(moveCodec(three, 0, 2)), 'BCA');
    assert.equal(names(moveCodec(three, 2, 0)), 'CAB');
    for (const [from, to] of [
      [0, 3],
      [0, -1],
      [7, 0],
    ] as const)
      assert.equal(moveCodec(three, from, to), three);
  });
});

describe('toggleCodec', () => {
  it('leaves one on', () => {
    const alone = [a, { ...b, enabled: false }];
    assert.equal(toggleCodec(alone, 0), alone);
    assert.equal(toggleCodec(alone, 1)[1]?.enabled, true);
  });
});

describe('CodecOrder', () => {
  function holder(): { readonly order: CodecOrder; readonly kept: (readonly CodecPreference[])[] } {
    let current: readonly CodecPreference[] = three;
    const kept: (readonly CodecPreference[])[] = [];
    const order = new CodecOrder(
      () => current,
      (next) => {
        kept.push(next);
        current = next.length === 0 ? DEFAULT_CODECS : next;
      },
      () => undefined,
    );
    return { order, kept };
  }

  it('keeps an order when the codec is put down, not before', () => {
    const { order, kept } = holder();
    order.grab(codecKey(c));
    assert.equal(order.moveTo(1), true);
    assert.equal(order.moveTo(0), true);
    assert.equal(order.moveTo(0), false);
    assert.equal(names(order.order), 'CAB');
    assert.equal(kept.length, 0);
    order.drop();
    assert.deepEqual(kept.map(names), ['CAB']);
    assert.equal(order.grabbed, null);
  });

  it('puts it back, and keeps nothing that did not change', () => {
    const { order, kept } = holder();
    order.grab(codecKey(a));
    order.moveTo(2);
    order.cancel();
    order.grab(codecKey(a));
    order.drop();
    assert.equal(names(order.order), 'ABC');
    assert.equal(kept.length, 0);
  });

  it('says when the last one is to be switched off', () => {
    const { order } = holder();
    assert.deepEqual([order.toggle(0), order.toggle(1), order.toggle(2)], [true, true, false]);
  });

  it('goes back to our own order', () => {
    const { order, kept } = holder();
    order.reset();
    assert.deepEqual(kept, [[]]);
  });
});
