import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCSeq, printCSeq } from '../../../src/ims/sip/cseq.js';

describe('parseCSeq', () => {
  it('reads up to 32 bits', () => {
    assert.deepEqual(parseCSeq('0009  INVITE'), { number: 9, method: 'INVITE' });
    assert.deepEqual(parseCSeq('4294967295\tx-Y'), { number: 4294967295, method: 'x-Y' });
    assert.equal(printCSeq({ number: 1, method: 'BYE' }), '1 BYE');
  });

  for (const text of [
    '',
    '1',
    'INVITE',
    '1INVITE',
    '-1 INVITE',
    '1.0 INVITE',
    '4294967296 INVITE',
    '1 INVITE x',
    '1 IN,VITE',
    ' 1 INVITE',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseCSeq(text), null));
  }
});
