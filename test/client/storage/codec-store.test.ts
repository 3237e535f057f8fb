import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodecStore } from '../../../src/client/storage/codec-store.js';
import { memoryStore } from '../../../src/client/storage/key-value-store.js';
import { DEFAULT_CODECS } from '../../../src/media/codec-preference.js';

describe('CodecStore', () => {
  it('starts from our own order, which is no choice', () => {
    const codecs = new CodecStore(memoryStore());
    assert.equal(codecs.order, DEFAULT_CODECS);
    assert.equal(codecs.chosen, null);
  });

  it('keeps a choice over visits', () => {
    const store = memoryStore();
    const order = [...DEFAULT_CODECS].reverse();
    new CodecStore(store).set(order);
    assert.deepEqual(new CodecStore(store).chosen, order);
  });

  it('forgets it when it is our own order again', () => {
    const store = memoryStore();
    const codecs = new CodecStore(store);
    codecs.set([...DEFAULT_CODECS].reverse());
    codecs.set([]);
    assert.equal(store.get('ims-elements:codecs'), null);
  });

  for (const text of [
    '',
    '{',
    'null',
    '[1,null,{}]',
    '[{"name":1}]',
    '{"length":9}',
    '[{"name":"PCMA","clockRate":8000,"enabled":"yes"}]',
  ])
    it(`believes nothing of ${text}`, () => {
      const store = memoryStore();
      store.set('ims-elements:codecs', text);
      assert.equal(new CodecStore(store).order, DEFAULT_CODECS);
    });
});
