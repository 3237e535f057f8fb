import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseChallenge, printChallenge } from '../../../src/ims/sip/challenge.js';

describe('parseChallenge', () => {
  it('reads quoted and bare parameters', () => {
    const challenge = parseChallenge(
      'Digest realm="a, \\"b\\"",  nonce = "x==" , qop="auth,auth-int",algorithm=SHA-256 , stale=FALSE, Opaque=""',
    );
    assert.ok(challenge);
    assert.equal(challenge.scheme, 'Digest');
    assert.deepEqual(
      [...challenge.parameters],
      [['realm', 'a, "b"'], ['nonce', 'x=='], ['qop', 'auth,auth-int'], ['algorithm', 'SHA-256'], ['stale', 'FALSE'], ['opaque', '']],
    ); // prettier-ignore
  });

  it('reads a scheme alone and empty list elements', () => {
    assert.deepEqual(parseChallenge('Negotiate'), { scheme: 'Negotiate', parameters: new Map() });
    assert.deepEqual(parseChallenge('X a=1,,b=2,')?.parameters, new Map([['a', '1'], ['b', '2']])); // prettier-ignore
  });

  for (const text of ['', ' ', '"x"', 'Digest realm="open', 'Digest realm', 'Digest =x', 'Digest "a"="b"']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseChallenge(text), null));
  }

  it('parse(print(x)) = x', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !/[\r\n]/.test(value));
    const names = fc.constantFrom('realm', 'nonce', 'qop', 'algorithm', 'nc', 'x');
    const entries = fc.uniqueArray(fc.tuple(names, text), { selector: ([name]) => name });
    fc.assert(
      fc.property(entries, (given) => {
        const challenge = { scheme: 'Digest', parameters: new Map(given) };
        assert.deepEqual(parseChallenge(printChallenge(challenge)), challenge);
      }),
      { numRuns: 500 },
    );
  });
});
