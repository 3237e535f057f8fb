import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { g722 } from '../../src/media/codecs/g722.js';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors/g722';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
/** Octets at once; the file ends with an odd rest. */
const BLOCK = 300;

describe('g722 kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/g722.wasm')) await buildAssembly(undefined, ['g722']);
    module = await new WasmFromDisk().get('g722');
  });

  it('encodes the speech of the STL exactly', { skip }, () => {
    const input = words('inpsp.pcm');
    const expected = readFileSync(`${VECTORS}/codsp.g722`);
    const kernel = new Kernel(module);
    const pcm = kernel.samples('pcm', 2 * BLOCK);
    const octets = kernel.octets('octets', BLOCK);
    kernel.function('reset')();
    let wrong = 0;
    for (let i = 0; i < expected.length; i += BLOCK) {
      const part = expected.subarray(i, i + BLOCK);
      pcm.set(input.subarray(2 * i, 2 * i + 2 * part.length));
      assert.equal(kernel.function('encode')(2 * part.length), part.length);
      wrong += part.filter((v, k) => v !== octets[k]).length;
    }
    assert.equal(expected.length, 48_768);
    assert.equal(wrong, 0);
  });

  for (const mode of [1, 2, 3]) {
    it(`decodes it exactly in mode ${mode}`, { skip }, () => {
      const coded = readFileSync(`${VECTORS}/codsp.g722`);
      const expected = words(`outsp_mode${mode}.pcm`);
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', 2 * BLOCK);
      const octets = kernel.octets('octets', BLOCK);
      kernel.function('reset')();
      let wrong = 0;
      for (let i = 0; i < coded.length; i += BLOCK) {
        const part = coded.subarray(i, i + BLOCK);
        octets.set(part);
        assert.equal(kernel.function('decodeMode')(part.length, mode), 2 * part.length);
        wrong += expected.subarray(2 * i, 2 * i + 2 * part.length).filter((v, k) => v !== pcm[k]).length;
      }
      assert.equal(wrong, 0);
    });
  }

  it('conceals a lost frame of a tone by the tone, without clicks', () => {
    const codec = g722(module);
    const encoder = codec.createEncoder('');
    const decoder = codec.createDecoder('');
    const tone = (i: number): number => 8000 * Math.sin((2 * Math.PI * 400 * i) / 16_000);
    let [last, clicks, lost] = [0, 0, 0];
    for (let frame = 0; frame < 100; frame += 1) {
      for (let k = 0; k < 160; k += 1) encoder.input[k] = tone(frame * 160 + k);
      const length = encoder.encode();
      decoder.input.set(encoder.output.subarray(0, length));
      const samples = frame % 20 === 19 ? decoder.conceal() : decoder.decode(length);
      assert.equal(samples, 160);
      for (let k = 0; k < 160; k += 1) {
        const value = decoder.output[k] ?? 0;
        if (frame > 2 && Math.abs(value - last) > 2200) clicks += 1;
        if (frame % 20 === 19) lost += value ** 2;
        last = value;
      }
    }
    assert.equal(clicks, 0);
    assert.ok(Math.sqrt(lost / (5 * 160)) > 4500, 'the tone goes on');
  });

  it('ignores lengths outside its buffers', () => {
    const kernel = new Kernel(module);
    kernel.function('reset')();
    for (const n of [-1, 0, 1921, 2 ** 31 - 1, -(2 ** 31)]) {
      for (const name of ['encode', 'decode', 'conceal']) kernel.function(name)(n);
    }
  });
});

function words(name: string): Int16Array {
  const file = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
}
