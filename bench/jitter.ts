import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseWav } from '../src/media/audio/wav.js';
import { findCodec } from '../src/media/codec-registry.js';
import { playTrace } from '../src/media/jitter/play-trace.js';
import { readTrace, type TracePacket } from '../src/media/jitter/trace.js';
import { buildAssembly } from '../tools/build-assembly.js';
import { WasmFromDisk } from '../tools/wasm-from-disk.js';
import type { BenchResult } from './bench-result.js';
import { makeTrace, NETWORKS } from './jitter-traces.js';
import { playThroughNetEq } from './peers/neteq.js';

const TRACES = '../shared/vectors/jitter';
const SPEECH = '../shared/vectors/speech/espeak_f_8k.wav';

/** The jitter buffer against WebRTC's NetEQ (libtgowt-dev), on recorded arrivals and on those of `jitter-traces.ts`, seed 1. */
export async function run(): Promise<BenchResult[]> {
  if (!existsSync(SPEECH)) return [];
  if (!existsSync('build/wasm/jitter.wasm') || !existsSync('build/wasm/g711.wasm')) await buildAssembly();
  const disk = new WasmFromDisk();
  const modules = { g711: await disk.get('g711'), jitter: await disk.get('jitter') };
  const voice = parseWav(readFileSync(SPEECH));
  if (voice === null) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'ims-neteq-'));
  try {
    const speech = path.join(folder, 'speech');
    writeFileSync(speech, encode(modules.g711, voice.samples));
    const traces = [...recorded(), ...made()].map(({ name, packets }, index) => {
      const file = path.join(folder, `${index}.txt`);
      writeFileSync(file, packets.map((p) => `${p.sequence} ${p.arrival}\n`).join(''));
      return { name, packets, file };
    });
    const peers = playThroughNetEq(folder, speech, traces.map(({ file }) => file)); // prettier-ignore
    const peer = peers === null ? 'NetEQ: libtgowt-dev is not installed' : 'NetEQ';
    const results: BenchResult[] = [];
    const cpu = { ours: [] as number[], peer: [] as number[] };
    traces.forEach(({ name, packets }, index) => {
      const ours = playTrace(packets, modules, voice.samples, {}, () => performance.now());
      const theirs = peers?.[index];
      const add = (what: string, unit: string, own: number, other = NaN): void => {
        const ratio = own === other ? 1 : other / own;
        results.push({ name: `Jitter ${name}, ${what}`, unit, ours: own, peer, peerValue: other, ratio });
      };
      add('delay from sending', 'ms', ours.meanDelayMs + fastest(packets), theirs?.delay);
      add('concealed', '%', ours.concealedPercent, theirs?.concealed);
      add('stretched', '%', ours.stretchPercent, theirs?.stretched);
      add('interruptions', 'times', ours.interruptionCount, theirs?.interruptions);
      cpu.ours.push(ours.cpuMicrosecondsPer10ms);
      cpu.peer.push(theirs?.cpu ?? NaN);
    });
    const [own, other] = [mean(cpu.ours), mean(cpu.peer)];
    results.push({ name: 'Jitter, CPU per 10 ms', unit: 'µs', ours: own, peer, peerValue: other, ratio: other / own });
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function recorded(): { name: string; packets: readonly TracePacket[] }[] {
  if (!existsSync(TRACES)) return [];
  return readdirSync(TRACES).flatMap((file) => {
    const reading = readTrace(readFileSync(path.join(TRACES, file), 'utf8'));
    return reading.ok ? [{ name: file.replace(/^tr_|\.txt$/g, ''), packets: reading.packets }] : [];
  });
}

function made(): { name: string; packets: readonly TracePacket[] }[] {
  return Object.keys(NETWORKS).map((kind) => ({ name: `${kind} (made)`, packets: makeTrace(kind, 1) }));
}

/** The way of the fastest packet of the first 10 s, from which `playTrace` counts delays. */
function fastest(packets: readonly TracePacket[]): number {
  return Math.min(...packets.filter((p) => p.sequence < 500).map((p) => p.arrival - 20 * p.sequence));
}

function encode(module: WebAssembly.Module, samples: Float32Array): Uint8Array {
  const encoder = findCodec('PCMA', 8000)?.instantiate(module).createEncoder('');
  if (encoder === undefined) throw new Error('no G.711');
  const octets = new Uint8Array(Math.floor(samples.length / encoder.frameSamples) * encoder.frameSamples);
  for (let at = 0; at < octets.length; at += encoder.frameSamples) {
    for (let i = 0; i < encoder.frameSamples; i += 1) encoder.input[i] = Math.round((samples[at + i] ?? 0) * 32_767);
    octets.set(encoder.output.subarray(0, encoder.encode()), at);
  }
  return octets;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
