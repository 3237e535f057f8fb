import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SipRequest, StreamFramer, type FrameEvent, type StreamLimits } from '../../../src/ims/sip/index.js';

function message(callId: string, body = ''): string {
  return [
    'MESSAGE sip:b@h SIP/2.0', 'Via: SIP/2.0/TCP h;branch=z9hG4bK1', 'From: <sip:a@h>;tag=1', 'To: <sip:b@h>', `Call-ID: ${callId}`,
    'CSeq: 1 MESSAGE', `Content-Length: ${Buffer.byteLength(body)}`, '', body,
  ].join('\r\n'); // prettier-ignore
}

function push(text: string, framer = new StreamFramer()): string[] {
  return framer.push(new Uint8Array(Buffer.from(text))).map(describeEvent);
}

function describeEvent(event: FrameEvent): string {
  switch (event.kind) {
    case 'message':
      return `${event.message.callId}:${event.message.bodyText}`;
    case 'malformed':
    case 'fatal':
      return `${event.kind} ${event.failure.reason} ${event.failure.partial instanceof SipRequest ? event.failure.status : 'silent'}`;
    default:
      return event.kind;
  }
}

describe('StreamFramer', () => {
  it('cuts pipelined messages by octets', () => {
    assert.deepEqual(push(`${message('a', 'grüße')}${message('b')}${message('c', '\r\n\r\n')}`), [
      'a:grüße',
      'b:',
      'c:\r\n\r\n',
    ]);
  });

  it('takes two pongs on a connection of ours for two pongs, and two halves from a peer for a ping', () => {
    const halves = (framer: StreamFramer): string[] => [...push('\r\n', framer), ...push('\r\n', framer)];
    assert.deepEqual(halves(new StreamFramer({}, false)), ['pong', 'pong']);
    assert.deepEqual(halves(new StreamFramer()), ['pong', 'ping']);
  });

  it('gives the octets of each message', () => {
    const framer = new StreamFramer();
    const [event] = framer.push(new Uint8Array(Buffer.from(`${message('a', 'x')}INV`)));
    assert.ok(event?.kind === 'message');
    assert.equal(Buffer.from(event.octets).toString(), message('a', 'x'));
    assert.equal(framer.buffered, 3);
  });

  it('finds the same messages however the octets are cut', () => {
    const stream = Buffer.from(
      `${message('a', 'grüße')}\r\n\r\n${message('b')}\r\n${message('c', 'x'.repeat(5000))}${message('d')}`,
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 30 }), (steps) => {
        const framer = new StreamFramer();
        const seen: string[] = [];
        for (let at = 0, i = 0; at < stream.length; at += steps[i++ % steps.length] ?? 1) {
          const step = steps[i % steps.length] ?? 1;
          seen.push(...framer.push(new Uint8Array(stream.subarray(at, at + step))).map(describeEvent));
        }
        assert.deepEqual(seen.filter((event) => event.includes(':')), ['a:grüße', 'b:', `c:${'x'.repeat(5000)}`, 'd:']); // prettier-ignore
        assert.equal(seen.some((event) => event.startsWith('fatal')), false); // prettier-ignore
        assert.equal(framer.buffered, 0);
      }),
      { numRuns: 300 },
    );
  });

  // RFC 5626 §3.5.1
  it('tells a ping from a pong', () => {
    assert.deepEqual(push('\r\n\r\n'), ['ping']);
    assert.deepEqual(push('\r\n'), ['pong']);
    assert.deepEqual(push(`${message('a')}\r\n\r\n${message('b')}\r\n`), ['a:', 'ping', 'b:', 'pong']);
    const framer = new StreamFramer();
    assert.deepEqual([...push('\r\n', framer), ...push('\r', framer), ...push('\n', framer)], ['pong', 'ping']);
    assert.deepEqual(push('\r\n'.repeat(1000)), ['ping']); // a flood is one
  });

  it('survives a message that is malformed but whose length is clear', () => {
    const bad = message('x', 'y').replace('sip:b@h SIP', '<sip:b@h> SIP');
    assert.deepEqual(push(`${bad}${message('a')}`), ['malformed request-uri 400', 'a:']);
    assert.deepEqual(push(`${message('x').replace('Via', 'V ia')}${message('a')}`), ['malformed header silent', 'a:']);
    assert.deepEqual(push(`${message('x').replace('SIP/2.0\r\n', 'SIP/9.0\r\n')}${message('a')}`), [
      'malformed version 505',
      'a:',
    ]);
  });

  const fatal: [name: string, text: string, event: string, limits?: Partial<StreamLimits>][] = [
    ['no Content-Length', message('x').replace(/Content-Length.*\r\n/, ''), 'fatal content-length 400'],
    ['negative Content-Length', message('x').replace('Length: 0', 'Length: -1'), 'fatal content-length 400'],
    ['two different Content-Lengths', message('x').replace('CSeq', 'l: 7\r\nCSeq'), 'fatal content-length 400'],
    ['another protocol', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'fatal not-sip silent'],
    ['a body beyond the limit', message('x').replace('Length: 0', 'Length: 999999999'), 'fatal too-large 513'],
    ['an endless header', message('x').slice(0, -4) + 'X'.repeat(70_000), 'fatal too-large 513'],
    ['a head beyond its limit', message('x'), 'fatal too-large 513', { headOctets: 100 }],
  ];
  for (const [name, text, event, limits] of fatal) {
    it(`gives up on ${name}`, () => {
      const framer = new StreamFramer(limits);
      assert.deepEqual(push(`${message('a').repeat(limits ? 0 : 1)}${text}`, framer), limits ? [event] : ['a:', event]);
      assert.deepEqual(push(message('b'), framer), []);
      assert.equal(framer.buffered, 0);
    });
  }

  it('holds no more than one message', () => {
    const framer = new StreamFramer({ messageOctets: 10_000 });
    const chunk = new Uint8Array(1000).fill(0x61);
    for (let i = 0; i < 1000; i++) framer.push(chunk);
    assert.ok(framer.buffered < 70_000);
  });

  it('takes a large body in small pieces in linear time', () => {
    const octets = new Uint8Array(Buffer.from(message('a', 'x'.repeat(900_000))));
    const framer = new StreamFramer();
    const start = performance.now();
    let events = 0;
    for (let i = 0; i < octets.length; i += 100) events += framer.push(octets.subarray(i, i + 100)).length;
    assert.equal(events, 1);
    assert.ok(performance.now() - start < 2000);
  });
});
