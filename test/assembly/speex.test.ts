import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { SeededRandom } from '../platform/seeded-random.js';

const VECTORS = '../shared/vectors/speex';
const skip = existsSync(VECTORS) ? false : 'skipped: no vectors';
const BANDS = [
  { name: 'narrow', band: 0, samples: 160 },
  { name: 'wide', band: 1, samples: 320 },
  { name: 'ultra-wide', band: 2, samples: 640 },
] as const;

describe('speex kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/speex.wasm')) await buildAssembly(undefined, ['speex']);
    module = await new WasmFromDisk().get('speex');
  });

  const open = (band: number): { kernel: Kernel; pcm: Int16Array; octets: Uint8Array } => {
    const kernel = new Kernel(module);
    kernel.function('setBand')(band);
    return { kernel, pcm: kernel.samples('pcm', 3840), octets: kernel.octets('octets', 1500) };
  };

  function decode(band: number, frames: readonly Uint8Array[], enhancement: boolean): Int16Array {
    const { kernel, pcm, octets } = open(band);
    const samples = 160 << band;
    kernel.function('setEnhancement')(enhancement ? 1 : 0);
    const heard = new Int16Array(frames.length * samples);
    frames.forEach((frame, i) => {
      octets.set(frame);
      assert.equal(kernel.function('decode')(frame.length), samples);
      heard.set(pcm.subarray(0, samples), i * samples);
    });
    return heard;
  }

  for (const name of ['nb_q0', 'nb_q1', 'nb_q6', 'nb_q8', 'nb_q10', 'nb_vbr6_dtx', 'wb_q0', 'wb_q2', 'wb_q6', 'wb_q8']) {
    it(`decodes as libspeex does: ${name}`, { skip }, () => {
      const heard = decode(name.startsWith('wb') ? 1 : 0, readFrames(`speex_${name}.spxf`), false);
      const ratio = signalToNoise(words(`speex_${name}.pcm`), heard);
      assert.ok(ratio > 60, `${ratio} dB`);
    });
  }

  it('enhances as libspeex does', { skip }, () => {
    const ratio = signalToNoise(words('speex_nb_q8_enh.pcm'), decode(0, readFrames('speex_nb_q8.spxf'), true));
    assert.ok(ratio > 60, `${ratio} dB`);
  });

  for (const [band, file] of [
    [0, 'input_8k.pcm'],
    [1, 'input_16k.pcm'],
  ] as const) {
    it(`codes better at every higher quality: band ${band}`, { skip }, () => {
      const input = words(file);
      const samples = 160 << band;
      let last = -Infinity;
      for (const quality of [1, 2, 4, 6, 8, 10]) {
        const { kernel, pcm, octets } = open(band);
        kernel.function('setQuality')(quality);
        const frames: Uint8Array[] = [];
        for (let i = 0; i + samples <= input.length; i += samples) {
          pcm.set(input.subarray(i, i + samples));
          frames.push(octets.slice(0, kernel.function('encode')()));
        }
        const ratio = segmental(input, decode(band, frames, false), band === 0 ? 80 : 223, samples);
        assert.ok(ratio > last - 0.05, `${ratio} dB after ${last} dB at quality ${quality}`);
        last = ratio;
      }
      assert.ok(last > 4, `${last} dB`);
    });
  }

  /** Frames of a recording. */
  function encode(band: number, input: Int16Array, settings: Readonly<Record<string, number>>): Uint8Array[] {
    const { kernel, pcm, octets } = open(band);
    for (const [name, value] of Object.entries(settings)) kernel.function(name)(value);
    const samples = 160 << band;
    return Array.from({ length: Math.floor(input.length / samples) }, (_, i) => {
      pcm.set(input.subarray(i * samples, (i + 1) * samples));
      return octets.slice(0, kernel.function('encode')());
    });
  }

  for (const [name, band, quality, least] of [
    ['nb_q0', 0, 0, 0.98],
    ['nb_q1', 0, 1, 0.85],
    ['wb_q0', 1, 0, 0.98],
  ] as const) {
    it(`makes the octets of libspeex but for rounding: ${name}`, { skip }, () => {
      const expected = readFrames(`speex_${name}.spxf`);
      const made = encode(band, words(band === 0 ? 'input_8k.pcm' : 'input_16k.pcm'), { setQuality: quality });
      const same = made.filter((frame, i) => Buffer.from(frame).equals(expected[i] ?? Buffer.alloc(0)));
      assert.ok(same.length >= least * made.length, `${same.length} of ${made.length}`);
    });
  }

  it('varies the rate, and falls silent, where libspeex does', { skip }, () => {
    const expected = readFrames('speex_nb_vbr6_dtx.spxf').map(({ length }) => length);
    const made = encode(0, words('input_8k.pcm'), { setQuality: 6, setVbr: 1, setDtx: 1 }).map(({ length }) => length);
    const same = made.filter((length, i) => length === expected[i]).length;
    assert.ok(same > 0.95 * made.length, `${same} of ${made.length}`);
    assert.ok(made.filter((length) => length === 1).length > 10);
  });

  for (const { name, band, samples } of BANDS) {
    it(`sends short frames in silence, and none where it may: ${name} band`, () => {
      const random = new SeededRandom(5);
      const noise = Int16Array.from({ length: 100 * samples }, () => random.bytes(1)[0]! / 16);
      const voice = Int16Array.from(
        { length: 50 * samples },
        (_, i) => 6000 * Math.sin((i * 2 * Math.PI * 200) / (50 * samples)) * (1 + (i % 97) / 97),
      );
      const input = new Int16Array(150 * samples);
      input.set(noise);
      input.set(voice, noise.length);
      const full = encode(band, input, { setQuality: 8 })[110]!.length;
      const detected = encode(band, input, { setQuality: 8, setVad: 1 }).map(({ length }) => length);
      assert.ok(detected.slice(40, 100).every((length) => length < full / 2 && length > 1), detected.join());
      assert.ok(detected.slice(102, 115).every((length) => length === full), detected.join());
      const sent = encode(band, input, { setQuality: 8, setVad: 1, setDtx: 1 }).map(({ length }) => length);
      // At least once in 22 frames the noise is described anew.
      assert.ok(sent.slice(40, 100).filter((length) => length > 2).length <= 4, sent.join());
      assert.ok(sent.slice(40, 100).some((length) => length > 2), sent.join());
    });
  }

  it('settles at the rate that is wanted', { skip }, () => {
    const speech = words('input_8k.pcm');
    const twice = new Int16Array(2 * speech.length);
    twice.set(speech);
    twice.set(speech, speech.length);
    for (const rate of [6000, 11_000, 18_000]) {
      const octets = encode(0, twice, { setAbr: rate }).reduce((sum, f) => sum + f.length, 0);
      const made = (octets * 8 * 50) / (2 * Math.floor(speech.length / 160));
      assert.ok(Math.abs(made / rate - 1) < 0.1, `${made} bit/s for ${rate}`);
    }
  });

  it('codes better when it searches harder', { skip }, () => {
    const input = words('input_8k.pcm');
    const ratio = (complexity: number): number => {
      const frames = encode(0, input, { setQuality: 8, setComplexity: complexity });
      return segmental(input, decode(0, frames, false), 80, 160);
    };
    assert.ok(ratio(10) > ratio(1) + 0.2, `${ratio(10)} ${ratio(1)}`);
  });

  for (const { name, band, samples } of BANDS) {
    it(`keeps a tone of a quarter of the sampling rate at its level: ${name} band`, () => {
      const { kernel, pcm, octets } = open(band);
      kernel.function('setQuality')(8);
      const decoder = open(band);
      let power = 0;
      for (let frame = 0; frame < 100; frame += 1) {
        for (let i = 0; i < samples; i += 1) {
          pcm[i] = 6000 * Math.sin((2 * Math.PI * 1000 * (frame * samples + i)) / (50 * samples));
        }
        const length = kernel.function('encode')();
        decoder.octets.set(octets.subarray(0, length));
        assert.equal(decoder.kernel.function('decode')(length), samples);
        if (frame >= 50) for (const v of decoder.pcm.subarray(0, samples)) power += v ** 2;
      }
      const level = 10 * Math.log10(power / (50 * samples) / (6000 ** 2 / 2));
      assert.ok(Math.abs(level) < 1, `${level} dB`);
    });

    it(`stays sane on random octets: ${name} band`, () => {
      const { kernel, pcm, octets } = open(band);
      const random = new SeededRandom(3);
      for (let packet = 0; packet < 10_000; packet += 1) {
        const length = 1 + (packet % 120);
        octets.set(random.bytes(length));
        // Any submode, so that few packets end at their first bits.
        octets[0] = ((packet % 9) << 3) | ((octets[0] ?? 0) & 7);
        const made = kernel.function('decode')(length);
        assert.ok(made >= samples && made <= 6 * samples && made % samples === 0);
      }
      for (let frame = 0; frame < 100; frame += 1) assert.equal(kernel.function('conceal')(), samples);
      assert.ok(pcm.subarray(0, samples).every((v) => Math.abs(v) < 100));
    });
  }

  for (const { name, band, samples } of BANDS) {
    it(`codes the same in packets of three frames as in packets of one: ${name} band`, () => {
      const [single, packed, ear, earOfPackets] = [open(band), open(band), open(band), open(band)];
      let fewer = 0;
      for (let packet = 0; packet < 30; packet += 1) {
        for (let i = 0; i < 3 * samples; i += 1) {
          const t = 3 * samples * packet + i;
          packed.pcm[i] = 8000 * Math.sin(t / 9) * Math.sin(t / 4000) + 300 * Math.sin(t * t);
        }
        const octets = packed.kernel.function('encodePacket')(3);
        earOfPackets.octets.set(packed.octets.subarray(0, octets));
        assert.equal(earOfPackets.kernel.function('decode')(octets), 3 * samples);
        fewer -= octets;
        for (let frame = 0; frame < 3; frame += 1) {
          single.pcm.set(packed.pcm.subarray(frame * samples, (frame + 1) * samples));
          const length = single.kernel.function('encode')();
          fewer += length;
          ear.octets.set(single.octets.subarray(0, length));
          ear.kernel.function('decode')(length);
          const heard = earOfPackets.pcm.slice(frame * samples, (frame + 1) * samples);
          assert.deepEqual(heard, ear.pcm.slice(0, samples));
        }
      }
      assert.ok(fewer >= 0, 'less padding');
    });
  }

  it('decodes all frames of a packet, without alignment between them', { skip }, () => {
    const frames = readFrames('speex_nb_q0.spxf');
    const bits = frames.slice(200, 203).flatMap((frame) =>
      // A frame of submode 1 has 43 bits, the rest of its octets is padding.
      Array.from({ length: 43 }, (_, i) => ((frame[i >> 3] ?? 0) >> (7 - (i & 7))) & 1),
    );
    const { kernel, pcm, octets } = open(0);
    octets.fill(0);
    [...bits, 0, 1, 1, 1, 1, 1, 1].forEach((bit, i) => (octets[i >> 3] = (octets[i >> 3] ?? 0) | (bit << (7 - (i & 7)))));
    assert.equal(kernel.function('decode')(17), 480);
    assert.deepEqual(pcm.slice(0, 480), decode(0, frames.slice(200, 203), true));
  });
});

function readFrames(name: string): Uint8Array[] {
  const bytes = readFileSync(`${VECTORS}/${name}`);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    frames.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return frames;
}

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

/** Mean of the signal-to-noise ratios, -10 .. 35 dB, of frames that are not silent. */
function segmental(expected: Int16Array, actual: Int16Array, delay: number, frame: number): number {
  let sum = 0;
  let count = 0;
  for (let start = 0; start + frame + delay <= actual.length; start += frame) {
    const ratio = signalToNoise(expected.subarray(start, start + frame), actual.subarray(start + delay, start + delay + frame));
    const loud = expected.subarray(start, start + frame).reduce((power, v) => power + v ** 2, 0) / frame > 1000;
    if (!loud) continue;
    sum += Math.max(-10, Math.min(35, ratio));
    count += 1;
  }
  return sum / count;
}
