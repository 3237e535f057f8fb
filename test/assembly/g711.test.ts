import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { findCodec } from '../../src/media/codec-registry.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors/g711';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const BLOCK = 960;

describe('g711 kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/g711.wasm')) await buildAssembly(undefined, ['g711']);
    module = await new WasmFromDisk().get('g711');
  });

  for (const [law, coded, decoded] of [
    ['Alaw', 'a', 'rea'],
    ['Ulaw', 'u', 'reu'],
  ] as const) {
    it(`codes all 65,536 inputs of the ITU sweep exactly: ${law}`, { skip }, () => {
      const source = words('sweep.src');
      const expected = words(`sweep-r.${coded}`);
      const back = words(`sweep-r.${decoded}`);
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', BLOCK);
      const octets = kernel.octets('octets', BLOCK);
      let wrong = 0;
      for (let i = 0; i < source.length; i += BLOCK) {
        const n = Math.min(BLOCK, source.length - i);
        pcm.set(source.subarray(i, i + n));
        kernel.function(`encode${law}`)(n);
        for (let k = 0; k < n; k += 1) if (octets[k] !== expected[i + k]) wrong += 1;
        kernel.function(`decode${law}`)(n);
        for (let k = 0; k < n; k += 1) if (pcm[k] !== back[i + k]) wrong += 1;
      }
      assert.equal(source.length, 65_536);
      assert.equal(wrong, 0);
    });
  }

  it('ignores lengths outside its buffers', () => {
    const kernel = new Kernel(module);
    for (const n of [-1, 0, 961, 2 ** 31 - 1, -(2 ** 31)]) {
      for (const name of ['encodeAlaw', 'decodeUlaw', 'received', 'conceal']) kernel.function(name)(n);
    }
  });

  it('conceals a lost frame of a tone by the tone', () => {
    const codec = findCodec('PCMU', 8000)?.instantiate(module);
    assert.ok(codec);
    const encoder = codec.createEncoder('');
    const decoder = codec.createDecoder('');
    const tone = (i: number): number => 8000 * Math.sin((2 * Math.PI * 200 * i) / 8000);
    let error = 0;
    let power = 0;
    let last = 0;
    let steps = 0;
    for (let frame = 0; frame < 40; frame += 1) {
      for (let k = 0; k < 80; k += 1) encoder.input[k] = tone(frame * 80 + k);
      const length = encoder.encode();
      const lost = frame === 30;
      decoder.input.set(encoder.output.subarray(0, length));
      const samples = lost ? decoder.conceal() : decoder.decode(length);
      assert.equal(samples, 80);
      for (let k = 0; k < 80; k += 1) {
        const value = decoder.output[k] ?? 0;
        if (frame >= 30) {
          error += (value - tone(frame * 80 + k)) ** 2;
          power += value ** 2;
        }
        if (Math.abs(value - last) > 1800) steps += 1;
        last = value;
      }
    }
    assert.equal(steps, 0, 'no clicks');
    assert.ok(10 * Math.log10(power / error) > 20, `${10 * Math.log10(power / error)} dB`);
  });

  it('decays to silence when nothing comes', () => {
    const codec = findCodec('PCMA', 8000)?.instantiate(module);
    assert.ok(codec);
    const decoder = codec.createDecoder('');
    for (let frame = 0; frame < 10; frame += 1) {
      for (let k = 0; k < 80; k += 1) decoder.input[k] = (frame * 80 + k * 37) & 0xff;
      decoder.decode(80);
    }
    for (let frame = 0; frame < 10; frame += 1) decoder.conceal();
    assert.ok(decoder.output.subarray(0, 80).every((v) => v === 0));
  });
});

function words(name: string): Int16Array {
  const bytes = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
