import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { amr, AMR, AmrEncoder } from '../../src/media/codecs/amr.js';
import { AMR_NB } from '../../src/media/payload/amr-band.js';
import { type AmrFrame, parseAmrFile } from '../../src/media/payload/amr-storage.js';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors/amr-nb';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const FRAME = 160;

function samples(name: string): Int16Array {
  const bytes = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function frames(name: string): readonly AmrFrame[] {
  const file = parseAmrFile(readFileSync(`${VECTORS}/${name}`), AMR_NB);
  assert.ok(file.ok);
  return file.frames;
}

describe('amr-nb kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/amr-nb.wasm')) await buildAssembly(undefined, ['amr-nb']);
    module = await new WasmFromDisk().get('amr-nb');
  });

  function decode(name: string, bad = ''): Int16Array {
    const kernel = new Kernel(module);
    const pcm = kernel.samples('pcm', FRAME);
    const octets = kernel.octets('octets', 64);
    kernel.function('reset')();
    const input = frames(name);
    const out = new Int16Array(input.length * FRAME);
    input.forEach((frame, i) => {
      octets.set(frame.data);
      if (bad[i] === '1') kernel.function('conceal')();
      else kernel.function('decode')(frame.type, frame.data.length, frame.quality ? 1 : 0);
      out.set(pcm, i * FRAME);
    });
    return out;
  }

  for (const name of ['12.2', '4.75', '5.15', '6.7', '7.95', '12.2_dtx']) {
    it(`decodes the vector exactly: ${name}`, { skip }, () => {
      assert.deepEqual(decode(`amrnb_${name}.amr`), samples(`amrnb_${name}.pcm`));
    });
  }

  it('conceals bad frames exactly', { skip }, () => {
    assert.deepEqual(decode('amrnb_12.2.amr', readFileSync(`${VECTORS}/bfi_pattern.txt`, 'latin1')), samples('amrnb_12.2_bfi.pcm'));
  });

  for (const [mode, name, dtx] of [[7, '12.2', 0], [0, '4.75', 0], [1, '5.15', 0], [3, '6.7', 0], [5, '7.95', 0], [7, '12.2_dtx', 1]] as const) {
    it(`encodes the vector exactly: ${name}`, { skip }, () => {
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', FRAME);
      const octets = kernel.octets('octets', 64);
      const source = samples('input_8k.pcm');
      kernel.function('resetEncoder')();
      frames(`amrnb_${name}.amr`).forEach((expected, i) => {
        pcm.set(source.subarray(i * FRAME, (i + 1) * FRAME));
        const length = kernel.function('encode')(mode, dtx);
        assert.equal(kernel.function('lastFrameType')(), expected.type, `frame ${i}`);
        assert.deepEqual(Buffer.from(octets.subarray(0, length)), Buffer.from(expected.data), `frame ${i}`);
      });
    });
  }

  it('starts again after a reset', { skip }, () => {
    const codec = amr(AMR, module);
    const encoder = codec.createEncoder('');
    const source = samples('input_8k.pcm');
    const run = (): string => {
      let text = '';
      for (let i = 40; i < 60; i += 1) {
        encoder.input.set(source.subarray(i * FRAME, (i + 1) * FRAME));
        text += Buffer.from(encoder.output.subarray(0, encoder.encode())).toString('hex');
      }
      return text;
    };
    const first = run();
    encoder.reset();
    assert.equal(run(), first);
  });

  it('honours codec mode requests, and says nothing in silence', () => {
    const encoder = amr(AMR, module).createEncoder('octet-align=1; mode-set=0,4');
    assert.ok(encoder instanceof AmrEncoder);
    assert.equal(encoder.encode(), 2 + 19);
    encoder.receive(Uint8Array.of(0x00, 0x7c));
    assert.equal(encoder.encode(), 2 + 12);
    encoder.dtx = true;
    const lengths = Array.from({ length: 60 }, () => encoder.encode());
    assert.ok(lengths.filter((length) => length === 0).length > 40);
    assert.ok(lengths.filter((length) => length === 2 + 5).length >= 4);
  });

  it('puts as many frames as the other side likes into a payload, and requests of broken ones aside', () => {
    const encoder = amr(AMR, module).createEncoder('octet-align=1', 60);
    assert.equal(encoder.frameSamples, 3 * FRAME);
    assert.equal(encoder.encode(), 1 + 3 + 3 * 31);
    encoder.receive?.(Uint8Array.of(0x00, 0xff, 0xff));
    assert.equal(encoder.encode(), 1 + 3 + 3 * 31);
    const decoder = amr(AMR, module).createDecoder('octet-align=1');
    decoder.input.set(encoder.output.subarray(0, 97));
    assert.equal(decoder.decode(97), 3 * FRAME);
  });

  it('leaves frames without data out at the end of a payload (RFC 4867 §4.3.2)', () => {
    const encoder = amr(AMR, module).createEncoder('octet-align=1', 60);
    assert.ok(encoder instanceof AmrEncoder);
    encoder.dtx = true;
    const shapes = new Set<number>();
    for (let i = 0; i < 60; i += 1) shapes.add(encoder.encode());
    // Nothing; a silence description first, second, third.
    assert.ok([0, 1 + 1 + 5, 1 + 2 + 5, 1 + 3 + 5].every((size) => shapes.has(size)), [...shapes].join(' '));
  });

  it('survives any payload, and its memory does not grow', () => {
    const codec = amr(AMR, module);
    const decoder = codec.createDecoder('');
    let seed = 1;
    for (let i = 0; i < 4000; i += 1) {
      for (let k = 0; k < 64; k += 1) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
        decoder.input[k] = seed >> 16;
      }
      const samples = i % 7 === 0 ? decoder.conceal() : decoder.decode((seed >>> 8) % 65);
      assert.equal(samples % FRAME, 0);
    }
    const kernel = new Kernel(module);
    const octets = kernel.octets('octets', 64);
    const size = kernel.memory.length;
    for (let i = 0; i < 20_000; i += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
      for (let k = 0; k < 31; k += 1) octets[k] = Math.imul(seed, k + 77) >> 13;
      kernel.function('decode')((seed >>> 9) % 18 - 1, 31, seed >>> 31);
    }
    assert.equal(kernel.memory.length, size);
  });
});
