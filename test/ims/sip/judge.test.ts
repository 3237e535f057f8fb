import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createRejection,
  judge,
  judgeForm,
  parseMessage,
  SipRequest,
  TELEPHONE,
  type Capabilities,
  type SipMessage,
  type Verdict,
} from '../../../src/ims/sip/index.js';

const FIELDS = {
  Via: 'SIP/2.0/UDP h;branch=z9hG4bK1',
  From: '<sip:a@h>;tag=1',
  To: '<sip:b@h>',
  'Call-ID': 'c',
  CSeq: '1 INVITE',
  'Max-Forwards': '70',
  Contact: '<sip:a@h>',
};

/** An INVITE with some fields changed, added or (undefined) left out. */
function message(
  changes: Record<string, string | undefined> = {},
  start = 'INVITE sip:b@h SIP/2.0',
  body = '',
): SipMessage {
  const fields = Object.entries<string | undefined>({ ...FIELDS, ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  const text = [start, ...fields.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
  const result = parseMessage(new TextEncoder().encode(text));
  assert.ok(result.ok);
  return result.message;
}

const show = (verdict: Verdict): string => (verdict.kind === 'reject' ? `${verdict.status}` : verdict.kind);

describe('judgeForm', () => {
  const cases: [changes: Record<string, string | undefined>, expected: string, start?: string][] = [
    [{}, 'accept'],
    [{ 'Max-Forwards': undefined, Contact: undefined }, 'accept'], // RFC 2543 peers
    [{ Via: undefined }, 'discard'], // no way back
    [{ Via: 'SIP/2.0/UDP h;branch=1, ' }, '400'],
    [{ From: undefined }, '400'],
    [{ From: 'a@h' }, '400'],
    [{ f: '<sip:x@h>;tag=2' }, '400'],
    [{ To: undefined }, '400'],
    [{ 'Call-ID': 'a b' }, '400'],
    [{ 'Call-ID': '' }, '400'],
    [{ CSeq: '4294967296 INVITE' }, '400'],
    [{ CSeq: '1 BYE' }, '400'],
    [{ CSeq: '1 BYE' }, 'discard', 'ACK sip:b@h SIP/2.0'],
    [{ 'Max-Forwards': '256' }, '400'],
    [{ 'Max-Forwards': 'x' }, '400'],
    [{ Contact: '*' }, '400'],
    [{ Contact: '*', CSeq: '1 REGISTER', Expires: '0' }, 'accept', 'REGISTER sip:h SIP/2.0'],
    [{ Contact: '*', CSeq: '1 REGISTER', Expires: '1' }, '400', 'REGISTER sip:h SIP/2.0'],
    [{ Contact: '<sip:a@h>, *' }, '400'],
    [{ Route: '<sip:p;lr>, p' }, '400'],
    [{ 'Record-Route': 'x' }, '400'],
    [{ Date: 'yesterday', Subject: '', Expires: 'soon', Warning: '"' }, 'accept'], // not needed, so ignored
    [{ Replaces: 'c;to-tag=a;from-tag=b' }, 'accept'],
    [{ Replaces: 'c' }, 'accept'],
    [{ Replaces: ';;' }, '400'],
    [{ 'Session-Expires': '1800;refresher=uac' }, 'accept'],
    [{ 'Session-Expires': 'long' }, '400'],
    [{ Event: ';' }, '400'],
    [{ CSeq: '1 REFER' }, '400', 'REFER sip:b@h SIP/2.0'],
    [{ CSeq: '2 PRACK' }, '400', 'PRACK sip:b@h SIP/2.0'],
    [{ CSeq: '2 PRACK', RAck: '1 INVITE' }, '400', 'PRACK sip:b@h SIP/2.0'],
    [{ CSeq: '2 PRACK', RAck: '776656 1 INVITE' }, 'accept', 'PRACK sip:b@h SIP/2.0'],
    [{ From: '<sip:a@h>;tag=1;tag=2' }, '400'],
    [{ Via: 'SIP/2.0/UDP [1:2:3:4:5:6:7:8:9];branch=z9hG4bK1' }, '400'],
    [{ Via: 'SIP/2.0/UDP [2001:db8:::192.0.2.1];branch=z9hG4bK1' }, 'accept'], // RFC 5118 §4.10
    [{ CSeq: '1 REFER', 'Refer-To': '<sip:c@h?Replaces=x>' }, 'accept', 'REFER sip:b@h SIP/2.0'],
    [{}, 'accept', 'SIP/2.0 200 OK'],
    [{ To: 'x' }, 'discard', 'SIP/2.0 200 OK'],
    [{ Via: 'SIP/2.0/UDP h, SIP/2.0/UDP 255.255.255.255' }, 'discard', 'SIP/2.0 200 OK'],
  ];
  for (const [changes, expected, start] of cases) {
    it(`${expected}: ${start ?? 'INVITE'} ${JSON.stringify(changes)}`, () =>
      assert.equal(show(judgeForm(message(changes, start))), expected));
  }
});

describe('judge', () => {
  const proxy: Capabilities = { ...TELEPHONE, role: 'proxy', extensions: ['sec-agree'] };
  const small: Capabilities = { ...TELEPHONE, maximumBody: 3 };
  const cases: [
    capabilities: Capabilities,
    changes: Record<string, string>,
    expected: string,
    start?: string | undefined,
    body?: string,
  ][] = [
    [TELEPHONE, {}, 'accept'],
    [TELEPHONE, { CSeq: '1 PUBLISH' }, '405 Allow', 'PUBLISH sip:b@h SIP/2.0'],
    [TELEPHONE, { CSeq: '1 invite' }, '501 Allow', 'invite sip:b@h SIP/2.0'],
    [TELEPHONE, {}, '416', 'INVITE urn:service:sos SIP/2.0'],
    [TELEPHONE, {}, 'accept', 'INVITE tel:+1 SIP/2.0'],
    [TELEPHONE, { Require: '100rel, foo, bar' }, '420 Unsupported'],
    [TELEPHONE, { Require: '100REL' }, 'accept'],
    [TELEPHONE, { 'Proxy-Require': 'foo' }, 'accept'], // not for an endpoint
    [TELEPHONE, { Require: 'foo', CSeq: '1 CANCEL' }, 'accept', 'CANCEL sip:b@h SIP/2.0'],
    [TELEPHONE, { Require: 'foo', CSeq: '1 ACK' }, 'accept', 'ACK sip:b@h SIP/2.0'],
    [TELEPHONE, { 'Content-Type': 'application/sdp' }, 'accept', undefined, 'v=0'],
    [TELEPHONE, { 'Content-Type': 'Multipart/Mixed;boundary=x' }, 'accept', undefined, 'v=0'],
    [TELEPHONE, { 'Content-Type': 'image/png' }, '415 Accept', undefined, 'v=0'],
    [TELEPHONE, {}, '415 Accept', undefined, 'v=0'],
    [TELEPHONE, { 'Content-Type': 'image/png' }, 'accept'], // no body
    [
      TELEPHONE,
      { 'Content-Type': 'image/png', 'Content-Disposition': 'icon; handling=optional' },
      'accept',
      undefined,
      'v=0',
    ],
    [
      TELEPHONE,
      { 'Content-Type': 'application/sdp', 'Content-Encoding': 'gzip' },
      '415 Accept-Encoding',
      undefined,
      'v=0',
    ],
    [small, { 'Content-Type': 'application/sdp' }, '413', undefined, 'v=0\r\n'],
    [TELEPHONE, { Accept: 'text/html' }, '406 Warning'],
    [TELEPHONE, { Accept: 'text/html, application/*;q=0.1' }, 'accept'],
    [TELEPHONE, { Accept: 'text/html, application/sdp;q=0' }, '406 Warning'],
    [TELEPHONE, { CSeq: '1 NOTIFY' }, '489', 'NOTIFY sip:b@h SIP/2.0'],
    [TELEPHONE, { CSeq: '1 NOTIFY', Event: 'presence' }, 'accept', 'NOTIFY sip:b@h SIP/2.0'],
    [TELEPHONE, { CSeq: '1 PUBLISH' }, '405 Allow', 'PUBLISH sip:b@h SIP/2.0'],
    [TELEPHONE, { 'Max-Forwards': '0' }, 'accept'],
    [proxy, { 'Max-Forwards': '0' }, '483'],
    [proxy, { 'Proxy-Require': 'sec-agree, foo' }, '420 Unsupported'],
    [proxy, { Require: 'foo', CSeq: '1 DANCE', 'Content-Type': 'image/png' }, 'accept', 'DANCE sip:b@h SIP/2.0', 'x'],
    [proxy, {}, '416', 'INVITE mailto:b@h SIP/2.0'],
    [TELEPHONE, { Via: 'SIP/2.0/UDP h, SIP/2.0/UDP i' }, 'discard', 'SIP/2.0 200 OK'],
    [proxy, { Via: 'SIP/2.0/UDP h, SIP/2.0/UDP i' }, 'accept', 'SIP/2.0 200 OK'],
  ];
  for (const [capabilities, changes, expected, start, body] of cases) {
    it(`${expected}: ${start ?? 'INVITE'} ${JSON.stringify(changes)} ${body ? 'with body ' : ''}for ${capabilities.role}`, () => {
      const verdict = judge(message(changes, start, body), capabilities);
      const names = verdict.kind === 'reject' ? verdict.headers.map(([name]) => ` ${name}`).join('') : '';
      assert.equal(show(verdict) + names, expected);
    });
  }
});

describe('createRejection', () => {
  it('carries what the verdict says', () => {
    const request = message({ Require: 'foo, 100rel' });
    assert.ok(request instanceof SipRequest);
    const verdict = judge(request, TELEPHONE);
    assert.ok(verdict.kind === 'reject');
    const response = createRejection(request, verdict, { toTag: 't' });
    assert.deepEqual(
      [response.status, response.reason, response.headers.get('Unsupported'), response.toTag],
      [420, 'Bad Extension', 'foo', 't'],
    );
  });
});
