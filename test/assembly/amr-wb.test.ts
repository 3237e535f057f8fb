import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { amr, AMR_WIDE, AmrEncoder } from '../../src/media/codecs/amr.js';
import { AMR_WB } from '../../src/media/payload/amr-band.js';
import { type AmrFrame, parseAmrFile } from '../../src/media/payload/amr-storage.js';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors/amr-wb';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const FRAME = 320;

function samples(name: string): Int16Array {
  const bytes = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function frames(name: string): readonly AmrFrame[] {
  const file = parseAmrFile(readFileSync(`${VECTORS}/${name}`), AMR_WB);
  assert.ok(file.ok);
  return file.frames;
}

describe('amr-wb kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/amr-wb.wasm')) await buildAssembly(undefined, ['amr-wb']);
    module = await new WasmFromDisk().get('amr-wb');
  });

  function decode(name: string): Int16Array {
    const kernel = new Kernel(module);
    const pcm = kernel.samples('pcm', FRAME);
    const octets = kernel.octets('octets', 64);
    kernel.function('reset')();
    const input = frames(name);
    const out = new Int16Array(input.length * FRAME);
    input.forEach((frame, i) => {
      octets.set(frame.data);
      kernel.function('decode')(frame.type, frame.data.length, frame.quality ? 1 : 0);
      out.set(pcm, i * FRAME);
    });
    return out;
  }

  for (const name of ['6.60', '12.65', '15.85', '19.85', '23.85', '12.65_dtx']) {
    it(`decodes the vector exactly: ${name}`, { skip }, () => {
      assert.deepEqual(decode(`amrwb_${name}.awb`), samples(`amrwb_${name}.pcm`));
    });
  }

  for (const [mode, name, dtx] of [[0, '6.60', 0], [2, '12.65', 0], [4, '15.85', 0], [6, '19.85', 0], [8, '23.85', 0], [2, '12.65_dtx', 1]] as const) {
    it(`encodes the vector exactly: ${name}`, { skip }, () => {
      const kernel = new Kernel(module);
      const pcm = kernel.samples('pcm', FRAME);
      const octets = kernel.octets('octets', 64);
      const source = samples('input_16k.pcm');
      kernel.function('resetEncoder')();
      frames(`amrwb_${name}.awb`).forEach((expected, i) => {
        pcm.set(source.subarray(i * FRAME, (i + 1) * FRAME));
        const length = kernel.function('encode')(mode, dtx);
        assert.equal(kernel.function('lastFrameType')(), expected.type, `frame ${i}`);
        assert.deepEqual(Buffer.from(octets.subarray(0, length)), Buffer.from(expected.data), `frame ${i}`);
      });
    });
  }

  it('starts again after a reset', { skip }, () => {
    const codec = amr(AMR_WIDE, module);
    const encoder = codec.createEncoder('');
    const source = samples('input_16k.pcm');
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
    const encoder = amr(AMR_WIDE, module).createEncoder('octet-align=1; mode-set=0,4');
    assert.ok(encoder instanceof AmrEncoder);
    assert.equal(encoder.encode(), 2 + 17);
    encoder.receive(Uint8Array.of(0x40, 0x7c));
    assert.equal(encoder.encode(), 2 + 40);
    encoder.dtx = true;
    const lengths = Array.from({ length: 60 }, () => encoder.encode());
    assert.ok(lengths.filter((length) => length === 0).length > 40);
    assert.ok(lengths.filter((length) => length === 2 + 5).length >= 4);
  });

  it('survives any payload, and its memory does not grow', () => {
    const codec = amr(AMR_WIDE, module);
    const decoder = codec.createDecoder('');
    let seed = 1;
    for (let i = 0; i < 1500; i += 1) {
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
    for (let i = 0; i < 5_000; i += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
      for (let k = 0; k < 60; k += 1) octets[k] = Math.imul(seed, k + 77) >> 13;
      kernel.function('decode')((seed >>> 9) % 18 - 1, 60, seed >>> 31);
    }
    assert.equal(kernel.memory.length, size);
  });
});
