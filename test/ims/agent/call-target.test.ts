import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCallTarget } from '../../../src/ims/agent/call-target.js';
import { parseUri, SipUri } from '../../../src/ims/sip/uri.js';

const domain = new SipUri({ host: 'ims.test' });

describe('parseCallTarget', () => {
  const cases: readonly [string, string | null][] = [
    ['sip:bob@ims.test', 'sip:bob@ims.test'],
    ['SIP:bob@ims.test;method=BYE?Subject=x', 'sip:bob@ims.test'],
    ['tel:+49 30 123', 'tel:+4930123'],
    ['bob@example.com', 'sip:bob@example.com'],
    [' im:bob@example.com', 'sip:bob@example.com'],
    ['im:', null],
    ['bob', 'sip:bob@ims.test'],
    ['+49 (30) 12-34', 'sip:+493012' + '34@ims.test;user=phone'],
    ['*21#', 'sip:*21%23@ims.test;user=phone'],
    ['urn:service:sos', 'urn:service:sos'],
    ['', null],
    ['   ', null],
    ['a b c', null],
    ['http://example.com', null],
    ['@ims.test', null],
    ['bob@', null],
    ['bob\r\nVia: x', null],
    ['x'.repeat(600), null],
  ];
  for (const [text, uri] of cases)
    it(JSON.stringify(text).slice(0, 40), () => assert.equal(parseCallTarget(text, domain)?.toString() ?? null, uri));

  it('never throws, and makes only URIs that can be read again', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const uri = parseCallTarget(text, domain);
        if (uri) assert.ok(parseUri(uri.toString()), uri.toString());
      }),
      { numRuns: 2000 },
    );
  });
});
