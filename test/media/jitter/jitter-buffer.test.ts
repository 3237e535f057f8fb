import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Decoder } from '../../../src/media/codec.js';
import { emptyJitterStatistics, JitterBuffer, type JitterStatistics } from '../../../src/media/jitter/jitter-buffer.js';
import { measureTone } from '../../sound/tone.js';
import { buildAssembly } from '../../../tools/build-assembly.js';
import { WasmFromDisk } from '../../../tools/wasm-from-disk.js';
import { octetDecoder } from '../../../tools/fuzz/octet-decoder.js';
import { toneToRest } from '../two-phones.js';

let modules: { g711: WebAssembly.Module; jitter: WebAssembly.Module };
before(async () => {
  if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/g711.wasm')) await buildAssembly();
  const disk = new WasmFromDisk();
  modules = { g711: await disk.get('g711'), jitter: await disk.get('jitter') };
});

/** A stream of a 250 Hz tone (32 samples a period, so every packet holds whole periods), and what comes out of the buffer. */
class Bench {
  readonly buffer = new JitterBuffer(modules.jitter, { sampleRate: 8000, clockRate: 8000 });
  readonly decoders: (Decoder | undefined)[] = [];
  readonly heard: number[] = [];
  readonly #block = new Float32Array(80);
  now = 0;

  constructor() {
    this.decoders[8] = octetDecoder();
  }

  send(index: number, { arrival = this.now, sequence = index, timestamp = index * 160, type = 8 } = {}): void {
    const payload = Uint8Array.from(
      { length: 160 },
      (_, i) => 128 + Math.round(100 * Math.sin((2 * Math.PI * i) / 32)),
    );
    this.buffer.insert(sequence & 0xffff, timestamp >>> 0, type, payload, arrival);
  }

