import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageOptions, MessageOutcome } from '../../../src/ims/messaging/index.js';
import { createResponse } from '../../../src/ims/sip/message.js';
import { world, type World } from '../agent/scripted-peer.js';

const BOB = 'sip:bob@10.0.0.2';

function send(w: World, body: string | Uint8Array = 'hello', options: MessageOptions = {}, to = BOB) {
  const result: { outcome: MessageOutcome | null } = { outcome: null };
  void w.agent.sendMessage(to, body, options).then((outcome) => (result.outcome = outcome));
  return result;
}

function why({ outcome }: { readonly outcome: MessageOutcome | null }): string | undefined {
  return outcome?.state === 'failed' ? outcome.failure.reason : outcome?.state;
}

/** What became of a message that is answered so. */
async function answered(status: number, headers: readonly (readonly [string, string])[] = []): Promise<string> {
  const w = await world();
  w.peerWorld.onRequest = (request, transaction) => {
    const response = createResponse(request, status, { toTag: 'p' });
    for (const [name, value] of headers) response.headers.set(name, value);
    transaction.respond(response);
  };
  const sent = send(w);
  await w.clock.advance(100);
  assert.ok(sent.outcome);
  if (sent.outcome.state !== 'failed') return `${sent.outcome.state} ${sent.outcome.status}`;
  assert.equal(sent.outcome.failure.status, status);
  return sent.outcome.failure.reason;
}

