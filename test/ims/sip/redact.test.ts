import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact } from '../../../src/ims/sip/redact.js';

describe('redact', () => {
  it('takes answers and keys out, and nothing else', () => {
    const text = [
      'REGISTER sip:ims.test SIP/2.0',
      'Authorization: Digest username="a", nonce="ik=1", response="0123", auts="QUJD"',
      'WWW-Authenticate: Digest realm="r", nonce="abc", ck="00ff", ik = 11ee, algorithm=AKAv1-MD5',
      'Authentication-Info: rspauth="4567", nextnonce="rspauth=1", qop=auth',
      'Subject: response=1 ck=2',
      '',
    ].join('\r\n');
    const clean = redact(text);
    for (const secret of ['0123', 'QUJD', '00ff', '11ee', '4567']) assert.ok(!clean.includes(secret), secret);
    for (const open of [
      'username="a"',
      'nonce="ik=1"',
      'nonce="abc"',
      'qop=auth',
      'algorithm=AKAv1-MD5',
      'response=1 ck=2',
    ])
      assert.ok(clean.includes(open), open);
    assert.equal(redact('Authorization: Digest response=""'), 'Authorization: Digest response=""');
  });
});
