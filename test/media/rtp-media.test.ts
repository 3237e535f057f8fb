import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSdp, printSdp, withDirection } from '../../src/ims/sdp/index.js';
import { MediaError } from '../../src/ims/session/media-session.js';
import { tone, toneToRest, TwoPhones } from './two-phones.js';

describe('RtpMedia', () => {
  for (const [rate, addresses] of [
    [8000, ['192.0.2.1', '192.0.2.2']],
    [48_000, ['192.0.2.1', '192.0.2.2']],
    [44_100, ['2001:db8::1', '2001:db8::2']],
  ] as const) {
    it(`carries a tone, ${rate} Hz, ${addresses[0]}`, async () => {
      const call = await TwoPhones.create(
        { delay: 20 },
        { microphone: tone(440, rate), sampleRate: rate },
        { sampleRate: rate },
        addresses,
      );
      await call.negotiate();
      await call.clock.advance(4000);
      const ratio = toneToRest(call.bob.heard.slice(-2 * rate), 440, rate);
      assert.ok(ratio > 30, `${ratio} dB`);
      assert.ok(
        call.alice.heard.every((v) => Math.abs(v) < 0.01),
        'silence the other way',
      );
      assert.deepEqual(call.bob.flow, [true]);
      await call.close();
      assert.equal(call.alice.network.openSockets + call.bob.network.openSockets, 0);
      assert.equal(call.clock.pending, 0);
    });
  }

  it('binds an even port for RTP and the next for RTCP before it offers', async () => {
    const call = await TwoPhones.create();
    const offer = await call.alice.media.createOffer({ audio: 'sendrecv' });
    const port = Number(/m=audio (\d+) RTP\/AVP 8 0 [\d ]*101/.exec(offer.sdp)?.[1]);
    assert.equal(port % 2, 0);
    assert.equal(call.alice.network.openSockets, 2);
    await call.close();
    assert.equal(call.alice.network.openSockets, 0);
  });

  it('sends DTMF both ways, once per key, and resolves when it is sent', async () => {
    const call = await TwoPhones.create({ loss: 0.1 }, { microphone: tone(440, 8000) });
    await call.negotiate();
    await call.clock.advance(500);
    let sent = 0;
    void call.alice.media.sendDtmf('1234567890*#ABCD').then(() => (sent += 1));
    void call.bob.media.sendDtmf('77', 60, 40).then(() => (sent += 1));
    await call.clock.advance(5000);
    assert.equal(sent, 2);
    assert.equal(call.bob.dtmf.map((d) => d.tone).join(''), '1234567890*#ABCD');
    assert.equal(call.alice.dtmf.map((d) => d.tone).join(''), '77');
    assert.ok(call.bob.dtmf.every((d) => d.durationMs === 100));
    await call.close();
  });

  it('plays tones into the sound where the other end has no telephone-event', async () => {
    const call = await TwoPhones.create({}, { microphone: tone(440, 8000) });
    const { alice, bob } = call;
    const offer = await alice.media.createOffer({ audio: 'sendrecv' });
    await alice.media.setLocalDescription(offer);
    const plain = offer.sdp.replace(' 101', '').replace(/a=(rtpmap|fmtp):101 .*\r\n/g, '');
    await bob.media.setRemoteDescription({ type: 'offer', sdp: plain });
    const answer = await bob.media.createAnswer({ audio: 'sendrecv' });
    assert.doesNotMatch(answer.sdp, /telephone-event/);
    await bob.media.setLocalDescription(answer);
    await alice.media.setRemoteDescription(answer);
    await call.clock.advance(2000);
    let sent = false;
    void alice.media.sendDtmf('5', 2000).then(() => (sent = true));
    await call.clock.advance(1500);
    const [low, high] = [770, 1336].map((f) => toneToRest(bob.heard.slice(-4000), f, 8000));
    assert.ok(Math.abs((low ?? NaN) + 2) < 2 && Math.abs((high ?? NaN) - 1.8) < 2, `${low} ${high} dB`);
    await call.clock.advance(1000);
    assert.ok(sent);
    await call.close();
  });

  it('holds and resumes', async () => {
    const call = await TwoPhones.create({}, { microphone: tone(440, 8000) }, { microphone: tone(300, 8000) });
    const [first] = await call.negotiate();
    await call.clock.advance(1000);
    const [second, answer] = await call.negotiate(call.alice, 'sendonly');
    assert.match(first, /^o=- \d+ 1 /m);
    assert.match(second, /^o=- \d+ 2 /m);
    assert.match(answer, /a=recvonly/);
    assert.deepEqual(call.bob.directions, ['sendrecv', 'recvonly']);
    await call.clock.advance(1000);
    call.alice.heard = [];
    call.bob.heard = [];
    await call.clock.advance(1000);
    assert.ok(
      call.alice.heard.every((v) => v === 0),
      'alice hears nothing',
    );
    assert.ok(
      call.bob.heard.every((v) => Math.abs(v) < 0.01),
      'bob does not hear the room of who holds',
    );
    await call.negotiate(call.alice, 'sendrecv');
    await call.clock.advance(2000);
    assert.ok(toneToRest(call.bob.heard.slice(-8000), 440, 8000) > 30);
    assert.ok(toneToRest(call.alice.heard.slice(-8000), 300, 8000) > 30);
    await call.close();
  });

  it('sends silence when muted, and goes on with the packets', async () => {
    const call = await TwoPhones.create({}, { microphone: tone(440, 8000) });
    await call.negotiate();
    await call.clock.advance(1000);
    call.alice.media.setMuted(true);
    await call.clock.advance(500);
    call.bob.heard = [];
    await call.clock.advance(2000);
    assert.ok(call.bob.heard.every((v) => Math.abs(v) < 0.01));
    assert.deepEqual(call.bob.flow, [true]);
    await call.close();
  });

  it('reports quality each second, with round trip and loss', async () => {
    const call = await TwoPhones.create({ delay: 40, loss: 0.05 }, { microphone: tone(440, 8000) });
    await call.negotiate();
    await call.clock.advance(30_000);
    const last = call.bob.quality[call.bob.quality.length - 1];
    assert.ok(last && call.bob.quality.length >= 29);
    assert.equal(last.codec, 'PCMA');
    assert.ok(last.roundTripMs !== null && Math.abs(last.roundTripMs - 80) < 5, `round trip ${last.roundTripMs}`);
    const mean = call.bob.quality.reduce((sum, q) => sum + q.lossReceived, 0) / call.bob.quality.length;
    assert.ok(mean > 0.02 && mean < 0.09, `loss ${mean}`);
    assert.ok(last.mos > 2 && last.mos < 4.4, `MOS ${last.mos}`);
    assert.ok(last.outputLevel > 0.3);
    assert.ok((call.alice.quality[call.alice.quality.length - 1]?.inputLevel ?? 0) > 0.4);
    await call.close();
  });

  it('says when packets stop and come back', async () => {
    const call = await TwoPhones.create({}, { microphone: tone(440, 8000) });
    await call.negotiate();
    await call.clock.advance(1000);
    call.fabric.conditions = { loss: 1 };
    await call.clock.advance(7000);
    call.fabric.conditions = {};
    await call.clock.advance(1000);
    assert.deepEqual(call.bob.flow, [true, false, true]);
    await call.close();
  });

  it('drops the packets of a stranger', async () => {
    const call = await TwoPhones.create({}, { microphone: tone(440, 8000) });
    const [, answer] = await call.negotiate();
    await call.clock.advance(1000);
    const port = Number(/m=audio (\d+)/.exec(answer)?.[1]);
    const stranger = await call.fabric.host('203.0.113.66').bindUdp({});
    for (let i = 0; i < 100; i += 1) {
      const packet = new Uint8Array(172).fill(0x2a);
      packet.set([0x80, 8, 0, i, 0, 0, i, 0, 1, 2, 3, 4]);
      stranger.send(packet, { address: '192.0.2.2', port });
      await call.clock.advance(20);
    }
    assert.ok(toneToRest(call.bob.heard.slice(-8000), 440, 8000) > 30);
    await call.close();
  });

  it('refuses what it cannot use and stays usable', async () => {
    const call = await TwoPhones.create();
    const { media } = call.bob;
    await rejects(media.setRemoteDescription({ type: 'offer', sdp: 'nonsense' }), 'malformed');
    const video =
      'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 18\r\n';
    await rejects(media.setRemoteDescription({ type: 'offer', sdp: video }), 'not-acceptable');
    await rejects(media.createAnswer({ audio: 'sendrecv' }), 'wrong-state');
    await rejects(media.sendDtmf('1'), 'wrong-state');
    const offer = await media.createOffer({ audio: 'sendrecv' });
    await media.setLocalDescription(offer);
    await rejects(media.setRemoteDescription({ type: 'offer', sdp: offer.sdp }), 'wrong-state');
    await media.rollback();
    await call.negotiate();
    await call.close();
    await rejects(media.createOffer({ audio: 'sendrecv' }), 'closed');
  });

  it('plays early media from a provisional answer', async () => {
    const call = await TwoPhones.create({}, {}, { microphone: tone(425, 8000) });
    const { alice, bob } = call;
    const offer = await alice.media.createOffer({ audio: 'sendrecv' });
    await alice.media.setLocalDescription(offer);
    await bob.media.setRemoteDescription(offer);
    const answer = await bob.media.createAnswer({ audio: 'sendrecv' });
    await bob.media.setLocalDescription(answer);
    await alice.media.setRemoteDescription({ type: 'pranswer', sdp: answer.sdp });
    await call.clock.advance(2000);
    assert.ok(toneToRest(alice.heard.slice(-8000), 425, 8000) > 30);
    // RFC 5009 §8: revoked, and allowed again.
    const parsed = parseSdp(answer.sdp);
    assert.ok(parsed.ok);
    const silent = printSdp(withDirection(parsed.session, 'inactive'));
    await alice.media.setRemoteDescription({ type: 'pranswer', sdp: silent });
    await call.clock.advance(2000);
    assert.ok(
      alice.heard.slice(-8000).every((sample) => Math.abs(sample) < 0.01),
      'bob goes on, and is not heard',
    );
    await alice.media.setRemoteDescription({ type: 'pranswer', sdp: answer.sdp });
    await call.clock.advance(2000);
    assert.ok(toneToRest(alice.heard.slice(-8000), 425, 8000) > 30);
    await alice.media.setRemoteDescription(answer);
    await alice.media.createOffer({ audio: 'sendrecv' });
    await call.close();
  });
});

async function rejects(promise: Promise<unknown>, reason: MediaError['reason']): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof MediaError && error.reason === reason);
}
