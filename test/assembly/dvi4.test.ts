import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { dvi4, DVI4_16000, DVI4_8000 } from '../../src/media/codecs/dvi4.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const SAMPLES = 8000;
/** Rising, loud and soft by turns. */
const INPUT = Int16Array.from({ length: SAMPLES }, (_, i) =>
  Math.round((2000 + 9000 * Math.sin(i / 900) ** 2) * Math.sin(i * (0.05 + i / 40_000))),
);

describe('dvi4 kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/dvi4.wasm')) await buildAssembly(undefined, ['dvi4']);
    module = await new WasmFromDisk().get('dvi4');
  });

  /** Payloads of 20 ms. */
  function encodeAll(): Uint8Array[] {
    const encoder = dvi4(DVI4_8000, module).createEncoder('');
    return Array.from({ length: SAMPLES / 160 }, (_, f) => {
      encoder.input.set(INPUT.subarray(f * 160, f * 160 + 160));
      return encoder.output.slice(0, encoder.encode());
    });
  }

  it('lays a packet out as RFC 3551 §4.5.1 does', () => {
    const [first, second] = encodeAll();
    assert.ok(first && second);
    assert.equal(first.length, 84);
    // 0, 100, 200 from the least step, 7: code 0 (change 0), then 7 (7 + 3 + 1 + 0) with the next step 7.
    const encoder = dvi4(DVI4_8000, module).createEncoder('');
    encoder.input.fill(0);
    encoder.input[1] = 100;
    encoder.input[2] = 200;
    encoder.encode();
    assert.deepEqual([...encoder.output.slice(0, 6)], [0, 0, 0, 0, 0x07, 0x70 | (encoder.output[5] ?? 0) % 16]);
    assert.equal(second[3], 0, 'reserved');
  });

  it('makes each packet decodable by itself', () => {
    const payloads = encodeAll();
    const codec = dvi4(DVI4_8000, module);
    const inOrder = codec.createDecoder('');
    for (const payload of payloads) {
      inOrder.input.set(payload);
      assert.equal(inOrder.decode(84), 160);
      const alone = codec.createDecoder('');
      alone.input.set(payload);
      alone.decode(84);
      assert.deepEqual(alone.output.slice(0, 160), inOrder.output.slice(0, 160));
    }
  });

  it('takes packets of other lengths, and 16 kHz', () => {
    const decoder = dvi4(DVI4_16000, module).createDecoder('');
    decoder.input.fill(0);
    for (const [octets, samples] of [
      [164, 320],
      [84, 160],
      [5, 2],
      [4, 0],
      [964, 1920],
    ] as const) {
      assert.equal(decoder.decode(octets), samples);
    }
    decoder.input[2] = 89;
    assert.equal(decoder.decode(164), 320, 'an index beyond the table is concealed');
    assert.equal(decoder.decode(3), 320, 'so is half a header');
  });

  it('agrees with sox', { skip: sox() }, () => {
    const codes = Buffer.concat(encodeAll().map((payload) => payload.subarray(4)));
    const raw = ['-t', 'raw', '-r', '8000', '-e', 'signed', '-b', '16', '-c', '1', '-'];
    const theirs = execFileSync('sox', ['-r', '8000', '-c', '1', '-t', 'ima', '-', ...raw], { input: codes });
    const ratio = signalToNoise(words(theirs));
    assert.ok(ratio > 20, `sox decodes ours: ${ratio} dB`);

    const ours = execFileSync('sox', [...raw, '-t', 'ima', '-'], { input: new Uint8Array(INPUT.buffer) });
    const decoder = dvi4(DVI4_8000, module).createDecoder('');
    decoder.input.fill(0);
    // One long packet after another would need headers: the first 960 samples say enough.
    decoder.input.set(ours.subarray(0, 480), 4);
    assert.equal(decoder.decode(484), 960);
    const back = signalToNoise(decoder.output.slice(0, 960));
    assert.ok(back > 20, `we decode theirs: ${back} dB`);
  });
});

function signalToNoise(samples: Int16Array): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < samples.length; i += 1) {
    signal += (INPUT[i] ?? 0) ** 2;
    noise += ((samples[i] ?? 0) - (INPUT[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

function words(file: Buffer): Int16Array {
  return new Int16Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
}

function sox(): string | false {
  try {
    execFileSync('sox', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'skipped: no sox';
  }
}
