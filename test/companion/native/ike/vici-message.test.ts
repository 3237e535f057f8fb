import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  parseViciMessage,
  printViciMessage,
  viciSection,
  viciText,
  viciTexts,
  type ViciValue,
} from '../../../../companion/native/ike/vici-message.js';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

/** The example of strongSwan's own description of the protocol. */
const EXAMPLE = Uint8Array.from([
  ...[3, 4, ...ascii('key1'), 0, 6, ...ascii('value1')],
  ...[1, 8, ...ascii('section1')],
  ...[1, 11, ...ascii('sub-section')],
  ...[3, 4, ...ascii('key2'), 0, 6, ...ascii('value2')],
  2,
  ...[4, 5, ...ascii('list1')],
  ...[5, 0, 5, ...ascii('item1')],
  ...[5, 0, 5, ...ascii('item2')],
  ...[6, 2],
]);
const TREE = viciSection({
  key1: 'value1',
  section1: { 'sub-section': { key2: 'value2' }, list1: ['item1', 'item2'] },
});

const name = fc.stringMatching(/^[\x20-\x7e]{1,12}$/);
const octets = fc.uint8Array({ maxLength: 300 });
const section = fc.letrec<{ section: ReadonlyMap<string, ViciValue>; value: ViciValue }>((tie) => ({
  section: fc
    .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 5, selector: ([key]) => key })
    .map((entries) => new Map(entries)),
  value: fc.oneof({ maxDepth: 5 }, octets, fc.array(octets, { maxLength: 4 }), tie('section')),
})).section;

describe('printViciMessage and parseViciMessage', () => {
  it('write and read the example octet by octet', () => {
    assert.deepEqual(printViciMessage(TREE), EXAMPLE);
    assert.deepEqual(parseViciMessage(EXAMPLE), TREE);
  });

  it('are each other’s inverse', () => {
    fc.assert(fc.property(section, (tree) => assert.deepEqual(parseViciMessage(printViciMessage(tree)), tree)));
  });

  it('take no octets for a message that are none', () => {
    for (let length = 1; length < EXAMPLE.length; length++) {
      const part = parseViciMessage(EXAMPLE.subarray(0, length));
      // Only what ends with the first key is whole.
      assert.equal(part === null, length !== 14, `${length}`);
    }
    for (const bad of [
      [0],
      [7],
      [2],
      [6],
      [5, 0, 0],
      [1, 1, 97],
      [3, 0, 0, 0],
      [3, 1, 10, 0, 0],
      [3, 1, 200, 0, 0],
      [4, 1, 97, 3, 1, 98, 0, 0, 6],
      [4, 1, 97, 4, 1, 98, 6, 6],
      [4, 1, 97],
      [3, 1, 97, 0, 0, 3, 1, 97, 0, 0],
      [3, 1, 97, 255, 255, 0],
    ])
      assert.equal(parseViciMessage(Uint8Array.from(bad)), null, bad.join(' '));
    const deep = Array.from({ length: 40 }, () => [1, 1, 97]).flat();
    assert.equal(parseViciMessage(Uint8Array.from([...deep, ...deep.map(() => 2)])), null, 'too deep');
    const long = Array.from({ length: 20_000 }, () => [5, 0, 0]).flat();
    assert.equal(parseViciMessage(Uint8Array.from([4, 1, 97, ...long, 6])), null, 'too many elements');
  });

  it('never throw for what comes from outside', () => {
    fc.assert(
      fc.property(octets, fc.nat(400), fc.nat(255), (noise, at, octet) => {
        parseViciMessage(noise);
        const spoilt = EXAMPLE.slice();
        spoilt[at % spoilt.length] = octet;
        const read = parseViciMessage(spoilt);
        if (read) assert.deepEqual(printViciMessage(read), spoilt);
      }),
    );
  });

  it('have no room for what is too long', () => {
    assert.throws(() => printViciMessage(viciSection({ ['n'.repeat(256)]: '' })), RangeError);
    assert.throws(() => printViciMessage(viciSection({ '': '' })), RangeError);
    assert.throws(() => printViciMessage(viciSection({ n: 'v'.repeat(65_536) })), RangeError);
  });
});

describe('viciText and viciTexts', () => {
  it('give what is there, and nothing of another kind', () => {
    assert.equal(viciText(TREE, 'key1'), 'value1');
    assert.equal(viciText(TREE, 'section1'), null);
    assert.equal(viciText(TREE, 'constructor'), null);
    const inner = TREE.get('section1');
    assert.ok(inner instanceof Map);
    assert.deepEqual(viciTexts(inner, 'list1'), ['item1', 'item2']);
    assert.deepEqual(viciTexts(TREE, 'key1'), []);
  });
});