  pull(): void {
    this.buffer.pull(this.#block, 80, this.decoders, this.now);
    this.heard.push(...this.#block);
    this.now += 10;
  }

  /** Packets `from` to `to`, one each 20 ms, each handled by `each`. */
  run(from: number, to: number, each: (index: number) => void = (i) => this.send(i)): void {
    for (let i = from; i < to; i += 1) {
      each(i);
      this.pull();
      this.pull();
    }
  }

  get statistics(): JitterStatistics {
    const s = emptyJitterStatistics();
    this.buffer.read(s);
    return s;
  }

  /** dB of the tone over the rest in the last second. */
  get purity(): number {
    return toneToRest(this.heard.slice(-8000), 250, 8000);
  }
}

describe('JitterBuffer', () => {
  it('plays a clean stream as it is, and soon without a needless delay', () => {
    const bench = new Bench();
    bench.run(0, 500);
    assert.ok(bench.purity > 35, `${bench.purity} dB`);
    assert.equal(bench.statistics.samplesConcealed, 0);
    assert.ok(bench.statistics.currentDelay < 25, `${bench.statistics.currentDelay} ms`);
  });

  it('wraps sequence numbers and timestamps', () => {
    const bench = new Bench();
    bench.run(0, 400, (i) => bench.send(i, { sequence: 65_336 + i, timestamp: 2 ** 32 - 32_000 + i * 160 }));
    assert.ok(bench.purity > 35);
    assert.equal(bench.statistics.resets + bench.statistics.packetsLost + bench.statistics.samplesConcealed, 0);
  });

  it('drops duplicates and puts reordered packets back', () => {
    const bench = new Bench();
    bench.run(0, 100);
    // From here on each pair arrives twice, and the wrong way round.
    bench.run(100, 600, (i) => {
      if (i % 2 === 1) for (const k of [i, i - 1, i]) bench.send(k);
    });
    assert.equal(bench.statistics.packetsDuplicate, 250);
    const before = bench.statistics.samplesConcealed;
    bench.run(600, 900, (i) => {
      if (i % 2 === 1) for (const k of [i, i - 1]) bench.send(k);
    });
    assert.equal(bench.statistics.samplesConcealed, before, 'it has learnt to wait');
    assert.ok(bench.purity > 30);
  });

  it('conceals a lost packet, and a long loss decays to silence', () => {
    const bench = new Bench();
    bench.run(0, 200);
    bench.run(200, 201, () => undefined);
    bench.run(201, 250);
    assert.equal(bench.statistics.packetsLost, 1);
    assert.ok(bench.statistics.samplesConcealed > 0 && bench.statistics.samplesConcealed <= 240);
    const clicks = bench.heard
      .slice(-8000)
      .filter((v, i, all) => i > 0 && Math.abs(v - (all[i - 1] ?? 0)) > 0.3).length;
    assert.equal(clicks, 0);
    bench.run(250, 300, () => undefined);
    assert.ok(bench.heard.slice(-800).every((v) => v === 0));
    bench.run(300, 400);
    assert.ok(bench.purity > 30);
  });

  it('takes a pause of the sender (DTX) as a pause', () => {
    const bench = new Bench();
    bench.run(0, 200);
    bench.run(200, 260, () => undefined);
    // Sequence numbers go on, timestamps jump: nothing was lost.
    bench.run(260, 400, (i) => bench.send(i, { sequence: i - 60 }));
    assert.equal(bench.statistics.packetsLost, 0);
    assert.ok(bench.purity > 30, `${bench.purity} dB`);
  });

  it('goes on after a minute of hold as if nothing had been', () => {
    const bench = new Bench();
    bench.run(0, 200);
    bench.run(200, 3200, () => undefined);
    bench.run(3200, 3400, (i) => bench.send(i, { sequence: i - 3000 }));
    const { resets, packetsLost, samplesConcealed, interruptions } = bench.statistics;
    assert.deepEqual([resets, packetsLost, samplesConcealed, interruptions], [0, 0, 0, 0]);
    assert.ok(bench.purity > 30, `${bench.purity} dB`);
    // A jump that no time explains is another line of timestamps.
    bench.run(3400, 3600, (i) => bench.send(i, { sequence: i - 3000, timestamp: i * 160 + 60 * 8000 }));
    assert.equal(bench.statistics.resets, 1);
  });

  it('survives a new line of sequence numbers and timestamps', () => {
    const bench = new Bench();
    bench.run(0, 200);
    bench.run(200, 500, (i) => bench.send(i, { sequence: i + 30_000, timestamp: i * 160 + 1e9 }));
    assert.equal(bench.statistics.resets, 1);
    assert.ok(bench.purity > 30);
  });

  it('passes packets without sound by', () => {
    const bench = new Bench();
    bench.run(0, 200);
    // Five packets of telephone-event: numbers without sound.
    bench.run(200, 205, (i) => bench.buffer.insert(i, 200 * 160, 101, new Uint8Array(0), bench.now));
    bench.run(205, 400);
    assert.equal(bench.statistics.packetsLost, 0);
    assert.ok(bench.purity > 30);
  });

  for (const ppm of [300, -300]) {
    it(`keeps its delay over an hour of ${ppm} ppm clock drift`, () => {
      const bench = new Bench();
      let delaySum = 0;
      let delays = 0;
      const period = 20 / (1 + ppm / 1e6);
      let next = 0;
      for (bench.now = 0; bench.now < 3_600_000;) {
        for (; next * period <= bench.now; next += 1) bench.send(next, { arrival: next * period });
        bench.pull();
        if (bench.heard.length > 80_000) bench.heard.splice(0, 72_000);
        if (bench.now > 3_000_000) {
          delaySum += bench.statistics.currentDelay;
          delays += 1;
        }
      }
      const s = bench.statistics;
      assert.ok(delaySum / delays < 40, `${delaySum / delays} ms`);
      assert.ok(s.samplesConcealed / s.samplesPlayed < 0.0005, `concealed ${s.samplesConcealed / s.samplesPlayed}`);
      assert.ok((s.samplesAccelerated + s.samplesDecelerated) / s.samplesPlayed < 0.001);
      assert.equal(s.resets, 0);
    });
  }

  for (const ppm of [200, -200]) {
    it(`plays a tone as one line, without a splice, when the sender's clock is ${ppm} ppm off`, () => {
      const bench = new Bench();
      const period = 20 / (1 + ppm / 1e6);
      for (let next = 0; bench.now < 180_000;) {
        for (; next * period <= bench.now; next += 1) bench.send(next, { arrival: next * period + (next % 3) });
        bench.pull();
      }
      const { samplesResampled, samplesPlayed } = bench.statistics;
      const last = Int16Array.from(bench.heard.slice(-60 * 8000), (v) => v * 30_000);
      const tone = measureTone(last, 8000, 250);
      assert.ok(tone.worstDb > 45, `${tone.worstDb} dB`);
      const resampled = (1e6 * samplesResampled) / samplesPlayed;
      assert.ok(resampled > 120 && resampled < 220, `resampled ${resampled} ppm`);
    });
  }

  it('bends the pace for no jitter and no new route', () => {
    for (const delay of [(i: number) => (i * 7919) % 40, (i: number) => (i % 2000 < 1000 ? 0 : 60)]) {
      const bench = new Bench();
      bench.run(0, 6000, (i) => bench.send(i, { arrival: bench.now + delay(i) - 60 }));
      assert.equal(bench.statistics.samplesResampled, 0);
    }
  });

  it('neither traps nor leaves the scale whatever comes (fuzz)', () => {
    const bench = new Bench();
    const packet = fc.record({
      sequence: fc.oneof(fc.nat(65_535), fc.nat(40)),
      timestamp: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(10_000)),
      type: fc.nat(127),
      length: fc.oneof(fc.nat(200), fc.constantFrom(0, 1499, 1500, 1501)),
      arrival: fc.oneof(fc.constant(0), fc.integer({ min: -1e6, max: 1e6 })),
      pulls: fc.nat(4),
    });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 100 }), (packets) => {
        for (const p of packets) {
          bench.buffer.insert(
            p.sequence,
            p.timestamp,
            p.type === 8 ? 8 : p.type,
            new Uint8Array(p.length).fill(p.type),
            bench.now + p.arrival,
          );
          for (let i = 0; i < p.pulls; i += 1) bench.pull();
        }
        assert.ok(bench.heard.every((v) => v >= -4 && v <= 4));
        bench.heard.length = 0;
      }),
      { numRuns: 500 },
    );
    bench.buffer.restart();
    bench.run(0, 200);
    assert.ok(bench.purity > 30, 'still sane');
  });
});
