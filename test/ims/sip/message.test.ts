import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createResponse,
  Headers,
  parseMessage,
  parseUri,
  printHead,
  printMessage,
  SipRequest,
  SipResponse,
  type SipMessage,
} from '../../../src/ims/sip/index.js';

function request(fields: [string, string][], method = 'INVITE'): SipRequest {
  const uri = parseUri('sip:b@h');
  assert.ok(uri);
  return new SipRequest(method, uri, new Headers(fields));
}

const DIALOG: [string, string][] = [
  ['Via', 'SIP/2.0/UDP p;branch=z9hG4bK2, SIP/2.0/UDP a;branch=z9hG4bK1'],
  ['Via', 'SIP/2.0/UDP z;branch=z9hG4bK0'],
  ['Record-Route', '<sip:p;lr>'],
  ['From', 'A <sip:a@h>;tag=1'],
  ['To', 'sip:b@h'],
  ['Call-ID', 'c'],
  ['CSeq', '7 INVITE'],
  ['Timestamp', '54'],
  ['Subject', 'x'],
];

// RFC 3261 §8.2.6
describe('createResponse', () => {
  it('copies what identifies the request', () => {
    const response = createResponse(request(DIALOG), 180, { toTag: 't' });
    assert.equal(
      printHead(response),
      ['SIP/2.0 180 Ringing', 'Via: SIP/2.0/UDP p;branch=z9hG4bK2, SIP/2.0/UDP a;branch=z9hG4bK1', 'Via: SIP/2.0/UDP z;branch=z9hG4bK0',
        'Record-Route: <sip:p;lr>', 'From: A <sip:a@h>;tag=1', 'To: sip:b@h;tag=t', 'Call-ID: c', 'CSeq: 7 INVITE', 'Content-Length: 0', '', ''].join('\r\n'),
    ); // prettier-ignore
  });

  it('gives a 100 the timestamp and no tag', () => {
    const { headers } = createResponse(request(DIALOG), 100, { toTag: 't' });
    assert.deepEqual(
      [headers.get('To'), headers.get('Timestamp'), headers.has('Record-Route')],
      ['sip:b@h', '54', false],
    );
  });

  it('keeps a tag that is there, and a To that nobody can read', () => {
    const to = (value: string): string | undefined =>
      createResponse(request([['To', value]]), 400, { toTag: 't' }).headers.get('To');
    assert.equal(to('<sip:b@h>;tag=old'), '<sip:b@h>;tag=old');
    assert.equal(to('"open <sip:b@h>'), '"open <sip:b@h>');
    assert.equal(to('<sip:b@h;tag=uri>'), '<sip:b@h;tag=uri>;tag=t');
  });

  it('has a phrase for every code', () => {
    const phrase = (status: number): string => createResponse(request(DIALOG), status).reason;
    assert.deepEqual(
      [phrase(486), phrase(499), phrase(699), phrase(299)],
      ['Busy Here', 'Bad Request', 'Decline', 'OK'],
    );
    assert.equal(createResponse(request(DIALOG), 486, { reason: 'At lunch' }).reason, 'At lunch');
  });
});

describe('printMessage', () => {
  it('writes the length of the body in octets, at its place', () => {
    const message = request([['l', '999'], ['Via', 'x'], ['Content-Length', '5']]); // prettier-ignore
    message.body = new TextEncoder().encode('ü');
    assert.equal(
      new TextDecoder().decode(printMessage(message)),
      'INVITE sip:b@h SIP/2.0\r\nContent-Length: 2\r\nVia: x\r\n\r\nü',
    );
  });

  it('cannot be made to print a line of its own', () => {
    const response = new SipResponse(200, 'OK\r\nX: y');
    assert.equal(printHead(response), 'SIP/2.0 200 OK X: y\r\nContent-Length: 0\r\n\r\n');
  });

  it('parse(print(x)) = x', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 }).map((value) => value.replace(/[\ud800-\udfff]/g, '?'));
    const name = fc.constantFrom('Via', 'From', 'Call-ID', 'Subject', 'X-Own', 'Warning', 'Allow');
    const fields = fc.array(fc.tuple(name, text), { maxLength: 12 });
    const uri = fc.constantFrom('sip:b@h;lr?x=y', 'tel:+1', 'urn:service:sos').map((value) => parseUri(value));
    const start = fc.oneof(
      fc.tuple(fc.constantFrom('INVITE', 'x-Y.z'), uri),
      fc.tuple(fc.integer({ min: 100, max: 699 }), text),
    );
    fc.assert(
      fc.property(start, fields, fc.uint8Array({ maxLength: 200 }), ([first, second], given, body) => {
        const headers = new Headers(given);
        let message: SipMessage;
        if (typeof first === 'number')
          message = new SipResponse(
            first,
            typeof second === 'string' ? second.replace(/[\r\n]+/g, ' ') : '',
            headers,
            body,
          );
        else if (second !== null && typeof second !== 'string') message = new SipRequest(first, second, headers, body);
        else return;
        const result = parseMessage(printMessage(message));
        assert.ok(result.ok);
        const again = result.message;
        if (message instanceof SipRequest) {
          assert.ok(again instanceof SipRequest);
          assert.deepEqual(
            [again.method, again.requestUri.toString()],
            [message.method, message.requestUri.toString()],
          );
        } else if (message instanceof SipResponse) {
          assert.ok(again instanceof SipResponse);
          assert.deepEqual([again.status, again.reason], [message.status, message.reason]);
        }
        const expected = [...headers.entries(), ['Content-Length', String(body.length)]];
        assert.deepEqual([...again.headers.entries()], expected);
        assert.deepEqual([...again.body], [...body]);
      }),
      { numRuns: 1000 },
    );
  });
});
