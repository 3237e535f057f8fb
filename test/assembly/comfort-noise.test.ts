import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { Kernel } from '../../src/media/wasm/kernel.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { SeededRandom } from '../platform/seeded-random.js';
import { readWav } from '../sound/wav-file.js';

const SPEECH = '../shared/vectors/speech';

describe('comfort-noise kernel', () => {
  let module: WebAssembly.Module;
  before(async () => {
    if (!existsSync('build/wasm/comfort-noise.wasm')) await buildAssembly(undefined, ['comfort-noise']);
    module = await new WasmFromDisk().get('comfort-noise');
  });

  const open = (rate = 8000): { kernel: Kernel; pcm: Int16Array; octets: Uint8Array } => {
    const kernel = new Kernel(module);
    kernel.function('reset')(rate);
    return { kernel, pcm: kernel.samples('pcm', 1920), octets: kernel.octets('octets', 256) };
  };

  /** What is said of each packet: null speech, else the payload, mostly empty. */
  function listen(samples: Int16Array, rate = 8000): (Uint8Array | null)[] {
    const { kernel, pcm, octets } = open(rate);
    const packet = rate / 50;
    return Array.from({ length: Math.floor(samples.length / packet) }, (_, i) => {
      pcm.set(samples.subarray(i * packet, (i + 1) * packet));
      const said = kernel.function('encode')(packet);
      return said < 0 ? null : octets.slice(0, said);
    });
  }

  function generate(payload: Uint8Array, count: number, rate = 8000): Int16Array {
    const { kernel, pcm, octets } = open(rate);
    octets.set(payload);
    const made = new Int16Array(count);
    for (let at = 0; at < count; at += rate / 100) {
      const samples = at === 0 ? kernel.function('decode')(payload.length) : kernel.function('conceal')();
      made.set(pcm.subarray(0, Math.min(samples, count - at)), at);
    }
    return made;
  }

  for (const rate of [8000, 16_000])
    it(`says how loud and how dark a noise is, and makes it again: ${rate} Hz`, () => {
      const noise = dark(3 * rate, 200, 0.7);
      const said = listen(noise, rate).filter((payload) => payload !== null && payload.length > 0);
      const payload = said.at(-1);
      assert.ok(payload);
      assert.equal(payload.length, 11);
      // RFC 3389 §3.1 and §3.2; a first-order noise has one reflection coefficient, -0.7.
      assert.ok(Math.abs((payload[0] ?? 0) + level(noise)) < 1.5, `${payload[0]} for ${level(noise)} dBov`);
      const k = (258 * ((payload[1] ?? 0) - 127)) / 32_768;
      assert.ok(Math.abs(k + 0.7) < 0.06, `k1 ${k}`);
      const made = generate(payload, 2 * rate, rate);
      assert.ok(Math.abs(level(made) - level(noise)) < 1.5, `${level(made)} dBov`);
      assert.ok(Math.abs(correlation(made) - 0.7) < 0.06, `correlation ${correlation(made)}`);
    });

  it('describes a pause at its start, when it changes, and each second', () => {
    const noise = Int16Array.from([...dark(16_000, 100, 0.3), ...dark(16_000, 100, 0.3).map((v) => v / 2)]);
    const at = listen(noise).flatMap((payload, i) => (payload !== null && payload.length > 0 ? [i] : []));
    const [first = 0, second = 0] = at;
    assert.ok(first <= 15 && second - first === 50, at.join(' '));
    assert.ok(
      at.some((packet) => packet > 100 && packet < 125),
      `a softer noise: ${at.join(' ')}`,
    );
    assert.ok(at.length < 10);
  });

  it('calls tones speech, and silence silence', () => {
    const tone = Int16Array.from({ length: 40_000 }, (_, i) => 2000 * Math.sin((2 * Math.PI * 440 * i) / 8000));
    assert.ok(listen(tone).every((payload) => payload === null));
    const said = listen(new Int16Array(16_000)).filter((payload) => payload !== null && payload.length > 0);
    assert.deepEqual(said.at(0), Uint8Array.of(127));
  });

  for (const name of ['espeak_f_8k', 'espeak_m_8k', 'espeak_m_16k'])
    for (const snr of [60, 20, 12])
      it(
        `sends what is spoken and not the pauses: ${name}, noise ${snr} dB below`,
        { skip: existsSync(SPEECH) ? false : 'skipped: no vectors' },
        () => {
          const { samples: speech, sampleRate } = readWav(`${SPEECH}/${name}.wav`);
          const pause = new Int16Array(2 * sampleRate);
          const line = Int16Array.from([...pause, ...speech, ...pause, ...speech, ...pause]);
          const noise = dark(line.length, rms(speech) / 10 ** (snr / 20), 0.5);
          const said = listen(
            line.map((v, i) => v + (noise[i] ?? 0)),
            sampleRate,
          );
          let missed = 0;
          let all = 0;
          const packet = sampleRate / 50;
          said.forEach((payload, i) => {
            const energy = power(line.subarray(i * packet, (i + 1) * packet));
            all += energy;
            if (payload !== null) missed += energy;
          });
          assert.ok(missed < 0.002 * all, `${((100 * missed) / all).toFixed(3)} % of the speech's energy is not sent`);
          const silent = said.filter((payload) => payload !== null).length / said.length;
          const pauses = (3 * pause.length) / line.length;
          assert.ok(silent > 0.6 * pauses, `${silent.toFixed(2)} of the time is silent, ${pauses.toFixed(2)} of it pauses`);
        },
      );

  it('survives every payload, and every sound', () => {
    const { kernel, pcm, octets } = open();
    const random = new SeededRandom(3);
    for (let i = 0; i < 3000; i += 1) {
      octets.set(random.bytes(256));
      const samples = kernel.function('decode')(i % 4 === 0 ? (octets[3] ?? 0) : [0, -1, 256, 2 ** 31][i % 4] ?? 0);
      assert.equal(samples, 80);
      pcm.set(new Int16Array(random.bytes(3840).buffer, 0, 1920));
      assert.ok(kernel.function('encode')([160, 960, 1920, -5][i % 4] ?? 0) <= 11);
    }
    // The loudest and sharpest that a payload can ask for stays bounded, and ends with the next.
    octets.fill(254);
    octets[0] = 0;
    kernel.function('decode')(25);
    octets[0] = 127;
    for (let i = 0; i < 500; i += 1) kernel.function('decode')(1);
    assert.ok(pcm.subarray(0, 80).every((v) => v === 0));
  });
});

/** First-order noise: each sample holds `share` of the one before. */
function dark(length: number, deviation: number, share: number): Int16Array {
  const random = new SeededRandom(5);
  const octets = new DataView(random.bytes(4 * length).buffer);
  let last = 0;
  return Int16Array.from({ length }, (_, i) => {
    const white = (octets.getUint32(4 * i) / 2 ** 31 - 1) * Math.sqrt(3);
    last = share * last + deviation * Math.sqrt(1 - share * share) * white;
    return Math.round(last);
  });
}

function power(samples: Int16Array): number {
  return samples.reduce((sum, v) => sum + v * v, 0);
}

function rms(samples: Int16Array): number {
  return Math.sqrt(power(samples) / samples.length);
}

function level(samples: Int16Array): number {
  return 20 * Math.log10(rms(samples) / 32_768);
}

function correlation(samples: Int16Array): number {
  let sum = 0;
  for (let i = 1; i < samples.length; i += 1) sum += (samples[i] ?? 0) * (samples[i - 1] ?? 0);
  return sum / power(samples);
}
