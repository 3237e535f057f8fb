import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ar } from '../../../src/components/strings/ar.js';
import { en } from '../../../src/components/strings/en.js';
import { fr } from '../../../src/components/strings/fr.js';
import { onStringsRegistered, registerStrings, stringsFor } from '../../../src/components/strings/registry.js';

/** `a.b.c` → what stands there. */
function leaves(value: object, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, inner] of Object.entries<unknown>({ ...value })) {
    if (typeof inner === 'object' && inner !== null)
      for (const [name, leaf] of leaves(inner, `${path}${key}.`)) found.set(name, leaf);
    else found.set(path + key, inner);
  }
  return found;
}

describe('the tables of strings', () => {
  const english = leaves(en);
  for (const table of [fr, ar])
    it(`${table.lang} says everything that English says, and nothing empty`, () => {
      const own = leaves(table);
      assert.deepEqual([...own.keys()].sort(), [...english.keys()].sort());
      for (const [name, text] of own) {
        assert.equal(typeof text, typeof english.get(name), name);
        if (typeof text === 'string') assert.notEqual(text.trim(), '', name);
      }
    });

  it('fill names in', () => {
    for (const table of [en, fr, ar]) {
      assert.match(table.announce.incoming('Bob'), /Bob/);
      assert.match(table.retryIn(7), /7/);
    }
  });
});

describe('stringsFor', () => {
  it('looks a language up as RFC 4647 §3.4 says', () => {
    let told = 0;
    const stop = onStringsRegistered(() => told++);
    assert.equal(stringsFor('fr-CA'), en);
    registerStrings(fr);
    stop();
    registerStrings(ar);
    assert.equal(told, 1);
    assert.equal(stringsFor('fr-CA-x-y'), fr);
    assert.equal(stringsFor('AR'), ar);
    assert.equal(stringsFor('tlh'), en);
    assert.equal(stringsFor(''), en);
  });
});
