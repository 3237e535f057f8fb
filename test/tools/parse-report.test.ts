import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseReport } from '../../tools/parse-report.js';
import { noVectors, vector } from '../ims/sip/vector-files.js';

describe('parseReport', { skip: noVectors }, () => {
  const cases: [file: string, verdict: string, response: number | null, reason: RegExp | null][] = [
    ['wsinv.dat', 'accept', null, null],
    ['badvers.dat', 'reject', 505, /^version: /],
    ['badinv01.dat', 'reject', 400, /Via/],
    ['scalarlg.dat', 'discard', null, /CSeq/],
    ['bext01.dat', 'accept', 420, /nothingSupportsThis/],
    ['test.dat', 'discard', null, /^not-sip: /],
  ];
  for (const [file, verdict, response, reason] of cases) {
    it(`${file}: ${verdict} ${response ?? ''}`, () => {
      const report = parseReport(file, vector(`rfc4475/${file}`));
      assert.deepEqual([report.file, report.verdict, report.response], [file, verdict, response]);
      if (reason) assert.match(report.reason ?? '', reason);
      else assert.equal(report.reason, null);
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report); // nothing that JSON cannot say
    });
  }

  it('summarises the message', () => {
    const { message, responseHeaders } = parseReport('x', vector('rfc4475/bext01.dat'));
    assert.deepEqual(message, {
      kind: 'request',
      method: 'OPTIONS',
      requestUri: 'sip:user@example.com',
      via: ['SIP/2.0/TLS fold-and-staple.example.com;branch=z9hG4bKkdjuw'],
      from: '<sip:caller@example.net>;tag=242etr',
      to: '<sip:j_user@example.com>',
      callId: 'bext01.0ha0isndaksdj',
      cseq: 8,
      maxForwards: 6,
      contact: [],
      route: [],
      fields: 9,
      contentType: null,
      bodyOctets: 0,
    });
    assert.deepEqual(responseHeaders, { Unsupported: 'nothingSupportsThis, nothingSupportsThisEither' });
  });

  it('summarises a response', () => {
    const { message } = parseReport('x', vector('rfc4475/noreason.dat'));
    assert.deepEqual(
      [message?.kind, message?.method, message?.status, message?.reasonPhrase],
      ['response', 'INVITE', 100, ''],
    );
  });
});
