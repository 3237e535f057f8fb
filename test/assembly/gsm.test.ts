import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import type { Codec } from '../../src/media/codec.js';
import { gsm } from '../../src/media/codecs/gsm.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';

const VECTORS = '../shared/vectors/gsm0610';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const SUBFRAME = [7, 2, 2, 6, ...new Array<number>(13).fill(3)];
/** Bits of the 76 parameters of a frame. */
const WIDTHS = [6, 6, 5, 5, 4, 4, 3, 3, ...SUBFRAME, ...SUBFRAME, ...SUBFRAME, ...SUBFRAME];

describe('gsm kernel', () => {
  let codec: Codec;
  before(async () => {
    if (!existsSync('build/wasm/gsm.wasm')) await buildAssembly(undefined, ['gsm']);
    codec = gsm(await new WasmFromDisk().get('gsm'));
  });

  for (const [name, frames] of [
    ['Seq01', 584],
    ['Seq02', 947],
    ['Seq01h', 586],
  ] as const) {
    it(`codes the ETSI sequence ${name} exactly, both ways`, { skip }, () => {
      const coded = words(`etsi/${name}.cod`);
      const payloads = Array.from({ length: coded.length / 76 }, (_, f) => pack(coded.subarray(f * 76, f * 76 + 76)));
      assert.equal(payloads.length, frames);
      assert.deepEqual(wrongFrames(codec, words(`etsi/${name}.inp`), payloads, words(`etsi/${name}.out`)), [[], []]);
    });
  }

  it('codes packed frames of speech exactly, both ways', { skip }, () => {
    const file = readFileSync(`${VECTORS}/mix.gsm`);
    const payloads = Array.from({ length: file.length / 33 }, (_, f) => file.subarray(f * 33, f * 33 + 33));
    assert.equal(payloads.length, 522);
    assert.deepEqual(wrongFrames(codec, words('mix_input.pcm'), payloads, words('mix_decoded.pcm')), [[], []]);
  });

  it('homes: the homing frame resets both ends, and stays itself in a tandem', () => {
    const encoder = codec.createEncoder('');
    const decoder = codec.createDecoder('');
    const encode = (sample: (i: number) => number): Uint8Array => {
      for (let i = 0; i < 160; i += 1) encoder.input[i] = sample(i);
      return encoder.output.slice(0, encoder.encode());
    };
    const decode = (payload: Uint8Array): Int16Array => {
      decoder.input.set(payload);
      return decoder.output.slice(0, decoder.decode(payload.length));
    };
    const noise = (i: number): number => ((i * 7919) % 4001) - 2000;
    const fresh = encode(noise);
    encode(() => 8);
    assert.deepEqual(encode(noise), fresh, 'the encoder is at home again');
    encode(() => 8);
    const homing = encode(() => 8);
    const first = decode(fresh);
    decode(homing);
    assert.ok(decode(homing).every((v) => v === 8), 'at home it answers with the encoder homing frame');
    assert.deepEqual(decode(fresh), first, 'the decoder is at home again');
  });

  it('conceals a frame without signature like a lost one, the others of the packet not', () => {
    const encoder = codec.createEncoder('');
    const [broken, lossy] = [codec.createDecoder(''), codec.createDecoder('')];
    for (let f = 0; f < 10; f += 1) {
      for (let i = 0; i < 160; i += 1) encoder.input[i] = 6000 * Math.sin((f * 160 + i) / 6);
      const payload = encoder.output.slice(0, encoder.encode());
      for (const decoder of [broken, lossy]) {
        decoder.input.set(payload);
        decoder.decode(33);
      }
    }
    const payload = new Uint8Array(66);
    payload.set(encoder.output.subarray(0, 33));
    payload.set(encoder.output.subarray(0, 33), 33);
    payload[33] = 0x10;
    broken.input.set(payload);
    assert.equal(broken.decode(66), 320);
    lossy.input.set(payload);
    lossy.decode(33);
    lossy.conceal();
    assert.deepEqual(broken.output.slice(160, 320), lossy.output.slice(0, 160));
  });

  it('fades while nothing comes: GSM 06.11 lowers the block maximum by 4 a frame', () => {
    const encoder = codec.createEncoder('');
    const decoder = codec.createDecoder('');
    for (let f = 0; f < 20; f += 1) {
      for (let i = 0; i < 160; i += 1) encoder.input[i] = 8000 * Math.sin((f * 160 + i) / 6);
      encoder.encode();
      decoder.input.set(encoder.output);
      decoder.decode(33);
    }
    const levels = Array.from({ length: 18 }, () => {
      decoder.conceal();
      return Math.hypot(...decoder.output.subarray(0, 160));
    });
    assert.ok((levels[5] ?? NaN) < (levels[0] ?? NaN) / 3, levels.join(' '));
    assert.equal(levels[17], 0);
  });

  it('decodes what ffmpeg encodes as ffmpeg does, loud noise included', { skip: peer('ffmpeg') }, () => {
    const input = Int16Array.from({ length: 160 * 400 }, (_, i) => {
      const noise = ((Math.imul(i, 2654435761) >>> 16) & 0xffff) - 32768;
      return i % 4800 < 1600 ? noise : noise >> (1 + (i % 13));
    });
    const coded = ffmpeg(['-f', 's16le', '-ar', '8000', '-ac', '1', '-i', '-', '-c:a', 'libgsm', '-f', 'gsm', '-'], bytes(input));
    const decoded = ffmpeg(['-f', 'gsm', '-c:a', 'libgsm', '-i', '-', '-f', 's16le', '-'], coded);
    const payloads = Array.from({ length: 400 }, (_, f) => coded.subarray(f * 33, f * 33 + 33));
    const expected = new Int16Array(decoded.buffer.slice(decoded.byteOffset, decoded.byteOffset + decoded.length));
    assert.deepEqual(wrongFrames(codec, input, payloads, expected), [[], []]);
  });
});

/** Numbers of the frames that our encoder and our decoder make otherwise. */
function wrongFrames(
  codec: Codec,
  input: Int16Array,
  payloads: readonly Uint8Array[],
  output: Int16Array,
): [number[], number[]] {
  const encoder = codec.createEncoder('');
  const decoder = codec.createDecoder('');
  const wrong: [number[], number[]] = [[], []];
  payloads.forEach((payload, f) => {
    encoder.input.set(input.subarray(f * 160, f * 160 + 160));
    if (encoder.encode() !== 33 || payload.some((v, i) => v !== encoder.output[i])) wrong[0].push(f);
    decoder.input.set(payload);
    const samples = decoder.decode(33);
    const expected = output.subarray(f * 160, f * 160 + 160);
    if (samples !== 160 || expected.some((v, i) => v !== decoder.output[i])) wrong[1].push(f);
  });
  return wrong;
}

/** RFC 3551 §4.5.8.1, bit by bit. */
function pack(parameters: Int16Array): Uint8Array {
  const bits = `1101${WIDTHS.map((width, i) => (parameters[i] ?? 0).toString(2).padStart(width, '0')).join('')}`;
  return Uint8Array.from({ length: 33 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2));
}

function words(name: string): Int16Array {
  const file = readFileSync(`${VECTORS}/${name}`);
  return new Int16Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
}

function bytes(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer);
}

function ffmpeg(args: readonly string[], input: Uint8Array): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', ...args], { input, maxBuffer: 1 << 26 });
}

function peer(name: string): string | false {
  try {
    execFileSync(name, ['-version'], { stdio: 'ignore' });
    return false;
  } catch {
    return `skipped: no ${name}`;
  }
}
