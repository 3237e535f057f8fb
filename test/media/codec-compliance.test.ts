import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import type { Codec, Decoder, Encoder } from '../../src/media/codec.js';
import { CODECS } from '../../src/media/codec-registry.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { SeededRandom } from '../platform/seeded-random.js';
import { toneToRest } from './two-phones.js';

/** What every codec of the registry does, whatever its law. */
for (const entry of CODECS) {
  const { description, wasm, fmtp } = entry;
  const { sampleRate, frameMs } = description;

  describe(`${description.name}/${description.clockRate} keeps the codec's contract`, () => {
    let codec: Codec;
    let encoder: Encoder;
    let decoder: Decoder;
    before(async () => {
      if (!existsSync(`build/wasm/${wasm}.wasm`)) await buildAssembly(undefined, [wasm]);
      codec = entry.instantiate(await new WasmFromDisk().get(wasm));
      encoder = codec.createEncoder(fmtp ?? '');
      decoder = codec.createDecoder(fmtp ?? '');
    });

    /** One frame of a tone, encoded. @returns its octets */
    function encodeTone(frame: number): Uint8Array {
      const n = encoder.frameSamples;
      for (let k = 0; k < n; k += 1) {
        encoder.input[k] = Math.round(8000 * Math.sin((2 * Math.PI * 440 * (frame * n + k)) / sampleRate));
      }
      const octets = encoder.encode();
      assert.ok(octets >= 0 && octets <= encoder.output.length);
      return encoder.output.slice(0, octets);
    }

    function decode(payload: Uint8Array): Int16Array {
      decoder.input.set(payload);
      const samples = decoder.decode(payload.length);
      assert.ok(Number.isInteger(samples) && samples >= 0 && samples <= decoder.output.length, `${samples} samples`);
      return decoder.output.subarray(0, samples);
    }

    it('has frames as long as it says', () => {
      assert.equal(encoder.frameSamples, (sampleRate * frameMs) / 1000);
      assert.equal(decoder.frameSamples, encoder.frameSamples);
      assert.equal(decode(encodeTone(0)).length, encoder.frameSamples);
    });

    it('gives a tone back at its level', () => {
      encoder.reset();
      decoder.reset();
      const heard: number[] = [];
      for (let frame = 0; frame < 2000 / frameMs; frame += 1) heard.push(...decode(encodeTone(frame)));
      const settled = heard.slice(-sampleRate);
      assert.ok(toneToRest(settled, 440, sampleRate) > 8, `${toneToRest(settled, 440, sampleRate)} dB`);
      const level = 20 * Math.log10(rms(settled) / (8000 / Math.SQRT2));
      assert.ok(Math.abs(level) < 2, `${level} dB`);
    });

    it('makes the same again after a reset', () => {
      const run = (): number[][] => {
        encoder.reset();
        decoder.reset();
        return Array.from({ length: 20 }, (_, frame) => {
          const payload = encodeTone(frame);
          return [...payload, ...decode(payload)];
        });
      };
      assert.deepEqual(run(), run());
    });

    it('goes on through one loss, and decays to silence when nothing comes', () => {
      encoder.reset();
      decoder.reset();
      for (let frame = 0; frame < 50; frame += 1) decode(encodeTone(frame));
      assert.equal(decoder.conceal(), decoder.frameSamples);
      const first = rms(decoder.output.subarray(0, decoder.frameSamples));
      assert.ok(first > 2000, `level ${first} in the first frame`);
      for (let t = frameMs; t < 1000; t += frameMs) decoder.conceal();
      const last = rms(decoder.output.subarray(0, decoder.frameSamples));
      assert.ok(last < 200, `level ${last} after a second`);
      for (let frame = 50; frame < 100; frame += 1) decode(encodeTone(frame));
      const back = rms(decode(encodeTone(100)));
      assert.ok(Math.abs(20 * Math.log10(back / (8000 / Math.SQRT2))) < 3, `level ${back} afterwards`);
    });

    it('survives any octets, and allocates nothing', () => {
      const random = new SeededRandom(11);
      const memories = [encoder.input.buffer, decoder.output.buffer].map((b) => b.byteLength);
      const noise = new Uint8Array(decoder.input.length);
      for (let frame = 0; frame < 5000; frame += 1) {
        noise.set(random.bytes(noise.length));
        // Mostly whole frames, so that the decoder is reached; sometimes any length.
        const usual = encodeTone(frame).length;
        const length = frame % 3 === 0 ? ((noise[0] ?? 0) * 257 + (noise[1] ?? 0)) % (noise.length + 1) : usual;
        const payload =
          frame % 5 === 1 ? encodeTone(frame).map((v, i) => v ^ (i % 7 === 0 ? (noise[i] ?? 0) : 0)) : noise;
        decode(payload.subarray(0, length));
        if (frame % 11 === 0) decoder.conceal();
        encoder.input.set(new Int16Array(noise.buffer, 0, Math.min(encoder.frameSamples, noise.length >> 1)));
        encoder.encode();
      }
      for (const length of [-1, 2 ** 31, -(2 ** 31), NaN]) decoder.decode(length);
      assert.deepEqual(
        [encoder.input.buffer, decoder.output.buffer].map((b) => b.byteLength),
        memories,
      );
      encoder.reset();
      decoder.reset();
      const fresh = [codec.createEncoder(fmtp ?? ''), codec.createDecoder(fmtp ?? '')] as const;
      for (let frame = 0; frame < 20; frame += 1) {
        const payload = encodeTone(frame);
        fresh[0].input.set(encoder.input);
        const octets = fresh[0].encode();
        assert.deepEqual(fresh[0].output.slice(0, octets), payload, 'the encoder has forgotten');
        fresh[1].input.set(payload);
        const samples = fresh[1].decode(payload.length);
        assert.deepEqual(fresh[1].output.slice(0, samples), decode(payload).slice(), 'the decoder has forgotten');
      }
    });
  });
}

function rms(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] ?? 0) ** 2;
  return Math.sqrt(sum / samples.length);
}
