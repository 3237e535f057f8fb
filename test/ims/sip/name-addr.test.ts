import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NameAddr } from '../../../src/ims/sip/name-addr.js';
import { parseUri } from '../../../src/ims/sip/uri.js';

describe('NameAddr', () => {
  const cases: [text: string, displayName: string | null, uri: string, parameters: [string, string | null][]][] = [
    ['<sip:a@b>', null, 'sip:a@b', []],
    ['sip:a@b;tag=1', null, 'sip:a@b', [['tag', '1']]],
    ['<sip:a@b;tag=1>;Tag=2 ; x', null, 'sip:a@b;tag=1', [['tag', '2'], ['x', null]]],
    ['Bob Smith <sip:a@b>', 'Bob Smith', 'sip:a@b', []],
    ['Bob<sip:a@b>', 'Bob', 'sip:a@b', []],
    ['"A. \\"G\\" Bell, <x>" <sip:a@b>;q=0.7', 'A. "G" Bell, <x>', 'sip:a@b', [['q', '0.7']]],
    ['"" <sip:a@b>', null, 'sip:a@b', []],
    ['Jürgen 大 <sip:a@b>', 'Jürgen 大', 'sip:a@b', []],
    ['<tel:+1;phone-context=x>', null, 'tel:+1;phone-context=x', []],
    ['<urn:service:sos>', null, 'urn:service:sos', []],
    ['tel:+12015550123;tag=x', null, 'tel:+12015550123', [['tag', 'x']]],
    ['<sip:a@b>;+sip.instance="<urn:uuid:f81d4fae>";x="a;b"', null, 'sip:a@b', [['+sip.instance', '<urn:uuid:f81d4fae>'], ['x', 'a;b']]],
    ['<sip:a@b?Route=%3Csip:c%3E>', null, 'sip:a@b?Route=%3Csip:c%3E', []],
  ]; // prettier-ignore
  for (const [text, displayName, uri, parameters] of cases) {
    it(`reads ${text}`, () => {
      const value = NameAddr.parse(text);
      assert.ok(value);
      assert.deepEqual(
        [value.displayName, value.uri.toString(), [...value.parameters]],
        [displayName, uri, parameters],
      );
    });
  }

  for (const text of [
    '', '<>', '<sip:a@b', 'sip:a@b>', '"x <sip:a@b>', '"x" sip:a@b', '< sip:a@b >', 'Bell, A <sip:a@b>', 'sip:a@b?x=y', 'sip:a@b,c', 'a@b', '*',
    '<sip:a@b>;', '<sip:a@b>;;x', '<sip:a@b>x', '<sip:a@b>;x=', '<sip:a@b>;x="y', '<sip:a@b>;x="y"z', '<sip:a@b>;a b=c', '"a" b <sip:a@b>', '<sip:a@b>;x=a b',
  ]) it(`refuses ${JSON.stringify(text)}`, () => assert.equal(NameAddr.parse(text), null)); // prettier-ignore

  it('sets and takes away parameters in a copy', () => {
    const value = NameAddr.parse('<sip:a@b>;tag=1');
    assert.ok(value);
    assert.equal(value.tag, '1');
    assert.equal(value.withParameter('tag', undefined).withParameter('q', '0.5').toString(), '<sip:a@b>;q=0.5');
    assert.equal(value.toString(), '<sip:a@b>;tag=1');
  });

  it('parse(print(x)) = x', () => {
    const uri = fc.constantFrom('sip:a@b;lr', 'tel:+1;ext=2', 'urn:service:sos', 'sip:[::1]:5060').map((text) => {
      const parsed = parseUri(text);
      assert.ok(parsed);
      return parsed;
    });
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((value) => !/[\r\n\ud800-\udfff]/.test(value));
    const name = fc.constantFrom('tag', 'q', 'x-y', '+g.x');
    const parameters = fc
      .uniqueArray(fc.tuple(name, fc.option(text)), { selector: ([key]) => key })
      .map((entries) => new Map(entries));
    fc.assert(
      fc.property(uri, fc.option(text), parameters, (u, displayName, map) => {
        const again = NameAddr.parse(new NameAddr(u, displayName, map).toString());
        assert.deepEqual(again && [again.uri.toString(), again.displayName, [...again.parameters]], [
          u.toString(),
          displayName,
          [...map],
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});
