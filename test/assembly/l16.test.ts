import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { l16, L16_16000 } from '../../src/media/codecs/l16.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

describe('l16 kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/l16.wasm')) await buildAssembly(undefined, ['l16']);
    module = await new WasmFromDisk().get('l16');
  });

  it('writes network byte order and reads it back, every sample', () => {
    const codec = l16(L16_16000, module);
    const encoder = codec.createEncoder('');
    const decoder = codec.createDecoder('');
    for (let from = -32_768; from < 32_768; from += 160) {
      for (let k = 0; k < 160; k += 1) encoder.input[k] = Math.min(32_767, from + k);
      const octets = encoder.encode();
      assert.equal(octets, 320);
      const view = new DataView(encoder.output.buffer, encoder.output.byteOffset, octets);
      for (let k = 0; k < 160; k += 1) assert.equal(view.getInt16(2 * k), Math.min(32_767, from + k));
      decoder.input.set(encoder.output);
      assert.equal(decoder.decode(320), 160);
      assert.deepEqual(decoder.output.slice(0, 160), encoder.input.slice());
    }
  });

  it('leaves out half a sample at the end', () => {
    const decoder = l16(L16_16000, module).createDecoder('');
    decoder.input.set([0x01, 0x02, 0x03]);
    assert.equal(decoder.decode(3), 1);
    assert.equal(decoder.output[0], 0x0102);
  });
});
