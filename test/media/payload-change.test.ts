import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Playout } from '../../src/media/audio/playout.js';
import { findCodec } from '../../src/media/codec-registry.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { tone, toneToRest, TwoPhones } from './two-phones.js';

const FORMATS = [
  { payloadType: 8, name: 'PCMA', clockRate: 8000, fmtp: '' },
  { payloadType: 9, name: 'G722', clockRate: 8000, fmtp: '' },
  { payloadType: 108, name: 'AMR-WB', clockRate: 16_000, fmtp: '' },
];

describe('Playout, when the sender changes its payload type', () => {
  it('goes on with the tone, whatever the rates', async () => {
    const modules = new WasmFromDisk();
    const load = async (name: 'jitter' | 'g711' | 'g722' | 'amr-wb') => [name, await modules.get(name)] as const;
    const names = ['jitter', 'g711', 'g722', 'amr-wb'] as const;
    const playout = new Playout(48_000, 480);
    playout.open(1, FORMATS, Object.fromEntries(await Promise.all(names.map(load))));
    const out = new Float32Array(480);
    let sequenceNumber = 65_500;
    let timestamp = 4_294_900_000;
    let now = 0;
    for (const { payloadType, name, clockRate, fmtp } of [...FORMATS, ...FORMATS]) {
      const entry = findCodec(name, clockRate);
      assert.ok(entry);
      const encoder = entry.instantiate(await modules.get(entry.wasm)).createEncoder(fmtp);
      const { sampleRate } = entry.description;
      const microphone = tone(440, sampleRate);
      const block = new Float32Array(encoder.frameSamples);
      const heard: number[] = [];
      for (let i = 0; i < 100; i += 1) {
        const payload: number[] = [];
        for (let samples = 0; samples < sampleRate / 50; samples += encoder.frameSamples) {
          microphone(block);
          block.forEach((v, k) => (encoder.input[k] = Math.round(v * 32_767)));
          payload.push(...encoder.output.subarray(0, encoder.encode()));
        }
        const packet = { ssrc: 1, sequenceNumber, timestamp, payloadType, payload: Uint8Array.from(payload) };
        playout.push(1, packet, now);
        if (i === 3)
          playout.push(1, { ...packet, sequenceNumber: (sequenceNumber - 20) & 0xffff, payloadType: 8 }, now);
        sequenceNumber = (sequenceNumber + 1) & 0xffff;
        timestamp = (timestamp + clockRate / 50) >>> 0;
        for (let half = 0; half < 2; half += 1, now += 10) {
          playout.pull(out, now);
          heard.push(...out);
        }
      }
      const ratio = toneToRest(heard.slice(-48_000), 440, 48_000);
      assert.ok(ratio > 20, `${name}: ${ratio} dB`);
    }
  });
});

describe('RtpMedia with an answer of several codecs', () => {
  it('sends by the first and hears each', async () => {
    const call = await TwoPhones.create({ delay: 5 }, { microphone: tone(440, 8000) }, { microphone: tone(300, 8000) });
    const { alice, bob } = call;
    const offer = await alice.media.createOffer({ audio: 'sendrecv' });
    await alice.media.setLocalDescription(offer);
    await bob.media.setRemoteDescription(offer);
    const answer = await bob.media.createAnswer({ audio: 'sendrecv' });
    await bob.media.setLocalDescription(answer);
    // Bob sends PCMA, though his answer, as alice reads it, likes G.722 best.
    const sdp = answer.sdp.replace(/(m=audio \d+ RTP\/AVP) 8/, '$1 9 8 0');
    await alice.media.setRemoteDescription({ type: 'answer', sdp });
    await call.clock.advance(3000);
    assert.equal(alice.quality[alice.quality.length - 1]?.codec, 'G722');
    assert.ok(toneToRest(alice.heard.slice(-8000), 300, 8000) > 30);
    await call.close();
  });
});

