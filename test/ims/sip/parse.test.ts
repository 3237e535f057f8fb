import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createResponse,
  judge,
  parseMessage,
  SipRequest,
  SipResponse,
  TELEPHONE,
  type FailedParse,
  type ParseOptions,
} from '../../../src/ims/sip/index.js';

const REQUIRED = [
  'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
  'From: <sip:a@h>;tag=1',
  'To: <sip:b@h>',
  'Call-ID: c',
  'CSeq: 1 OPTIONS',
];

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function options(lines: readonly string[] = REQUIRED, body = '', start = 'OPTIONS sip:b@h SIP/2.0'): string {
  return [start, ...lines, '', body].join('\r\n');
}

function failure(text: string, given?: ParseOptions): FailedParse {
  const result = parseMessage(octets(text), given);
  assert.ok(!result.ok);
  return result;
}

describe('parseMessage', () => {
  it('reads a request', () => {
    const result = parseMessage(
      octets(`\r\n\r\n${options([...REQUIRED, 'Content-Type: Text/Plain ; charset=utf-8', 'Expires: 60'], 'grüße')}`),
    );
    assert.ok(result.ok && result.message instanceof SipRequest);
    const { message } = result;
    assert.deepEqual(
      [message.method, message.requestUri.toString(), message.bodyText],
      ['OPTIONS', 'sip:b@h', 'grüße'],
    );
    assert.deepEqual(
      [message.contentType, message.expires, message.fromTag, message.toTag, message.callId],
      ['text/plain', 60, '1', null, 'c'],
    );
    assert.equal(message.maxForwards, null);
  });

  it('counts the body in octets', () => {
    const result = parseMessage(octets(options([...REQUIRED, 'l: 3'], 'üöä')));
    assert.ok(result.ok);
    assert.deepEqual([...result.message.body], [0xc3, 0xbc, 0xc3]);
  });

  it('reads a response', () => {
    const result = parseMessage(octets(options(REQUIRED, '', 'SIP/2.0 486 Busy Here')));
    assert.ok(result.ok && result.message instanceof SipResponse);
    assert.deepEqual([result.message.status, result.message.reason], [486, 'Busy Here']);
  });

  it('sees a change of the headers', () => {
    const result = parseMessage(octets(options()));
    assert.ok(result.ok);
    const { message } = result;
    assert.equal(message.fromTag, '1');
    assert.equal(message.from, message.from);
    message.headers.set('From', '<sip:a@h>;tag=2');
    assert.equal(message.fromTag, '2');
    message.headers.delete('From');
    assert.equal(message.from, null);
  });

  const failures: [text: string, reason: string, status: number, answerable: boolean][] = [
    ['', 'empty', 400, false],
    ['\r\n\r\n', 'empty', 400, false],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'not-sip', 400, false],
    ['\x16\x03\x01\x02\0', 'not-sip', 400, false],
    [options(REQUIRED, '', 'OPTIONS sip:b@h SIP/3.0'), 'version', 505, true],
    [options(REQUIRED, '', 'SIP/3.0 200 OK'), 'version', 505, false],
    [options(REQUIRED, '', 'SIP/2.0 99 x'), 'status', 400, false],
    [options(REQUIRED, '', 'SIP/2.0 700 x'), 'status', 400, false],
    [options(REQUIRED, '', 'SIP/2.0 2000 x'), 'status', 400, false],
    [options(REQUIRED, '', 'SIP/2.0 200 a\rb'), 'start-line', 400, false],
    [options(REQUIRED, '', 'OPTIONS  sip:b@h SIP/2.0'), 'request-uri', 400, true],
    [options(REQUIRED, '', 'OPTIONS SIP/2.0'), 'request-uri', 400, true],
    [options(REQUIRED, '', 'OPTIONS sip:b@h SIP/2.0 '), 'start-line', 400, true],
    [options(REQUIRED, '', ' OPTIONS sip:b@h SIP/2.0'), 'start-line', 400, true],
    [options(REQUIRED, '', 'OPTIONS\tsip:b@h SIP/2.0'), 'start-line', 400, true],
    [options(REQUIRED, '', 'OPT(IONS sip:b@h SIP/2.0'), 'start-line', 400, true],
    [options(REQUIRED, '', ' ACK sip:b@h SIP/2.0'), 'start-line', 400, false],
    [options(REQUIRED, '', 'OPTIONS sip:b@h'), 'not-sip', 400, false],
    [options(REQUIRED, '', 'OPTIONS sip:b@h HTTP/1.1'), 'not-sip', 400, false],
    [options(REQUIRED, '', 'ACK <sip:b@h> SIP/2.0'), 'request-uri', 400, false],
    [options(REQUIRED, '', `OPTIONS sip:${'b'.repeat(3000)}@h SIP/2.0`), 'request-uri', 414, true],
    [options([...REQUIRED, 'no colon']), 'header', 400, true],
    [options([...REQUIRED, 'bad name: x']), 'header', 400, true],
    [options([...REQUIRED, ': x']), 'header', 400, true],
    [options([...REQUIRED, 'Subject: a\nVia: b']), 'line-end', 400, true],
    [options([...REQUIRED, 'Content-Length: 5'], 'abc'), 'truncated', 400, true],
    [options([...REQUIRED, 'Content-Length: -1']), 'content-length', 400, true],
    [options([...REQUIRED, 'Content-Length: 1', 'l: 2'], 'abc'), 'content-length', 400, true],
    [options().slice(0, -5), 'unterminated', 400, true],
    [options(Array<string>(300).fill('X: y')), 'too-large', 513, false],
    [options([...REQUIRED, ...Array<string>(300).fill('X: y')]), 'too-large', 513, true],
    [options([...REQUIRED, `X: ${'y'.repeat(20_000)}`]), 'too-large', 513, true],
    [options(REQUIRED, 'x'.repeat(66_000)), 'too-large', 513, true],
  ];
  for (const [text, reason, status, answerable] of failures) {
    it(`${reason} (${status}): ${JSON.stringify(text.slice(0, 50))}`, () => {
      const result = failure(text);
      assert.deepEqual([result.reason, result.status, result.partial !== null], [reason, status, answerable]);
      assert.ok(result.detail.length <= 120);
      if (result.partial)
        assert.equal(createResponse(result.partial, status, { toTag: 't' }).headers.get('To'), '<sip:b@h>;tag=t');
    });
  }

  it('takes limits from its caller', () => {
    assert.equal(failure(options(), { limits: { messageOctets: 20 } }).reason, 'too-large');
    assert.equal(failure(options(), { limits: { headerFields: 2 } }).reason, 'too-large');
    assert.equal(failure(options(), { limits: { fieldLength: 10 } }).reason, 'too-large');
    assert.equal(failure(options(), { limits: { uriLength: 3 } }).reason, 'request-uri');
    assert.ok(parseMessage(octets(options(REQUIRED, 'x'.repeat(66_000))), { limits: { messageOctets: 100_000 } }).ok);
  });

  it('needs Content-Length on a connection and leaves what follows', () => {
    assert.equal(failure(options(), { stream: true }).reason, 'content-length');
    const first = options([...REQUIRED, 'Content-Length: 2'], 'ab');
    const result = parseMessage(octets(`${first}${first}`), { stream: true });
    assert.ok(result.ok);
    assert.equal(result.consumed, first.length);
    const datagram = parseMessage(octets(`${first}${first}`));
    assert.ok(datagram.ok);
    assert.deepEqual([datagram.consumed, datagram.message.bodyText], [2 * first.length, 'ab']);
  });

  it('reads a datagram without its last empty line, and one whose line ends lost their CR', () => {
    const without = parseMessage(octets(options().slice(0, -2)));
    assert.ok(without.ok);
    assert.equal(without.message.callId, 'c');
    const bare = parseMessage(octets(options([...REQUIRED, 'l: 9'], 'v=0\r\ns=-\r\n').replaceAll('\r\n', '\n')));
    assert.ok(bare.ok);
    assert.deepEqual([bare.message.callId, bare.message.bodyText], ['c', 'v=0\ns=-\n']);
  });

  it('keeps octets that are no UTF-8', () => {
    const bytes = Buffer.from(
      options([...REQUIRED, 'Subject: caf\xe9', 'Organization: Größe'.replace('ö', 'Ã¶').replace('ß', 'Ã\x9f')]),
      'latin1',
    );
    const result = parseMessage(new Uint8Array(bytes));
    assert.ok(result.ok);
    assert.equal(result.message.headers.get('Subject'), 'caf\udce9');
    assert.equal(result.message.headers.get('Organization'), 'Größe');
  });

  // 64 KiB of whatever is hard: what is not linear takes seconds. The machine may be busy with something else.
  const hostile: [name: string, head: string][] = [
    ['spaces in the start line', `OPTIONS ${' '.repeat(60_000)}x\r\n\r\n`],
    ['spaces around versions', `OPTIONS ${'SIP/2.0 '.repeat(7500)}\r\n\r\n`],
    ['continuation lines', `${options(REQUIRED).slice(0, -2)}X: a${'\r\n '.repeat(5000)}\r\n\r\n`],
    ['short contacts', `${options(REQUIRED).slice(0, -2)}${`m: ${'<sip:a>,'.repeat(2000)}<sip:a>\r\n`.repeat(4)}\r\n`],
    ['commas', `${options(REQUIRED).slice(0, -2)}${`v: ${','.repeat(16_000)}\r\n`.repeat(4)}\r\n`],
    ['parameters', `${options(REQUIRED).slice(0, -2)}${`m: <sip:a>${';a'.repeat(8000)}\r\n`.repeat(4)}\r\n`],
    ['URI parameters', `${options(REQUIRED).slice(0, -2)}${`m: <sip:a${';a=b'.repeat(4000)}>\r\n`.repeat(4)}\r\n`],
    ['URI headers', `${options(REQUIRED).slice(0, -2)}${`m: <sip:a?a=b${'&a=b'.repeat(4000)}>\r\n`.repeat(4)}\r\n`],
    ['open quotes', `${options(REQUIRED).slice(0, -2)}${`m: ${'"'.repeat(16_001)}\r\n`.repeat(4)}\r\n`],
    ['backslashes', `${options(REQUIRED).slice(0, -2)}${`m: "${'\\'.repeat(16_001)}\r\n`.repeat(4)}\r\n`],
    ['open brackets', `${options(REQUIRED).slice(0, -2)}${`m: ${'<'.repeat(16_001)}\r\n`.repeat(4)}\r\n`],
    ['white space', `${options(REQUIRED).slice(0, -2)}${`m: x${' '.repeat(16_001)}x\r\n`.repeat(4)}\r\n`],
    ['an event', `${options(REQUIRED).slice(0, -2)}Event: x${';a=[1:1]'.repeat(120)}(\r\n\r\n`],
    ['digits', `${options(REQUIRED).slice(0, -2)}Max-Forwards: ${'7'.repeat(16_000)}\r\n\r\n`],
  ];
  for (const [name, text] of hostile) {
    it(`is quick with ${name}`, () => {
      const bytes = octets(text);
      let fastest = Infinity;
      for (let i = 0; i < 4; i++) {
        const start = performance.now();
        const result = parseMessage(bytes);
        if (result.ok) judge(result.message, TELEPHONE);
        fastest = Math.min(fastest, performance.now() - start);
      }
      assert.ok(fastest < 200, `${fastest.toFixed(1)} ms`);
    });
  }
});
