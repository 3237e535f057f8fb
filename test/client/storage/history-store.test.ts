import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HistoryStore } from '../../../src/client/storage/history-store.js';
import { memoryStore } from '../../../src/client/storage/key-value-store.js';
import type { HistoryEntry } from '../../../src/ims/snapshot.js';

const entry = (id: string, startedAt: number): HistoryEntry => ({
  id,
  direction: 'out',
  remote: { uri: 'sip:bob@ims.test', displayName: 'Bob' },
  startedAt,
  duration: 3,
  missed: false,
});

describe('HistoryStore', () => {
  it('keeps calls across visits, newest first, one list per identity', () => {
    const store = memoryStore();
    const first = new HistoryStore(store);
    first.open('sip:alice@ims.test');
    first.merge([entry('a', 1)]);
    const second = new HistoryStore(store);
    second.open('sip:alice@ims.test');
    second.merge([entry('b', 2)]);
    assert.deepEqual(
      second.entries.map((e) => e.id),
      ['b', 'a'],
    );
    second.open('sip:bob@ims.test');
    assert.deepEqual(second.entries, []);
  });
  it('returns the same list when nothing is new, so that snapshots stay equal', () => {
    const history = new HistoryStore(memoryStore());
    history.open('x');
    const merged = history.merge([entry('a', 1)]);
    assert.equal(history.merge([entry('a', 1)]), merged);
  });
  it('survives stored rubbish and keeps a hundred', () => {
    const store = memoryStore();
    store.set('ims-elements:history:x', '[{"id":1},null,"a"]');
    const history = new HistoryStore(store);
    history.open('x');
    assert.deepEqual(history.entries, []);
    store.set('ims-elements:history:x', '{');
    history.open('x');
    assert.deepEqual(history.entries, []);
    const merged = history.merge(Array.from({ length: 150 }, (_, i) => entry(`c${i}`, i)));
    assert.equal(merged.length, 100);
    assert.equal(merged[0]?.id, 'c149');
  });
});
