import { expect } from '@open-wc/testing';
import { webCodecsOpus } from '../../../src/workers/web-codecs-opus.js';

const RATE = 48_000;

function tone(into: Int16Array, at: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = 12_000 * Math.sin((2 * Math.PI * 440 * (at + i)) / RATE);
}

/** Power of 440 Hz over that of the rest, dB. */
function toneToRest(samples: readonly number[]): number {
  let s = 0;
  let c = 0;
  let total = 0;
  samples.forEach((value, i) => {
    const phase = (2 * Math.PI * 440 * i) / RATE;
    s += value * Math.sin(phase);
    c += value * Math.cos(phase);
    total += value * value;
  });
  const signal = (2 * (s * s + c * c)) / samples.length;
  return 10 * Math.log10(signal / Math.max(1, total - signal));
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition() && Date.now() < end) await new Promise((done) => setTimeout(done, 5));
}

describe('webCodecsOpus', () => {
  for (const [packetMs, fmtp] of [
    [20, ''],
    [60, 'maxplaybackrate=16000;useinbandfec=1'],
    [10, 'cbr=1;maxaveragebitrate=64000'],
  ] as const)
    it(`carries a tone in packets of ${packetMs} ms (${fmtp || 'no parameters'}), each with its own sound`, async () => {
      const opus = await webCodecsOpus();
      if (opus === null) throw new Error('Chromium has Opus');
      const payloads: Uint8Array[] = [];
      const encoder = opus.createEncoder(fmtp, packetMs, (payload) => payloads.push(payload));
      expect(encoder.frameSamples).to.equal(packetMs * 48);
      const packets = 1200 / packetMs;
      for (let i = 0; i < packets; i += 1) {
        tone(encoder.input, i * encoder.frameSamples);
        encoder.encode();
      }
      await until(() => payloads.length === packets);
      expect(payloads.length).to.equal(packets);
      if (fmtp.startsWith('cbr')) expect(new Set(payloads.map((payload) => payload.length)).size).to.equal(1);
      const decoder = opus.createDecoder();
      const heard: number[] = [];
      const order: number[] = [];
      for (const [i, payload] of payloads.entries()) {
        decoder.decode(payload, (pcm) => {
          order.push(i);
          heard.push(...pcm);
          expect(pcm.length).to.equal(encoder.frameSamples);
        });
        await until(() => order.length > i - 10);
      }
      await until(() => order.length === packets);
      expect(order).to.deep.equal(payloads.map((_, i) => i));
      expect(toneToRest(heard.slice(-24_000))).to.be.greaterThan(20);
      encoder.close();
      decoder.close();
    });

  it('says nothing where the other side asked for that and nobody speaks', async () => {
    const opus = await webCodecsOpus();
    const payloads: Uint8Array[] = [];
    const encoder = opus?.createEncoder('usedtx=1', 20, (payload) => payloads.push(payload));
    for (let i = 0; i < 100; i += 1) {
      encoder?.encode();
      await new Promise((done) => setTimeout(done, 5));
    }
    await until(() => payloads.length >= 96);
    expect(payloads.length).to.be.within(95, 100);
    expect(payloads.filter((payload) => payload.length === 0).length).to.be.greaterThan(30);
    encoder?.close();
  });

  it('goes on after octets that are no Opus', async () => {
    const opus = await webCodecsOpus();
    if (opus === null) throw new Error('Chromium has Opus');
    const payloads: Uint8Array[] = [];
    const encoder = opus.createEncoder('', 20, (payload) => payloads.push(payload));
    for (let i = 0; i < 60; i += 1) {
      tone(encoder.input, i * 960);
      encoder.encode();
    }
    await until(() => payloads.length === 60);
    const decoder = opus.createDecoder();
    let heard: number[] = [];
    let seed = 1;
    for (let i = 0; i < 60; i += 1) {
      const noise = Uint8Array.from(
        { length: 1 + (i % 40) },
        () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 16,
      );
      decoder.decode(noise, () => undefined);
    }
    decoder.decode(new Uint8Array(0), () => heard.push(1e9));
    await new Promise((done) => setTimeout(done, 300));
    heard = [];
    for (const payload of payloads) {
      decoder.decode(payload, (pcm) => heard.push(...pcm));
      await new Promise((done) => setTimeout(done, 2));
    }
    await until(() => heard.length >= 48_000);
    expect(heard.length).to.be.greaterThan(47_000);
    expect(toneToRest(heard.slice(-24_000))).to.be.greaterThan(20);
    encoder.close();
    decoder.close();
  });
});
