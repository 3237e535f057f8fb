import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createResponse, type SipRequest } from '../../../src/ims/sip/message.js';
import { MediaError } from '../../../src/ims/session/media-session.js';
import { SDP, world, answer, make, ask, last, shown, called } from './scripted-peer.js';

describe('UserAgent against a scripted peer', () => {
  it('acknowledges every forked 200, and hangs up on all but the first', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    const [server] = w.servers;
    assert.ok(invite && server);
    for (const tag of ['f1', 'f2', 'f2', 'f1']) {
      server.respond(answer(invite, 200, tag, SDP, `<sip:${tag}@10.0.0.2:5060>`));
      await w.clock.advance(50);
    }
    const seen = w.got.slice(1).map(({ method, toTag, requestUri }) => `${method} ${toTag} ${requestUri.toString()}`);
    assert.deepEqual(seen, [
      'ACK f1 sip:f1@10.0.0.2:5060',
      'ACK f2 sip:f2@10.0.0.2:5060',
      'BYE f2 sip:f2@10.0.0.2:5060',
      'ACK f2 sip:f2@10.0.0.2:5060',
      'ACK f1 sip:f1@10.0.0.2:5060',
    ]);
    assert.equal(shown(w)?.state, 'active');
  });

  it('sends the INVITE before the media has noted its offer, and takes it back if the media cannot', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    let give: (error: Error) => void = () => undefined;
    w.media.last.setLocalDescription = () => new Promise((_, reject) => (give = reject));
    await w.clock.advance(20);
    assert.deepEqual(
      w.got.map(({ method }) => method),
      ['INVITE'],
    );
    const [invite] = w.got;
    assert.ok(invite);
    w.servers[0]?.respond(answer(invite, 180, 'r'));
    await w.clock.advance(20);
    give(new MediaError('network', 'gone'));
    await w.clock.advance(100);
    assert.equal(shown(w)?.state, 'ending');
    await w.clock.advance(5000);
    assert.deepEqual([shown(w)?.state, shown(w)?.failure?.reason], ['ended', 'media-failed']);
  });

  it('plays early media, and takes it for the answer if the 200 has none', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    const [server] = w.servers;
    assert.ok(invite && server);
    server.respond(answer(invite, 183, 'e', SDP));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'early-media');
    server.respond(answer(invite, 200, 'e'));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'active');
    assert.equal(w.media.last.direction, 'sendrecv');
  });

  it('keeps early media silent until the network allows it, and makes the ring-back itself (RFC 5009)', async () => {
    // Whom we trust: a proxy that is configured by address.
    const w = await world({ proxy: 'sip:10.0.0.2' });
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    assert.ok(invite);
    assert.equal(invite.headers.get('P-Early-Media'), 'supported');
    const say = async (
      status: number,
      value: string | null,
      sdp: string | null = null,
    ): Promise<string | undefined> => {
      const response = answer(invite, status, 'e', sdp);
      if (value !== null) response.headers.set('P-Early-Media', value);
      w.servers[0]?.respond(response);
      await w.clock.advance(20);
      return shown(w)?.state;
    };
    assert.equal(await say(183, 'inactive', SDP), 'ringing-out');
    assert.equal(await say(180, null), 'ringing-out', 'what was said holds');
    assert.equal(await say(183, 'recvonly, sendrecv'), 'ringing-out', 'the first is for the sound');
    assert.equal(await say(183, 'gated, sendonly'), 'early-media');
    assert.equal(w.media.last.direction, 'sendrecv');
    // §8: a request for revocation of authorization of previously authorized early media.
    assert.equal(await say(183, 'inactive'), 'ringing-out');
    assert.equal(w.media.last.direction, 'inactive');
    assert.equal(shown(w)?.remoteHold, false, 'nobody holds us');
    assert.equal(await say(180, null), 'ringing-out');
    assert.equal(await say(183, 'sendrecv'), 'early-media');
    assert.equal(w.media.last.direction, 'sendrecv');
    assert.equal(await say(183, 'inactive, gated'), 'ringing-out');
    assert.equal(await say(200, null), 'active');
    assert.equal(w.media.last.direction, 'sendrecv');
  });

  it('believes no stranger who forbids early media', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    assert.ok(invite);
    const response = answer(invite, 183, 'e', SDP);
    response.headers.set('P-Early-Media', 'inactive');
    w.servers[0]?.respond(response);
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'early-media');
  });

  it('hangs up when a 200 brings no answer at all', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    assert.ok(invite);
    w.servers[0]?.respond(answer(invite, 200, 'e'));
    await w.clock.advance(50);
    assert.deepEqual(w.methods(), ['INVITE', 'ACK', 'BYE']);
    assert.equal(shown(w)?.failure?.reason, 'not-acceptable');
  });

  it('follows a redirection to the best contact, and not for ever', async () => {
    const w = await world();
    w.peerWorld.onRequest = (request, transaction) => {
      const response = createResponse(request, 302, { toTag: 'p' });
      const n = w.got.length;
      response.headers.set('Contact', `<sip:x${n}@10.0.0.2>;q=0.1, <sip:y${n}@10.0.0.2>;q=0.9`);
      transaction.respond(response);
    };
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(2000);
    const invites = w.got.filter(({ method }) => method === 'INVITE');
    assert.deepEqual(invites.map(({ requestUri, cseq }) => `${cseq?.number} ${requestUri.toString()}`).slice(0, 3), [
      '1 sip:peer@10.0.0.2',
      '2 sip:y1@10.0.0.2',
      '3 sip:y2@10.0.0.2',
    ]);
    assert.equal(invites.length, 6);
    assert.equal(shown(w)?.state, 'ended');
    assert.equal(shown(w)?.failure?.status, 302);
  });

  it('gives up a callee that rings for ever, and ends a late 200', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    const [server] = w.servers;
    assert.ok(invite && server);
    server.respond(answer(invite, 180, 'e'));
    await w.clock.advance(179_000);
    assert.equal(shown(w)?.state, 'ringing-out');
    await w.clock.advance(2000);
    assert.ok(server.state === 'proceeding');
    await w.clock.advance(3000);
    assert.deepEqual([shown(w)?.state, shown(w)?.failure?.reason], ['ended', 'no-answer']);
    await w.clock.advance(30_000);
    server.respond(answer(invite, 200, 'e', SDP));
    await w.clock.advance(100);
    assert.deepEqual(w.methods().slice(-2), ['ACK', 'BYE']);
  });

  it('makes the offer itself when an INVITE brings none', async () => {
    const w = await world();
    const responses = ask(w, make('INVITE'));
    await w.clock.advance(50);
    await w.agent.answer(shown(w)?.id ?? '');
    await w.clock.advance(20);
    const ok = last(await responses);
    assert.ok(ok?.status === 200);
    assert.match(ok.bodyText, /m=audio/);
    assert.equal(shown(w)?.state, 'connecting');
    await w.peer.sendRequest(make('ACK', { tag: ok.toTag ?? '', sdp: SDP }));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'active');
    assert.equal(w.media.last.direction, 'sendrecv');
  });

  it('talks to an RFC 2543 caller: no Contact, no tag, no cookie', async () => {
    const w = await world();
    const bare = (method: string, tag?: string): SipRequest => {
      const request = make(method, {
        cseq: method === 'BYE' ? 2 : 1,
        ...(tag === undefined ? {} : { tag }),
        sdp: method === 'INVITE' ? SDP : '',
      });
      request.headers.delete('Contact');
      request.headers.set('From', '<sip:peer@10.0.0.2>');
      return request;
    };
    const responses = ask(w, bare('INVITE'));
    await w.clock.advance(50);
    await w.agent.answer(shown(w)?.id ?? '');
    await w.clock.advance(100);
    const tag = last(await responses)?.toTag ?? '';
    await w.peer.sendRequest(bare('ACK', tag));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'active');
    await w.agent.hangup(shown(w)?.id ?? '');
    await w.clock.advance(50);
    assert.equal(last(w.got)?.requestUri.toString(), 'sip:peer@10.0.0.2');
    assert.equal(shown(w)?.state, 'ended');
  });

  it('talks to an RFC 2543 callee: a 200 without Contact and tag', async () => {
    const w = await world();
    w.agent.call('sip:peer@10.0.0.2');
    await w.clock.advance(20);
    const [invite] = w.got;
    assert.ok(invite);
    const ok = createResponse(invite, 200);
    ok.headers.set('Content-Type', 'application/sdp');
    ok.body = new TextEncoder().encode(SDP);
    w.servers[0]?.respond(ok);
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'active');
    await w.agent.hangup(shown(w)?.id ?? '');
    await w.clock.advance(50);
    assert.deepEqual(w.methods(), ['INVITE', 'ACK', 'BYE']);
    assert.equal(shown(w)?.state, 'ended');
  });

  it('refuses what it cannot do, each as the RFC says', async () => {
    const w = await world();
    const cases: readonly [string, SipRequest, number, string?][] = [
      ['extension', make('INVITE', { sdp: SDP, more: [['Require', '100rel']], fromTag: 'r1' }), 420, 'Unsupported'],
      ['method', make('SUBSCRIBE', { fromTag: 'r2' }), 405, 'Allow'],
      ['unknown method', make('FROB', { fromTag: 'r3' }), 501, 'Allow'],
      ['body', make('INVITE', { fromTag: 'r4', sdp: 'x', more: [['Content-Type', 'text/frob']] }), 400],
      ['offer', make('INVITE', { fromTag: 'r5', sdp: 'v=0\r\nm=video 1 RTP/AVP 31\r\n' }), 488],
      ['in no dialog', make('BYE', { tag: 'nobody', fromTag: 'r6' }), 481],
      ['re-INVITE in no dialog', make('INVITE', { tag: 'nobody', fromTag: 'r7', sdp: SDP }), 481],
    ];
    for (const [name, request, status, header] of cases) {
      const final = last(await ask(w, request));
      assert.ok(final?.status === status, name);
      if (header) assert.ok(final.headers.has(header), `${name}: ${header}`);
    }
    const options = last(await ask(w, make('OPTIONS', { fromTag: 'r8' })));
    assert.ok(options?.status === 200);
    for (const header of ['Allow', 'Accept', 'Supported']) assert.ok(options.headers.has(header), header);
    assert.equal(w.agent.snapshot.calls.length, 0, 'and bothers nobody');
  });

  it('answers 482 to a request that joined again', async () => {
    const w = await world();
    const first = ask(w, make('INVITE', { sdp: SDP }));
    const second = ask(w, make('INVITE', { sdp: SDP }));
    assert.deepEqual(
      (await first).map(({ status }) => status),
      [180],
    );
    assert.deepEqual(
      (await second).map(({ status }) => status),
      [482],
    );
  });

  it('answers within a dialog: lower CSeq 500, INFO, OPTIONS, UPDATE and re-INVITE 200, BYE', async () => {
    const w = await world();
    const { tag } = await called(w);
    const status = async (request: SipRequest): Promise<number | undefined> => last(await ask(w, request))?.status;
    assert.equal(await status(make('INFO', { tag, cseq: 5 })), 200);
    assert.equal(await status(make('INFO', { tag, cseq: 4 })), 500);
    assert.equal(await status(make('OPTIONS', { tag, cseq: 6 })), 200);
    assert.equal(await status(make('UPDATE', { tag, cseq: 7, sdp: `${SDP}a=sendonly\r\n` })), 200);
    assert.equal(shown(w)?.remoteHold, true);
    assert.equal(await status(make('INVITE', { tag, cseq: 8, sdp: SDP })), 200);
    await w.peer.sendRequest(make('ACK', { tag, cseq: 8 }));
    assert.equal(shown(w)?.remoteHold, false);
    assert.equal(await status(make('INVITE', { tag, cseq: 9, sdp: 'v=0\r\n' })), 488);
    assert.equal(shown(w)?.state, 'active', 'a refused offer changes nothing');
    assert.equal(await status(make('BYE', { tag, cseq: 10 })), 200);
    assert.deepEqual([shown(w)?.state, shown(w)?.endedBy], ['ended', 'remote']);
    assert.equal(await status(make('BYE', { tag, cseq: 11 })), 481);
  });

  it('sends later requests to the target that a re-INVITE gave', async () => {
    const w = await world();
    const { tag, id } = await called(w);
    const moved = make('INVITE', { tag, cseq: 2, sdp: SDP });
    moved.headers.set('Contact', '<sip:moved@10.0.0.2:5060>');
    await ask(w, moved);
    await w.peer.sendRequest(make('ACK', { tag, cseq: 2 }));
    await w.clock.advance(20);
    await w.agent.hangup(id);
    await w.clock.advance(50);
    assert.equal(last(w.got)?.requestUri.toString(), 'sip:moved@10.0.0.2:5060');
  });

  it('sends later requests to the target that the 200 to its own re-INVITE gave', async () => {
    const w = await world();
    const { id } = await called(w);
    w.peerWorld.onRequest = (request, transaction) => {
      const sdp = request.method === 'INVITE' ? `${SDP}a=recvonly\r\n` : null;
      transaction.respond(answer(request, 200, 'p', sdp, '<sip:moved@10.0.0.2:5060>'));
    };
    const held = w.agent.hold(id);
    await w.clock.advance(50);
    await held;
    await w.agent.hangup(id);
    await w.clock.advance(50);
    assert.deepEqual(
      w.got.slice(-2).map(({ method, requestUri }) => `${method} ${requestUri.toString()}`),
      ['ACK sip:moved@10.0.0.2:5060', 'BYE sip:moved@10.0.0.2:5060'],
    );
  });

  it('takes no ACK for its own but that of the INVITE that it answered', async () => {
    const w = await world();
    const responses = ask(w, make('INVITE', { sdp: SDP }));
    await w.clock.advance(50);
    await w.agent.answer(shown(w)?.id ?? '');
    await w.clock.advance(20);
    const tag = last(await responses)?.toTag ?? '';
    await w.peer.sendRequest(make('ACK', { tag, cseq: 7 }));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'connecting');
    await w.peer.sendRequest(make('ACK', { tag }));
    await w.clock.advance(20);
    assert.equal(shown(w)?.state, 'active');
  });

  it('ends the call when its 200 is never acknowledged', async () => {
    const w = await world();
    const responses = ask(w, make('INVITE', { sdp: SDP }), 40_000);
    await w.clock.advance(1);
    await w.clock.until(() => shown(w)?.state === 'ringing-in');
    await w.agent.answer(shown(w)?.id ?? '');
    const copies = (await responses).filter(({ status }) => status === 200).length;
    assert.ok(copies >= 10, `${copies} copies of the 200`);
    assert.equal(last(w.got)?.method, 'BYE');
    await w.clock.advance(1000);
    assert.equal(w.agent.usage.sessions, 0);
  });

  it('does not count a call as missed that was answered elsewhere', async () => {
    for (const [reason, missed] of [
      ['SIP;cause=200;text="Call completed elsewhere"', false],
      ['SIP;cause=487', true],
    ] as const) {
      const w = await world();
      const ignore = (): void => undefined;
      const handle = w.peer.request(make('INVITE', { sdp: SDP }), { onFinal: ignore, onFailure: ignore });
      await w.clock.advance(100);
      handle.cancel(reason);
      await w.clock.advance(10_000);
      assert.equal(w.agent.snapshot.history[0]?.missed, missed, reason);
    }
  });

  it('stops ringing when the INVITE expires', async () => {
    const w = await world();
    const responses = await ask(w, make('INVITE', { sdp: SDP, more: [['Expires', '20']] }), 21_000);
    assert.equal(last(responses)?.status, 487);
  });
});
