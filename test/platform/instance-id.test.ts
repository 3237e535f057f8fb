import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createInstanceId, isInstanceId } from '../../src/platform/instance-id.js';
import { SeededRandom } from './seeded-random.js';

describe('createInstanceId', () => {
  it('makes a random UUID (RFC 4122 §4.4), another one each time', () => {
    const random = new SeededRandom(1);
    const ids = Array.from({ length: 100 }, () => createInstanceId(random));
    assert.equal(new Set(ids).size, 100);
    for (const id of ids) {
      assert.match(id, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.ok(isInstanceId(id));
    }
    for (const other of [null, '', 'urn:uuid:1', `${ids[0] ?? ''}>`, `${ids[0] ?? ''}\r\nX: y`])
      assert.ok(!isInstanceId(other));
  });
});
