import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksLikeRtcp, parseRtp, type RtpPacket } from '../../src/media/rtp/rtp-packet.js';
import { localFormats } from '../../src/media/local-formats.js';
import { TwoPhones, type Phone } from './two-phones.js';

const only = (name: string, clockRate: number) => ({ codecs: [{ name, clockRate, enabled: true }] });

/** A voice for a second, then the room alone for two, again and again. */
function talker(sampleRate: number, noise = 0.003): (out: Float32Array) => void {
  let n = 0;
  let seed = 1;
  return (out) => {
    for (let i = 0; i < out.length; i += 1, n += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      const t = n / sampleRate;
      const speaks = t % 3 < 1;
      const pitch = 2 * Math.PI * (140 + 20 * Math.sin(3 * t)) * t;
      const voice = [1, 2, 3, 4, 5].reduce((sum, h) => sum + Math.sin(h * pitch) / h, 0);
      out[i] = (noise * seed) / 2 ** 31 + (speaks ? 0.2 * Math.abs(Math.sin(9 * t)) * voice : 0);
    }
  };
}

/** Packets that alice sends. */
function tap(call: TwoPhones): RtpPacket[] {
  const packets: RtpPacket[] = [];
  call.fabric.filter = ({ from, data }) => {
    const packet = from.address === '192.0.2.1' && !looksLikeRtcp(data) ? parseRtp(data) : null;
    if (packet !== null) packets.push({ ...packet, payload: packet.payload.slice() });
    return 'pass';
  };
  return packets;
}

/** dB of the sound between two times, s. */
function level(phone: Phone, from: number, to: number, rate: number): number {
  const part = phone.heard.slice(from * rate, to * rate);
  return 10 * Math.log10(part.reduce((sum, v) => sum + v * v, 1e-12) / part.length);
}

describe('localFormats with discontinuous transmission', () => {
  const noises = (...args: Parameters<typeof localFormats>): string[] =>
    localFormats(...args).flatMap((f) => (f.name === 'CN' ? [`${f.payloadType} ${f.clockRate}`] : []));

  it('offers comfort noise when it is switched on, and always takes it', () => {
    assert.deepEqual(noises(null, [], true), []);
    assert.deepEqual(noises(null, [], true, false, true), ['13 8000']);
    assert.deepEqual(noises(null, [], false), ['13 8000', '118 16000']);
    assert.deepEqual(noises(only('AMR', 8000).codecs, [], true, false, true), []);
  });
});

describe('RtpMedia with discontinuous transmission', () => {
  for (const [name, clockRate, noise] of [
    ['PCMA', 8000, 13],
    ['G722', 8000, 13],
    ['GSM', 8000, 13],
    ['iLBC', 8000, 13],
    ['DVI4', 16_000, 118],
    ['AMR', 8000, null],
    ['AMR-WB', 16_000, null],
    ['speex', 16_000, null],
  ] as const)
    it(`keeps still in pauses, and they sound like the room: ${name}/${clockRate}`, async () => {
      const rate = name === 'AMR-WB' || clockRate === 16_000 ? 16_000 : 8000;
      const call = await TwoPhones.create(
        { delay: 20, jitter: 10 },
        { ...only(name, clockRate), microphone: talker(rate), sampleRate: rate, dtx: true },
        { ...only(name, clockRate), sampleRate: rate },
      );
      const packets = tap(call);
      const { bob } = call;
      const [offer] = await call.negotiate();
      assert.equal(new RegExp(`a=rtpmap:${noise} CN/${clockRate}\r\n`).test(offer), noise !== null);
      await call.clock.advance(9000);
      // Of nine seconds six are pauses, of each of which the first tenths are sent.
      assert.ok(packets.length > 120 && packets.length < 300, `${packets.length} packets`);
      const described = packets.filter(({ payloadType }) => payloadType === noise);
      if (noise !== null) assert.ok(described.length >= 4 && described.length < 20, `${described.length} descriptions`);
      // RFC 3389 §4, RFC 3551 §4.1: the marker is for the packet that begins a talkspurt.
      assert.ok(described.every(({ marker, payload }) => !marker && payload.length <= 11));
      const spurts = packets.filter(({ marker }) => marker).length;
      assert.ok(spurts >= 2 && spurts <= 4, `${spurts} talkspurts`);
      // Each description stands where its pause begins: the timestamps go on as time does.
      const [first] = packets;
      const last = packets[packets.length - 1];
      const seconds = (((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0) / clockRate;
      assert.ok(seconds > 7.5 && seconds < 9.1, `${seconds} s of RTP time`);
      const room = 20 * Math.log10(0.003 / Math.sqrt(3));
      for (const [from, to] of [
        [2, 2.9],
        [4.8, 5.9],
        [7.8, 8.9],
      ] as const) {
        for (let at = from; at + 0.1 <= to; at += 0.1) {
          const heard = level(bob, at, at + 0.1, rate);
          assert.ok(
            Math.abs(heard - room) < 7,
            `${heard.toFixed(1)} dB at ${at.toFixed(1)} s, the room has ${room.toFixed(1)}`,
          );
        }
      }
      assert.ok(level(bob, 3.2, 4, rate) > -25, 'the voice is back');
      for (const quality of bob.quality.slice(1)) {
        const told = JSON.stringify(quality);
        assert.equal(quality.lossReceived, 0, told);
        assert.ok(quality.concealedRatio < 0.02 && quality.jitterMs < 10 && quality.playoutDelayMs < 150, told);
      }
      await call.close();
    });

  it('sends everything where the other side does not know comfort noise', async () => {
    const call = await TwoPhones.create(
      { delay: 20 },
      { ...only('PCMA', 8000), microphone: talker(8000), dtx: true },
      only('PCMA', 8000),
    );
    const packets = tap(call);
    const offer = await call.alice.media.createOffer({ audio: 'sendrecv' });
    await call.alice.media.setLocalDescription(offer);
    await call.bob.media.setRemoteDescription(offer);
    const answer = await call.bob.media.createAnswer({ audio: 'sendrecv' });
    await call.bob.media.setLocalDescription(answer);
    const sdp = answer.sdp.replace(/(m=audio .*) 13\r\n/, '$1\r\n').replace(/a=rtpmap:13 .*\r\n/, '');
    assert.notEqual(sdp, answer.sdp);
    await call.alice.media.setRemoteDescription({ type: 'answer', sdp });
    await call.clock.advance(4000);
    assert.ok(packets.length > 190, `${packets.length} packets`);
    await call.close();
  });
});
