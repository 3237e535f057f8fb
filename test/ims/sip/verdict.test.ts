import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeFailure, parseMessage, type Verdict } from '../../../src/ims/sip/index.js';

describe('judgeFailure', () => {
  const judged = (text: string): Verdict => {
    const result = parseMessage(new TextEncoder().encode(text));
    assert.ok(!result.ok);
    return judgeFailure(result);
  };
  const fields = 'Via: SIP/2.0/UDP h\r\nFrom: <sip:a@h>\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 BYE\r\n\r\n';

  it('answers what was meant as a request', () => {
    assert.deepEqual(judged(`BYE sip:b@h SIP/4.0\r\n${fields}`), {
      kind: 'reject',
      status: 505,
      reason: 'version: BYE sip:b@h SIP/4.0',
      headers: [],
    });
  });

  it('drops the rest', () => {
    const kind = (text: string): string => judged(text).kind;
    assert.equal(kind('hello'), 'discard');
    assert.equal(kind(`ACK <sip:b@h> SIP/2.0\r\n${fields}`), 'discard');
    assert.equal(kind('BYE <sip:b@h> SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n'), 'discard');
    assert.equal(kind(`SIP/2.0 1000 x\r\n${fields}`), 'discard');
  });
});
