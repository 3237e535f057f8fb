import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callTarget } from '../../../src/components/phone/call-target.js';
import { EntryModel } from '../../../src/components/phone/entry-model.js';
import { moveOnPad } from '../../../src/components/phone/key-pad-keys.js';
import type { HistoryEntry } from '../../../src/ims/snapshot.js';

const entry = (id: string, uri: string, displayName = '', direction: 'in' | 'out' = 'out'): HistoryEntry => ({
  id,
  direction,
  remote: { uri, displayName },
  startedAt: 0,
  duration: 0,
  missed: false,
});
const history = [
  entry('1', 'sip:mei@x', 'Mei', 'in'),
  entry('2', 'sip:bob@x'),
  entry('3', 'sip:bob@x'),
  entry('4', 'tel:+4930'),
];

describe('EntryModel', () => {
  it('lists earlier parties once, by address or name', () => {
    const model = new EntryModel(() => undefined);
    assert.deepEqual(model.suggestions(history), []);
    model.type('B');
    assert.deepEqual(model.suggestions(history), [{ address: 'bob@x', name: 'bob' }]);
    model.type('mei@x');
    assert.deepEqual(model.suggestions(history), [], 'what is typed in full needs no suggestion');
    model.clear();
    model.move(1, history);
    assert.deepEqual(
      model.suggestions(history).map(({ address }) => address),
      ['mei@x', 'bob@x', '+4930'],
    );
  });

  it('moves in a circle that includes the field', () => {
    const model = new EntryModel(() => undefined);
    const places: number[] = [];
    for (let i = 0; i < 5; i++) {
      model.move(1, history);
      places.push(model.active);
    }
    assert.deepEqual(places, [0, 1, 2, -1, 0]);
    model.move(-1, history);
    model.move(-1, history);
    assert.equal(model.active, 2);
  });

  it('erases whole characters and cuts what no network has', () => {
    const model = new EntryModel(() => undefined);
    model.type('1😀');
    model.erase();
    assert.equal(model.text, '1');
    model.type('x'.repeat(5000));
    assert.equal(model.text.length, 256);
  });

  it('recalls the last number that was dialled, not the last that called', () => {
    const model = new EntryModel(() => undefined);
    model.recall(history);
    assert.equal(model.text, 'bob@x');
  });
});

describe('callTarget', () => {
  it('completes bare names only', () => {
    const me = 'sip:alice@ims.test;user=x';
    for (const [typed, target] of [
      [' bob ', 'bob@ims.test'],
      ['bob@else.test', 'bob@else.test'],
      ['sip:bob@else.test', 'sip:bob@else.test'],
      ['+49 30 123', '+49 30 123'],
      ['*21#', '*21#'],
      ['tel:123', 'tel:123'],
    ] as const)
      assert.equal(callTarget(typed, me), target);
    assert.equal(callTarget('bob', null), 'bob');
    assert.equal(callTarget('bob', 'tel:+4930'), 'bob');
  });
});

describe('moveOnPad', () => {
  it('stays on the pad', () => {
    for (let index = 0; index < 12; index++)
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']) {
        const next = moveOnPad(index, key);
        assert.ok(next !== null && next >= 0 && next < 12, `${index} ${key}`);
      }
    assert.equal(moveOnPad(4, 'ArrowUp'), 1);
    assert.equal(moveOnPad(4, 'End'), 5);
    assert.equal(moveOnPad(4, 'a'), null);
  });
});