describe('RtpMedia with an answer of other payload types', () => {
  it('hears a peer that sends by the numbers of its answer', async () => {
    const codecs = [{ name: 'iLBC', clockRate: 8000, enabled: true }];
    const call = await TwoPhones.create(
      { delay: 5 },
      { codecs, microphone: tone(440, 8000) },
      { codecs, microphone: tone(300, 8000) },
    );
    const { alice, bob } = call;
    const offer = await alice.media.createOffer({ audio: 'sendrecv' });
    await alice.media.setLocalDescription(offer);
    // Bob believes that she offered it as 121, so he sends that and answers that.
    const type = /a=rtpmap:(\d+) iLBC/.exec(offer.sdp)?.[1] ?? '';
    const sdp = offer.sdp
      .replace(new RegExp(`(rtpmap|fmtp):${type} `, 'g'), '$1:121 ')
      .replace(new RegExp(`(m=audio .*) ${type}\\b`), '$1 121');
    await bob.media.setRemoteDescription({ type: 'offer', sdp });
    const answer = await bob.media.createAnswer({ audio: 'sendrecv' });
    assert.match(answer.sdp, /m=audio \d+ RTP\/AVP 121\b/);
    await bob.media.setLocalDescription(answer);
    await alice.media.setRemoteDescription(answer);
    await call.clock.advance(3000);
    assert.ok(toneToRest(alice.heard.slice(-8000), 300, 8000) > 8);
    assert.ok(toneToRest(bob.heard.slice(-8000), 440, 8000) > 8);
    await call.close();
  });
});

describe('RtpMedia with packet times', () => {
  for (const [codec, type, ptime, octets] of [
    ['PCMA/8000', 8, 40, 320],
    ['PCMA/8000', 8, 10, 80],
    ['PCMA/8000', 8, 150, 960],
    ['GSM/8000', 3, 60, 99],
    ['DVI4/8000', 5, 40, 164],
    ['iLBC/8000', 97, 40, 76],
    ['DVI4/16000', 6, 60, 484],
    ['L16/8000', 97, 60, 960],
    ['L16/16000', 97, 60, 1280],
    ['speex/8000', 97, 60, 60],
    ['speex/16000', 97, 40, 139],
    ['speex/32000', 97, 60, 222],
    ['AMR/8000', 97, 60, 95],
    ['AMR-WB/16000', 97, 40, 66],
  ] as const)
    it(`sends ${codec} as ptime ${ptime} likes it`, async () => {
      const call = await TwoPhones.create({}, {}, { microphone: tone(440, 8000) });
      const { alice, bob } = call;
      const offer = await alice.media.createOffer({ audio: 'sendrecv' });
      const sdp = offer.sdp
        .replace(/a=(?:rtpmap|fmtp|ptime):.*\r\n/g, '')
        .replace(/(m=audio \d+ RTP\/AVP) .*\r\n/, `$1 ${type}\r\n`)
        .replace(
          'a=sendrecv',
          `a=rtpmap:${type} ${codec}\r\n${codec.startsWith('iLBC') ? 'a=fmtp:97 mode=20\r\n' : ''}a=ptime:${ptime}\r\na=sendrecv`,
        );
      const sizes = new Set<number>();
      const port = Number(/m=audio (\d+)/.exec(sdp)?.[1]);
      const spy = await call.fabric.host('192.0.2.9').bindUdp({});
      spy.onMessage = (data) => void sizes.add(data.length - 12);
      await bob.media.setRemoteDescription({
        type: 'offer',
        sdp: sdp.replaceAll('192.0.2.1', '192.0.2.9').replace(`m=audio ${port}`, `m=audio ${spy.local.port}`),
      });
      await bob.media.setLocalDescription(await bob.media.createAnswer({ audio: 'sendrecv' }));
      await call.clock.advance(1000);
      assert.deepEqual([...sizes], [octets]);
      await call.close();
    });
});
