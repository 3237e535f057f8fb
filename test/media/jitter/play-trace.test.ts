import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { makeTrace } from '../../../bench/jitter-traces.js';
import { parseWav } from '../../../src/media/audio/wav.js';
import { playTrace, type TraceResult } from '../../../src/media/jitter/play-trace.js';
import { readTrace, type TracePacket } from '../../../src/media/jitter/trace.js';
import { buildAssembly } from '../../../tools/build-assembly.js';
import { WasmFromDisk } from '../../../tools/wasm-from-disk.js';

const TRACES = '../shared/vectors/jitter';
const SPEECH = '../shared/vectors/speech/espeak_f_8k.wav';
const skip = existsSync(TRACES) && existsSync(SPEECH) ? false : 'skipped: no vectors';

/** NetEQ's mean delay in ms, concealed per cent and interruptions (ge5b3: as `npm run bench -- jitter` counts them); the way of the traces is 30 ms. */
const NETEQ = {
  clean: [42, 0.02, 0],
  gamma10: [83, 0.11, 0],
  reorder: [95, 0.18, 0],
  ge5b3: [26, 4.52, 5],
  wifi: [139, 1.23, 5],
  step80: [77, 0.05, 0],
  'drift+300': [14, 0.02, 0],
} as const;
const WAY = 30;

/** NetEQ's on traces of `makeTrace`, seed 1: `npm run bench -- jitter` prints them. */
const NETEQ_ELSEWHERE = {
  gamma20: [107.5, 0.081, 0],
  ge1b1: [24.5, 1.034, 0],
  wifiBusy: [121.8, 0.453, 1],
  handoverLong: [66.7, 0.708, 3],
  'drift-500': [83.2, 0.022, 0],
  reorderMild: [55.7, 0.033, 0],
  spikesRare: [70.5, 1.495, 12],
} as const;

let modules: { g711: WebAssembly.Module; jitter: WebAssembly.Module };
before(async () => {
  if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/g711.wasm')) await buildAssembly();
  const disk = new WasmFromDisk();
  modules = { g711: await disk.get('g711'), jitter: await disk.get('jitter') };
});

const HUM = Float32Array.from({ length: 8000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * i) / 32));
const every20 = (count: number, first = 0): TracePacket[] =>
  Array.from({ length: count }, (_, i) => ({ sequence: first + i, arrival: 1000 + 20 * i }));

function noWorse(result: TraceResult, [delay, concealed, interruptions]: readonly [number, number, number]): void {
  assert.ok(result.meanDelayMs <= delay, `mean delay ${result.meanDelayMs} ms`);
  assert.ok(result.concealedPercent <= concealed, `concealed ${result.concealedPercent} %`);
  assert.ok(result.stretchPercent < 1.5, `stretched ${result.stretchPercent} %`);
  assert.ok(result.interruptionCount <= interruptions, `interrupted ${result.interruptionCount} times`);
}

describe('playTrace', () => {
  for (const [name, figures] of Object.entries(NETEQ)) {
    it(`is no worse than NetEQ in anything on ${name}`, { skip }, () => {
      const reading = readTrace(readFileSync(`${TRACES}/tr_${name}.txt`, 'utf8'));
      assert.ok(reading.ok);
      const voice = parseWav(readFileSync(SPEECH));
      assert.ok(voice);
      const result = playTrace(reading.packets, modules, voice.samples);
      // NetEQ's figures count from the way of 30 ms, ours from the fastest packet.
      const fastest = Math.min(...reading.packets.slice(0, 450).map((p) => p.arrival - 20 * p.sequence));
      noWorse({ ...result, meanDelayMs: result.meanDelayMs + fastest - WAY }, figures);
    });
  }

  for (const [name, figures] of Object.entries(NETEQ_ELSEWHERE)) {
    it(`is no worse than NetEQ in anything on a trace of ${name}`, { skip }, () => {
      const voice = parseWav(readFileSync(SPEECH));
      assert.ok(voice);
      noWorse(playTrace(makeTrace(name, 1), modules, voice.samples), figures);
    });
  }

  it('has no delay but the wait for the next pull where nothing jitters', () => {
    const result = playTrace(every20(3000), modules, HUM);
    assert.ok(result.meanDelayMs < 12 && result.meanWaitMs < 12, `${result.meanDelayMs} and ${result.meanWaitMs} ms`);
    assert.equal(result.concealedPercent + result.lost + result.late + result.neverArrived, 0);
  });

  for (const seed of [1, 2, 3]) {
    it(`takes neither the pieces of a page's microphone nor what waited for the call for jitter (${seed})`, () => {
      // A call of six seconds begins with 90 ms that had piled up.
      const result = playTrace(makeTrace('page', seed, 6), modules, HUM);
      assert.ok(result.p50DelayMs < 20, `${result.p50DelayMs} ms`);
      assert.ok(result.concealedPercent < 1 && result.lost === 0, `${result.concealedPercent} %`);
    });
  }

  it('tells when the sound was interrupted and for how long', () => {
    const packets = every20(500).filter(({ sequence }) => sequence < 250 || sequence >= 265);
    const result = playTrace(packets, modules, HUM);
    assert.equal(result.neverArrived, 15);
    assert.equal(result.lost, 15);
    const [interruption] = result.interruptions;
    assert.ok(interruption && result.interruptions.length === 1);
    assert.ok(Math.abs(interruption.startMs - 6000) < 40, `${interruption.startMs} ms`);
    assert.ok(Math.abs(interruption.durationMs - 290) < 30, `${interruption.durationMs} ms`);
    assert.ok(Math.abs(result.concealedPercent - 2.9) < 0.3, `${result.concealedPercent} %`);
  });

  it('counts an outage of seconds as concealed', () => {
    const packets = every20(500).filter(({ sequence }) => sequence < 200 || sequence >= 350);
    const result = playTrace(packets, modules, HUM);
    assert.ok(Math.abs(result.concealedPercent - 30) < 1, `${result.concealedPercent} %`);
    assert.ok(Math.abs((result.interruptions[0]?.durationMs ?? 0) - 3000) < 60);
  });

  it('counts duplicates as such, whenever they come', () => {
    const packets = every20(500);
    const again = packets
      .slice(0, 480)
      .map(({ sequence, arrival }) => ({ sequence, arrival: arrival + (sequence % 2 ? 3 : 200) }));
    const result = playTrace(
      [...packets, ...again].sort((a, b) => a.arrival - b.arrival),
      modules,
      HUM,
    );
    assert.equal(result.duplicates, 480);
    assert.equal(result.late + result.concealedPercent, 0);
    assert.ok(result.meanDelayMs < 20, `${result.meanDelayMs} ms`);
  });

  it('plays packets of other lengths, and numbers beyond 16 and 32 bits of timestamps', () => {
    for (const ptime of [10, 30, 60]) {
      const packets = every20(600, 26_843_500).map((p, i) => ({ ...p, arrival: 500 + i * ptime }));
      const result = playTrace(packets, modules, HUM, { ptime });
      assert.ok(Math.abs(result.meanDelayMs) < 20, `${ptime} ms: ${result.meanDelayMs} ms`);
      assert.equal(result.concealedPercent + result.resets, 0, `${ptime} ms`);
    }
  });

  it('takes one packet, and none', () => {
    assert.equal(playTrace(every20(1), modules, HUM).packets, 1);
    assert.equal(playTrace([], modules, HUM).packets, 0);
    assert.equal(playTrace(every20(100), modules, new Float32Array(0)).concealedPercent, 0);
  });
});
