import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dialog } from '../../../src/ims/sip/dialog.js';
import { Headers } from '../../../src/ims/sip/headers.js';
import { createResponse, SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import { parseUri } from '../../../src/ims/sip/uri.js';

function invite(more: readonly (readonly [string, string])[] = []): SipRequest {
  const uri = parseUri('sip:bob@b.test');
  assert.ok(uri);
  return new SipRequest(
    'INVITE',
    uri,
    new Headers([
      ['Via', 'SIP/2.0/UDP a.test;branch=z9hG4bK1'],
      ['From', 'Alice <sip:alice@a.test>;tag=a'],
      ['To', '<sip:bob@b.test>'],
      ['Call-ID', 'c'],
      ['CSeq', '3 INVITE'],
      ['Contact', '<sip:alice@10.0.0.1>'],
      ...more,
    ]),
  );
}

function ok(request: SipRequest, more: readonly (readonly [string, string])[] = [], status = 200): SipResponse {
  const response = createResponse(request, status, { toTag: 'b' });
  response.headers.set('Contact', '<sip:bob@10.0.0.2:5080;ob>');
  for (const [name, value] of more) response.headers.append(name, value);
  return response;
}

function caller(routes: string, status = 200): Dialog {
  const dialog = Dialog.ofCaller(ok(invite(), routes ? [['Record-Route', routes]] : [], status));
  assert.ok(dialog);
  return dialog;
}

describe('Dialog', () => {
  it('of the caller: routes reversed, target from Contact, CSeq goes on', () => {
    const { request, nextHop } = caller('<sip:p2;lr>, <sip:p1;lr>').createRequest('BYE');
    assert.equal(request.requestUri.toString(), 'sip:bob@10.0.0.2:5080;ob');
    assert.deepEqual(request.headers.getAll('Route'), ['<sip:p1;lr>', '<sip:p2;lr>']);
    assert.equal(nextHop.toString(), 'sip:p1;lr');
    assert.deepEqual(
      [request.fromTag, request.toTag, request.callId, request.cseq],
      ['a', 'b', 'c', { number: 4, method: 'BYE' }],
    );
  });

  it('of the called: routes as they came, own tag in From, CSeq of its own', () => {
    const dialog = Dialog.ofCalled(invite([['Record-Route', '<sip:p2;lr>, <sip:p1;lr>']]), 'mine');
    assert.ok(dialog);
    const { request } = dialog.createRequest('BYE');
    assert.deepEqual(request.headers.getAll('Route'), ['<sip:p2;lr>', '<sip:p1;lr>']);
    assert.deepEqual(
      [request.fromTag, request.toTag, request.requestUri.toString()],
      ['mine', 'a', 'sip:alice@10.0.0.1'],
    );
    assert.equal(dialog.key, Dialog.key('c', 'mine', 'a'));
  });

  it('puts a strict router into the Request-URI (§12.2.1.1)', () => {
    const { request, nextHop } = caller('<sip:p2;lr>, <sip:p1;method=X?a=b>').createRequest('BYE');
    assert.equal(request.requestUri.toString(), 'sip:p1');
    assert.deepEqual(request.headers.getAll('Route'), ['<sip:p2;lr>', '<sip:bob@10.0.0.2:5080;ob>']);
    assert.equal(nextHop.toString(), 'sip:p1;method=X?a=b');
  });

  it('goes straight to the target without routes', () => {
    const { request, nextHop } = caller('').createRequest('INFO');
    assert.equal(request.headers.has('Route'), false);
    assert.equal(nextHop, request.requestUri);
  });

  it('takes the route set of the 2xx, and never another one', () => {
    const dialog = caller('<sip:early;lr>', 183);
    assert.equal(dialog.state, 'early');
    dialog.confirm(ok(invite(), [['Record-Route', '<sip:final;lr>']]));
    dialog.confirm(ok(invite(), [['Record-Route', '<sip:later;lr>']]));
    assert.deepEqual([dialog.state, dialog.createRequest('BYE').nextHop.toString()], ['confirmed', 'sip:final;lr']);
  });

  it('acknowledges with the number and the credentials of the INVITE', () => {
    const sent = invite([['Proxy-Authorization', 'Digest username="a", response="r"']]);
    const { request } = caller('<sip:p;lr>').createAck(sent);
    assert.deepEqual(
      [request.cseq, request.headers.get('Proxy-Authorization')],
      [{ number: 3, method: 'ACK' }, 'Digest username="a", response="r"'],
    );
  });

  it('refuses a lower CSeq, and takes gaps', () => {
    const dialog = Dialog.ofCalled(invite(), 'mine');
    const numbered = (number: number): SipRequest => {
      const request = invite();
      request.headers.set('CSeq', `${number} INFO`);
      return request;
    };
    assert.deepEqual(
      [9, 5, 9, 10].map((number) => dialog?.acceptCSeq(numbered(number))),
      [true, false, true, true],
    );
  });

  it('of an RFC 2543 peer without Contact and tag: the target is who was called, or who calls', () => {
    const response = ok(invite());
    response.headers.delete('Contact');
    response.headers.set('To', '<sip:bob@b.test>');
    const { request: bye } = Dialog.ofCaller(response)?.createRequest('BYE') ?? {};
    assert.deepEqual([bye?.requestUri.toString(), bye?.toTag], ['sip:bob@b.test', null]);
    const request = invite();
    request.headers.delete('Contact');
    request.headers.set('From', '<sip:alice@a.test>');
    const { request: back } = Dialog.ofCalled(request, 'x')?.createRequest('BYE') ?? {};
    assert.deepEqual([back?.requestUri.toString(), back?.fromTag, back?.toTag], ['sip:alice@a.test', 'x', null]);
  });

  it('needs our own tag', () => {
    const without = ok(invite());
    without.headers.set('From', '<sip:alice@a.test>');
    assert.equal(Dialog.ofCaller(without), null);
  });
});