describe('MessageSender', () => {
  it('sends the text as it is, with nothing that RFC 3428 forbids', async () => {
    const w = await world();
    const sent = send(w, 'Grüße, <b>Bob</b> 👋');
    await w.clock.advance(100);
    const [request] = w.got;
    assert.ok(request);
    assert.equal(request.requestUri.toString(), BOB);
    assert.equal(request.bodyText, 'Grüße, <b>Bob</b> 👋');
    assert.equal(request.headers.get('Content-Type'), 'text/plain;charset=UTF-8');
    for (const name of ['Contact', 'Accept', 'Record-Route', 'Expires', 'Date'])
      assert.ok(!request.headers.has(name), name);
    assert.equal(request.headers.get('P-Preferred-Identity'), undefined, 'to a proxy that we trust alone');
    assert.equal(sent.outcome?.state, 'delivered');
  });

  it('tells who has it: the recipient (200), or somebody who may deliver it (202)', async () => {
    assert.equal(await answered(200), 'delivered 200');
    assert.equal(await answered(202), 'accepted 202');
  });

  it('has a name for every answer', async () => {
    const names = new Map<string, number[]>([
      ['not-found', [404, 410, 485, 604]],
      ['unavailable', [408, 430, 480, 486, 504, 600]],
      ['forbidden', [403]],
      ['message-too-large', [413, 513]],
      ['message-type', [406, 415, 488, 606]],
      ['message-unsupported', [405, 501]],
      ['address-invalid', [416, 484]],
      ['declined', [603, 607, 699]],
      ['credentials-missing', [401, 407]],
      ['message-failed', [300, 302, 400, 420, 482, 500, 503]],
    ]);
    for (const [name, statuses] of names)
      for (const status of statuses) assert.equal(await answered(status), name, `${status}`);
  });

  it('follows a redirection to the best place that was not tried (RFC 3261 §8.1.3.4)', async () => {
    const w = await world();
    const contacts = '<sip:bob@10.0.0.2>, <sip:second@10.0.0.2>;q=0.5, <sip:first@10.0.0.2>;q=0.9, <mailto:b@x>';
    w.peerWorld.onRequest = (request, transaction) => {
      const response = createResponse(request, 302, { toTag: 'p' });
      response.headers.set('Contact', contacts);
      transaction.respond(response);
    };
    const sent = send(w);
    await w.clock.advance(500);
    assert.equal(why(sent), 'message-failed');
    assert.deepEqual(
      w.got.map(({ requestUri, cseq, to, callId }) => [
        requestUri.toString(),
        cseq?.number,
        to?.uri.toString(),
        callId,
      ]),
      [BOB, 'sip:first@10.0.0.2', 'sip:second@10.0.0.2'].map((uri, i) => [uri, 1 + i, BOB, w.got[0]?.callId]),
    );
  });

  it('is told when nobody answers, and when nobody can be asked', async () => {
    const w = await world();
    w.peerWorld.onRequest = () => undefined;
    const sent = send(w);
    await w.clock.advance(31_000);
    assert.equal(sent.outcome, null);
    await w.clock.advance(2000);
    assert.equal(why(sent), 'server-timeout');
    for (const to of ['', 'sip:', 'two words']) {
      const refused = await w.agent.sendMessage(to, 'x');
      assert.equal(refused.state === 'failed' && refused.failure.reason, 'address-invalid', to);
    }
    assert.equal(w.got.length, 1);
    send(w, 'x', {}, 'im:bob@10.0.0.2');
    await w.clock.advance(100);
    assert.equal(w.got[1]?.requestUri.toString(), BOB);
  });

  it('says when it expires, counted from its Date (RFC 3428 §4)', async () => {
    const w = await world();
    send(w, 'x', { expires: 60 });
    await w.clock.advance(100);
    const { headers } = w.got[0] ?? assert.fail();
    assert.equal(headers.get('Expires'), '60');
    assert.ok(Math.abs(Date.parse(headers.get('Date') ?? '') - w.clock.wallTime()) < 2000);
  });

  it('takes no Content-Type that is none, so that nobody adds headers by it', async () => {
    const w = await world();
    for (const contentType of [
      'text',
      'text/plain\r\nX: y',
      'text/plain; a',
      'te xt/plain',
      'text/plain;a="\r\n"',
      '',
    ]) {
      const sent = send(w, 'x', { contentType });
      await w.clock.advance(1);
      assert.equal(why(sent), 'message-type', contentType);
    }
    send(w, Uint8Array.of(0, 255), { contentType: 'application/x-two; note="a b"' });
    await w.clock.advance(100);
    assert.deepEqual([...(w.got[0]?.body ?? [])], [0, 255]);
    assert.equal(w.got.length, 1);
  });

  it('sends one after the other to the same recipient, to others meanwhile (RFC 3428 §8)', async () => {
    const w = await world();
    const open: (() => void)[] = [];
    w.peerWorld.onRequest = (request, transaction) =>
      open.push(() => transaction.respond(createResponse(request, 200, { toTag: 'p' })));
    send(w, '1');
    send(w, '2', {}, 'sip:bob@10.0.0.2;user=phone');
    send(w, '3', {}, 'sip:carol@10.0.0.2');
    await w.clock.advance(400);
    const texts = (): string[] => w.got.map((request) => request.bodyText);
    assert.deepEqual(texts(), ['1', '3']);
    open[0]?.();
    await w.clock.advance(400);
    assert.deepEqual(texts(), ['1', '3', '2']);
    assert.equal(w.agent.usage.messages, 2);
  });

  it('lets no more than 128 wait, and settles all of them when it ends', async () => {
    const w = await world();
    w.peerWorld.onRequest = () => undefined;
    const all = Array.from({ length: 130 }, (_, i) => send(w, `${i}`));
    await w.clock.advance(100);
    assert.deepEqual(
      all.map(({ outcome }) => outcome?.state),
      [...Array.from({ length: 128 }, () => undefined), 'failed', 'failed'],
    );
    const stopped = w.agent.stop();
    await w.clock.advance(3000);
    await stopped;
    assert.ok(all.every(({ outcome }) => outcome?.state === 'failed'));
    assert.equal(w.agent.usage.messages, 0);
    const late = send(w);
    await w.clock.advance(1);
    assert.equal(late.outcome?.state, 'failed');
  });

  it('goes by TCP where it is too large for a datagram, and never by UDP', async () => {
    const w = await world();
    const text = 'x'.repeat(1300);
    const refused = send(w, text);
    await w.clock.advance(5000);
    assert.equal(why(refused), 'message-too-large');
    assert.equal(w.got.length, 0, 'RFC 3428 §8');
    const listening = w.peer.listen({ transport: 'tcp', address: '10.0.0.2', port: 5060 });
    await w.clock.advance(20);
    await listening;
    const sent = send(w, text);
    const longest = send(w, 'y'.repeat(65_536));
    await w.clock.advance(1000);
    assert.deepEqual([sent.outcome?.state, longest.outcome?.state], ['delivered', 'delivered']);
    assert.deepEqual(
      w.got.map(({ via, body }) => [via?.transport, body.length]),
      [
        ['TCP', 1300],
        ['TCP', 65_536],
      ],
    );
    const tooLong = send(w, 'z'.repeat(65_537));
    await w.clock.advance(1);
    assert.equal(why(tooLong), 'message-too-large');
  });

  it('counts every octet of the request: no datagram is larger than 1300', async () => {
    const w = await world();
    const listening = w.peer.listen({ transport: 'tcp', address: '10.0.0.2', port: 5060 });
    await w.clock.advance(20);
    await listening;
    const sizes: number[] = [];
    w.agent.events.on('trace', ({ direction, transport, text }) => {
      if (direction === 'out' && transport === 'udp' && text.startsWith('MESSAGE')) sizes.push(text.length);
    });
    for (let length = 800; length < 1100; length++) {
      send(w, 'x'.repeat(length));
      await w.clock.advance(40);
    }
    assert.equal(w.got.length, 300);
    assert.equal(Math.max(...sizes), 1300);
  });
});
