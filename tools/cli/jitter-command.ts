import { readFileSync } from 'node:fs';
import { parseWav } from '../../src/media/audio/wav.js';
import { parseTrace, runTrace, type TraceResult } from '../../src/media/jitter/trace.js';
import { WasmFromDisk } from '../wasm-from-disk.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { usage } from './options.js';
import { wasmFolder } from './wasm-folder.js';

export interface JitterCommandOptions {
  /** TRACE: lines of packet number and arrival in ms. */
  readonly operands: readonly string[];
  /** Speech to send, WAV of 8 kHz; default: a voice made up here. */
  readonly play: string | null;
  readonly json: boolean;
}

const RATE = 8000;

/** `jitter TRACE`: what the jitter buffer makes of an arrival trace. @throws CommandError */
export async function runJitterCommand({ operands, play, json }: JitterCommandOptions): Promise<ExitCode> {
  const [file] = operands;
  if (file === undefined || operands.length > 1) throw usage('jitter needs a TRACE');
  const packets = parseTrace(Buffer.from(contents(file)).toString('latin1'));
  if (packets.length === 0) throw usage(`${file} has no lines of packet number and arrival in ms`);
  const modules = new WasmFromDisk(wasmFolder());
  const [g711, jitter] = await Promise.all([modules.get('g711'), modules.get('jitter')]);
  const voice = play === null ? madeUpVoice() : recordedVoice(play);
  const result = runTrace(packets, { g711, jitter }, voice, {}, () => performance.now());
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
  return EXIT.done;
}

function describe(result: TraceResult): string {
  const { packets, meanDelay, p50Delay, p95Delay, p99Delay, concealed, stretched, late, lost, interruptions, cpu } =
    result;
  return [
    `${packets} packets, ${lost} lost, ${late} late`,
    `delay    mean ${meanDelay.toFixed(1)} ms, median ${p50Delay.toFixed(1)}, 95 % ${p95Delay.toFixed(1)}, 99 % ${p99Delay.toFixed(1)}`,
    `concealed ${concealed.toFixed(2)} %, stretched ${stretched.toFixed(2)} %, interruptions ${interruptions}`,
    `CPU      ${cpu.toFixed(2)} µs per 10 ms, decoding included`,
    '',
  ].join('\n');
}

function recordedVoice(path: string): Float32Array {
  const wav = parseWav(contents(path));
  if (wav === null || wav.sampleRate !== RATE || wav.samples.length === 0) {
    throw usage(`${path} is no WAV file of ${RATE} Hz`);
  }
  return wav.samples;
}

/** Four seconds of syllables: harmonics of a gliding pitch, and pauses. */
function madeUpVoice(): Float32Array {
  const voice = new Float32Array(4 * RATE);
  let phase = 0;
  for (let i = 0; i < voice.length; i += 1) {
    const t = i / RATE;
    phase += (2 * Math.PI * (120 + 25 * Math.sin(2 * Math.PI * 0.7 * t))) / RATE;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * t)) * (t % 2 < 1.5 ? 1 : 0);
    let value = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic += 1) value += Math.sin(harmonic * phase) / harmonic;
    voice[i] = 0.25 * syllable * value;
  }
  return voice;
}

function contents(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw usage(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
