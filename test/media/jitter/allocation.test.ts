import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Decoder } from '../../../src/media/codec.js';
import { findCodec } from '../../../src/media/codec-registry.js';
import { emptyJitterStatistics, JitterBuffer } from '../../../src/media/jitter/jitter-buffer.js';
import { buildAssembly } from '../../../tools/build-assembly.js';

before(async () => {
  if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/g711.wasm')) await buildAssembly();
});

const compile = (name: string): WebAssembly.Module => new WebAssembly.Module(readFileSync(`build/wasm/${name}.wasm`));

/** Two decoded packets a turn, with jitter, loss, reordering and duplicates. */
class Call {
  readonly buffer = new JitterBuffer(compile('jitter'), { sampleRate: 8000, clockRate: 8000 });
  readonly statistics = emptyJitterStatistics();
  readonly #decoders: (Decoder | undefined)[] = [];
  readonly #payload = new Uint8Array(160).fill(0x2a);
  readonly #out = new Float32Array(80);
  #next = 0;

  constructor() {
    this.#decoders[8] = findCodec('PCMA', 8000)?.instantiate(compile('g711')).createDecoder('');
  }

  play(packets: number): void {
    for (const end = this.#next + packets; this.#next < end; this.#next += 1) {
      const index = this.#next % 10 === 3 ? this.#next - 1 : this.#next;
      const now = this.#next * 20;
      if (this.#next % 37 !== 0) this.buffer.insert(index & 0xffff, index * 160, 8, this.#payload, now + (index % 7));
      this.buffer.pull(this.#out, 80, this.#decoders, now + 10);
      this.buffer.pull(this.#out, 80, this.#decoders, now + 20);
    }
    this.buffer.read(this.statistics);
  }
}

describe('JitterBuffer', () => {
  it('gives the garbage collector nothing to do in half an hour of a call', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    assert.ok(typeof collect === 'function');
    const seen: number[] = [];
    const observer = new PerformanceObserver((list) =>
      seen.push(...list.getEntries().map(({ startTime }) => startTime)),
    );
    observer.observe({ entryTypes: ['gc'] });
    const call = new Call();
    call.play(30_000);
    Reflect.apply(collect, undefined, []);
    const begun = performance.now();
    call.play(90_000);
    const ended = performance.now();
    Reflect.apply(collect, undefined, []);
    await turn();
    await turn();
    observer.disconnect();
    assert.ok(seen.length > 0, 'collections are seen at all');
    assert.deepEqual(
      seen.filter((time) => time >= begun && time < ended),
      [],
    );
    assert.ok(call.statistics.samplesPlayed >= 120_000 * 160);
    assert.ok(call.statistics.packetsLost > 2000 && call.statistics.samplesConcealed > 0);
  });

  it('has a module whose memory cannot grow', () => {
    const { memory } = new WebAssembly.Instance(compile('jitter'), {}).exports;
    assert.ok(memory instanceof WebAssembly.Memory);
    assert.throws(() => memory.grow(1), RangeError);
  });
});
