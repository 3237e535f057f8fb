import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CODECS } from '../../src/media/codec-registry.js';
import { tone, toneToRest, TwoPhones } from './two-phones.js';

describe('RtpMedia with each codec', () => {
  for (const { description, fmtp, offered } of CODECS) {
    const { name, clockRate } = description;
    it(`carries a tone by ${name}/${clockRate}`, async () => {
      const call = await TwoPhones.create(
        { delay: 20 },
        { microphone: tone(440, 48_000), sampleRate: 48_000 },
        { sampleRate: 48_000 },
      );
      const { alice, bob } = call;
      const offer = await alice.media.createOffer({ audio: 'sendrecv' });
      const found = new RegExp(`a=rtpmap:(\\d+) ${name}/${clockRate}\r\n`).exec(offer.sdp)?.[1];
      assert.equal(found !== undefined, offered);
      // Offered alone with telephone-event of its clock rate, as another telephone would that has nothing else.
      const type = found ?? String(description.payloadType ?? 120);
      if (description.payloadType !== null) assert.equal(Number(type), description.payloadType);
      const lines = [
        `a=rtpmap:${type} ${name}/${clockRate}`,
        ...(fmtp === null ? [] : [`a=fmtp:${type} ${fmtp}`]),
        `a=rtpmap:96 telephone-event/${clockRate}`,
      ];
      const only = offer.sdp
        .replace(/a=(?:rtpmap|fmtp):\d+ .*\r\n/g, '')
        .replace(/(m=audio \d+ RTP\/AVP) .*\r\n([^]*?)(?=a=)/, `$1 ${type} 96\r\n$2${lines.join('\r\n')}\r\n`);
      await alice.media.setLocalDescription({ type: 'offer', sdp: only });
      await bob.media.setRemoteDescription({ type: 'offer', sdp: only });
      const answer = await bob.media.createAnswer({ audio: 'sendrecv' });
      assert.match(answer.sdp, new RegExp(`m=audio \\d+ RTP/AVP ${type} 96\r\n`));
      await bob.media.setLocalDescription(answer);
      await alice.media.setRemoteDescription(answer);
      await call.clock.advance(4000);
      const ratio = toneToRest(bob.heard.slice(-48_000), 440, 48_000);
      assert.ok(ratio > 8, `${ratio} dB`);
      const quality = bob.quality.at(-1);
      assert.ok(quality);
      assert.equal(quality.codec, name);
      void alice.media.sendDtmf('1#', 100, 60);
      await call.clock.advance(1000);
      assert.deepEqual(
        bob.dtmf.map(({ tone: key }) => key),
        ['1', '#'],
      );
      for (const { durationMs } of bob.dtmf) assert.ok(durationMs >= 100 && durationMs <= 120, `${durationMs} ms`);
      await call.close();
    });
  }
});
