import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseParameters, printParameters } from '../../../src/ims/sip/parameters.js';

describe('parseParameters', () => {
  const cases: [text: string, parameters: [string, string | null][]][] = [
    ['', []],
    [';lr', [['lr', null]]],
    [' ; A = b ;c', [['a', 'b'], ['c', null]]],
    [';a="x;y, \\"z\\""', [['a', 'x;y, "z"']]],
    [';a=""', [['a', '']]],
    [';a=1;A=1;b;b=2', [['a', '1'], ['b', '2']]], // twice alike
    [';received=[2001:db8::1];x=2001:db8::1', [['received', '[2001:db8::1]'], ['x', '2001:db8::1']]],
    [';a=b=c/d@e', [['a', 'b=c/d@e']]], // bare in the wild
  ]; // prettier-ignore
  for (const [text, parameters] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual([...(parseParameters(text) ?? [])], parameters));
  }

  for (const text of [
    ';',
    ';;a',
    ';a;',
    ';=x',
    ';a b',
    ';a=',
    ';a="x',
    ';a="x"y',
    ';a=x y',
    ';a=\x01',
    ';ä=x',
    'a=b',
    ';a,b',
    ';a=1;A=2', // which one is meant?
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseParameters(text), null));
  }

  it('parse(print(x)) = x', () => {
    const value = fc.string({ unit: 'binary', maxLength: 10 }).filter((text) => !/[\r\n]/.test(text));
    const entries = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b-c', '+x.y'), fc.option(value)), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(entries, (given) => {
        assert.deepEqual(parseParameters(printParameters(new Map(given))), new Map(given));
      }),
    );
  });
});
