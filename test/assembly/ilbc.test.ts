import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { findCodec } from '../../src/media/codec-registry.js';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { SeededRandom } from '../platform/seeded-random.js';

const VECTORS = '../shared/vectors/ilbc';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const MODES = [
  { mode: 20, samples: 160, octets: 38 },
  { mode: 30, samples: 240, octets: 50 },
] as const;

describe('ilbc kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/ilbc.wasm')) await buildAssembly(undefined, ['ilbc']);
    module = await new WasmFromDisk().get('ilbc');
  });

  const open = (mode: number): { kernel: Kernel; pcm: Int16Array; octets: Uint8Array } => {
    const kernel = new Kernel(module);
    kernel.function('setMode')(mode);
    return { kernel, pcm: kernel.samples('pcm', 960), octets: kernel.octets('octets', 228) };
  };

  function decode(mode: number, size: number, samples: number, lost: string): Int16Array {
    const { kernel, pcm, octets } = open(mode);
    const bits = readFileSync(`${VECTORS}/ref_${mode}.bit`);
    const heard = new Int16Array((bits.length / size) * samples);
    for (let frame = 0; frame * size < bits.length; frame += 1) {
      octets.set(bits.subarray(frame * size, frame * size + size));
      const made = lost[frame] === '1' ? kernel.function('conceal')() : kernel.function('decode')(size);
      assert.equal(made, samples);
      heard.set(pcm.subarray(0, samples), frame * samples);
    }
    return heard;
  }

  for (const { mode, samples, octets: size } of MODES) {
    it(`decodes as the reference of RFC 3951 does: ${mode} ms`, { skip }, () => {
      const ratio = signalToNoise(words(`ref_${mode}.pcm`), decode(mode, size, samples, ''));
      assert.ok(ratio > 100, `${ratio} dB`);
    });

    it(`encodes to the bits of the reference: ${mode} ms`, { skip }, () => {
      const { kernel, pcm, octets } = open(mode);
      const input = words('input_8k.pcm');
      const expected = readFileSync(`${VECTORS}/ref_${mode}.bit`);
      let wrong = 0;
      for (let frame = 0; frame * size < expected.length; frame += 1) {
        pcm.set(input.subarray(frame * samples, (frame + 1) * samples));
        assert.equal(kernel.function('encode')(), size);
        for (let i = 0; i < size; i += 1) if (octets[i] !== expected[frame * size + i]) wrong += 1;
      }
      // Another libm may round a cosine otherwise.
      assert.ok(wrong < 24, `${wrong} octets of ${expected.length}`);
    });
  }

  it('conceals losses as the reference does', { skip }, () => {
    const pattern = readFileSync(`${VECTORS}/plc_pattern.txt`, 'latin1');
    const ratio = signalToNoise(words('ref_30_plc.pcm'), decode(30, 50, 240, pattern));
    assert.ok(ratio > 100, `${ratio} dB`);
  });

  it('fades to silence in a long loss', { skip }, () => {
    const { kernel, pcm, octets } = open(20);
    const bits = readFileSync(`${VECTORS}/ref_20.bit`);
    for (let frame = 0; frame < 60; frame += 1) {
      octets.set(bits.subarray(frame * 38, frame * 38 + 38));
      kernel.function('decode')(38);
    }
    for (let frame = 0; frame < 40; frame += 1) kernel.function('conceal')();
    assert.ok(pcm.subarray(0, 160).every((v) => Math.abs(v) <= 1));
  });

  it('takes a frame that says it is empty for a lost one (RFC 3951 §3.8)', { skip }, () => {
    const bits = readFileSync(`${VECTORS}/ref_20.bit`);
    const runs = [true, false].map((empty) => {
      const { kernel, pcm, octets } = open(20);
      for (let frame = 0; frame < 100; frame += 1) {
        octets.set(bits.subarray(frame * 38, frame * 38 + 38));
        kernel.function('decode')(38);
      }
      octets.set(bits.subarray(3800, 3838));
      octets[37] = (octets[37] ?? 0) | 1;
      if (empty) kernel.function('decode')(38);
      else kernel.function('conceal')();
      return pcm.slice(0, 160);
    });
    assert.deepEqual(runs[0], runs[1]);
  });

  it('knows the mode from the payload, and several frames of a packet', () => {
    const codec = findCodec('ilbc', 8000)?.instantiate(module);
    assert.ok(codec);
    const decoder = codec.createDecoder('mode=20');
    assert.equal(decoder.decode(76), 320);
    assert.equal(decoder.decode(50), 240);
    assert.equal(decoder.frameSamples, 240);
    assert.equal(decoder.conceal(), 240);
    assert.equal(decoder.decode(51), 240, 'no whole frames: concealed');
    assert.equal(decoder.decode(228), 960);
    assert.equal(codec.createEncoder('').frameSamples, 240);
    assert.equal(codec.createEncoder('mode=20').frameSamples, 160);
  });

  it('stays sane on random frames', () => {
    const random = new SeededRandom(5);
    for (const { mode, samples, octets: size } of MODES) {
      const { kernel, pcm, octets } = open(mode);
      for (let frame = 0; frame < 20_000; frame += 1) {
        octets.set(random.bytes(size));
        if (frame % 50 !== 0) octets[size - 1] = (octets[size - 1] ?? 0) & 0xfe;
        assert.equal(kernel.function('decode')(size), samples);
      }
      octets.fill(0);
      for (let frame = 0; frame < 100; frame += 1) kernel.function('conceal')();
      assert.ok(pcm.subarray(0, samples).every((v) => Math.abs(v) < 100));
    }
  });
});

function words(name: string): Int16Array {
  const bytes = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function signalToNoise(expected: Int16Array, actual: Int16Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < expected.length; i += 1) {
    signal += (expected[i] ?? 0) ** 2;
    noise += ((expected[i] ?? 0) - (actual[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}
