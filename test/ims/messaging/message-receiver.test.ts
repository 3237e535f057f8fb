import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReceivedMessage } from '../../../src/ims/messaging/index.js';
import { ask, called, make, world, type World } from '../agent/scripted-peer.js';

async function listener(): Promise<{ w: World; got: ReceivedMessage[]; off: () => void }> {
  const w = await world();
  const got: ReceivedMessage[] = [];
  const off = w.agent.events.on('message', (message) => got.push(message));
  return { w, got, off };
}

type More = readonly (readonly [string, string])[];

let calls = 0;
function message(body: string | Uint8Array, contentType: string | null = 'text/plain', more: More = []) {
  const request = make('MESSAGE', { callId: `m${++calls}`, more });
  request.headers.delete('Contact');
  if (contentType !== null) request.headers.set('Content-Type', contentType);
  request.body = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return request;
}

describe('MessageReceiver', () => {
  it('takes plain text, and answers with neither Contact nor body (RFC 3428 §7)', async () => {
    const { w, got } = await listener();
    const [response] = await ask(w, message('Grüße <script>alert(1)</script>\u0000'));
    assert.equal(response?.status, 200);
    assert.ok(!response.headers.has('Contact') && response.body.length === 0);
    assert.notEqual(response.toTag, null);
    const [one] = got;
    assert.ok(one && Object.isFrozen(one));
    assert.deepEqual(
      { ...one, id: '' },
      {
        id: '',
        from: { uri: 'sip:peer@10.0.0.2', displayName: '' },
        to: 'sip:alice@10.0.0.1',
        contentType: 'text/plain',
        text: 'Grüße <script>alert(1)</script>\u0000',
        receivedAt: one.receivedAt,
        sentAt: null,
        expiresAt: null,
        callId: null,
      },
    );
  });

  it('takes none while nobody listens, and says so in Allow and Accept', async () => {
    const { w, got, off } = await listener();
    const told = async (): Promise<(string | boolean | undefined)[]> => {
      const [options] = await ask(w, make('OPTIONS', { callId: `o${++calls}` }));
      return [options?.headers.getAll('Allow').includes('MESSAGE'), options?.headers.getAll('Accept').join()];
    };
    assert.deepEqual(await told(), [true, 'application/sdp,text/plain']);
    off();
    assert.deepEqual(await told(), [false, 'application/sdp']);
    const [refused] = await ask(w, message('x'));
    assert.equal(refused?.status, 405);
    assert.ok(!refused.headers.getAll('Allow').includes('MESSAGE'));
    assert.equal(got.length, 0);
  });

  it('refuses what it cannot show, whatever the sender says of it', async () => {
    const { w, got } = await listener();
    const refused: (readonly [type: string | null, body: string | Uint8Array, status: number, more?: More])[] = [
      ['text/html', '<b>x</b>', 415],
      ['message/cpim', 'From: x', 415],
      ['application/sdp', 'v=0', 415],
      ['multipart/mixed;boundary=x', '--x--', 415],
      [null, 'x', 415],
      ['text/html', 'x', 415, [['Content-Disposition', 'render;handling=optional']]],
      ['text/plain', 'x', 415, [['Content-Encoding', 'gzip']]],
      ['text/plain;charset=x-nothing', 'x', 415],
      ['text/plain', Uint8Array.of(0xc3, 0x28), 400],
      ['text/plain;charset=UTF-8', Uint8Array.of(0xed, 0xa0, 0x80), 400],
      ['text/plain', 'x'.repeat(65_537), 413],
    ];
    const listening = w.peer.listen({ transport: 'tcp', address: '10.0.0.2', port: 5060 });
    await w.clock.advance(20);
    await listening;
    for (const [type, body, status, more] of refused) {
      const [response] = await ask(w, message(body, type, more), 500);
      assert.equal(response?.status, status, String(type));
      if (status !== 415) continue;
      const named = response.headers.has('Accept-Encoding') ? 'identity' : 'text/plain';
      assert.ok(`${response.headers.get('Accept') ?? response.headers.get('Accept-Encoding')}`.startsWith(named));
    }
    assert.equal(got.length, 0);
  });

  it('reads other charsets, and UTF-8 where none is named (RFC 3261 §7.4.1)', async () => {
    const { w, got } = await listener();
    await ask(w, message(Uint8Array.of(0xfc), 'text/plain; charset="ISO-8859-1"'));
    await ask(w, message(Uint8Array.of(0xc3, 0xbc), 'TEXT/Plain'));
    await ask(w, message(Uint8Array.of(0xfc, 0x04), 'text/plain;format=flowed;charset=utf-16le'));
    await ask(w, message('', null));
    assert.deepEqual(
      got.map(({ text }) => text),
      ['ü', 'ü', 'Ӽ', ''],
    );
  });

  it('counts the expiry from Date, or from now, and believes no nonsense', async () => {
    const { w, got } = await listener();
    await ask(w, message('x', 'text/plain', [['Expires', '60'], ['Date', 'Sat, 13 Nov 2010 23:29:00 GMT']])); // prettier-ignore
    await ask(w, message('x', 'text/plain', [['Expires', '60']]));
    await ask(w, message('x', 'text/plain', [['Expires', '-1'], ['Date', 'tomorrow']])); // prettier-ignore
    const sentAt = Date.UTC(2010, 10, 13, 23, 29);
    assert.deepEqual(
      got.map((m) => [m.sentAt, m.expiresAt === null ? null : m.expiresAt - (m.sentAt ?? m.receivedAt)]),
      [[sentAt, 60_000], [null, 60_000], [null, null]],
    ); // prettier-ignore
  });

  it('delivers once what comes twice: again, forked, and by another way later', async () => {
    const { w, got } = await listener();
    const request = message('x');
    const statuses = async (): Promise<number[]> => (await ask(w, request)).map(({ status }) => status);
    assert.deepEqual(await statuses(), [200]);
    // Another branch of a fork, while the first is remembered (RFC 3261 §8.2.2.2).
    assert.deepEqual(await statuses(), [482]);
    await w.clock.advance(40_000);
    assert.deepEqual(await statuses(), [200], 'who tries elsewhere after a time-out was heard the first time');
    assert.equal(got.length, 1);
  });

  it('takes one within a call, in its order, and keeps the call (RFC 3428 §2)', async () => {
    const { w, got } = await listener();
    const { tag, id } = await called(w);
    const within = (cseq: number, toTag: string) => {
      const request = make('MESSAGE', { tag: toTag, cseq, more: [['Content-Type', 'text/plain']] });
      request.headers.delete('Contact');
      request.body = new TextEncoder().encode(`${cseq}`);
      return request;
    };
    const statuses: (number | undefined)[] = [];
    for (const [cseq, toTag] of [[5, tag], [4, tag], [6, 'other']] as const)
      statuses.push((await ask(w, within(cseq, toTag)))[0]?.status); // prettier-ignore
    assert.deepEqual(statuses, [200, 500, 481]);
    assert.deepEqual(got.map(({ text, callId }) => [text, callId]), [['5', id]]); // prettier-ignore
    assert.equal(w.agent.snapshot.calls[0]?.state, 'active');
  });
});
