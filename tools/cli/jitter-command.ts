import { writeFileSync } from 'node:fs';
import { parseWav, printWav } from '../../src/media/audio/wav.js';
import { playTrace, type TraceResult } from '../../src/media/jitter/play-trace.js';
import { readTrace, type TracePacket, type TraceReading } from '../../src/media/jitter/trace.js';
import { WasmFromDisk } from '../wasm-from-disk.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { usage } from './options.js';
import { readOctets } from './read-octets.js';
import { wasmFolder } from './wasm-folder.js';

export interface JitterCommandOptions {
  /** TRACE: lines of packet number and arrival in ms. */
  readonly operands: readonly string[];
  /** Speech to send, WAV of 8 kHz; default: a voice made up here. */
  readonly play: string | null;
  /** WAV file for what is heard. */
  readonly record: string | null;
  /** ms of sound in a packet. */
  readonly ptime: number | null;
  readonly json: boolean;
}

const RATE = 8000;
/** Other processes disturb the clock, and the compiler needs its time: CPU is the least of so many rounds. */
const ROUNDS = 6;
/** ms of a trace that is played more than once. */
const SHORT = 600_000;

/** `jitter TRACE`: what the jitter buffer makes of an arrival trace. @throws CommandError */
export async function runJitterCommand(options: JitterCommandOptions): Promise<ExitCode> {
  const { operands, play, record, json } = options;
  const ptime = options.ptime ?? 20;
  const [file] = operands;
  if (file === undefined || operands.length > 1) throw usage('jitter needs a TRACE');
  if (ptime % 10 !== 0) throw usage('--ptime takes tens of ms');
  const reading = readTrace(Buffer.from(readOctets(file)).toString('utf8'));
  if (!reading.ok) throw usage(`${file} ${complaint(reading)}`);
  const { packets } = reading;
  const modules = new WasmFromDisk(wasmFolder());
  const [g711, jitter] = await Promise.all([modules.get('g711'), modules.get('jitter')]);
  const voice = play === null ? madeUpVoice() : recordedVoice(play);
  const heard: Float32Array[] = [];
  const playOnce = (onSound?: (block: Float32Array) => void): TraceResult =>
    playTrace(packets, { g711, jitter }, voice, onSound ? { ptime, onSound } : { ptime }, () => performance.now());
  const played = playOnce(record === null ? undefined : (block) => heard.push(block.slice()));
  const rounds = [played];
  if (lengthOf(packets) <= SHORT) while (rounds.length < ROUNDS) rounds.push(playOnce());
  const cpuMicrosecondsPer10ms = Math.min(...rounds.map((round) => round.cpuMicrosecondsPer10ms));
  const result = { ...played, cpuMicrosecondsPer10ms };
  if (record !== null) save(record, heard);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
  return EXIT.done;
}

/** ms from the first to the last arrival. */
function lengthOf(packets: readonly TracePacket[]): number {
  return (packets[packets.length - 1]?.arrival ?? 0) - (packets[0]?.arrival ?? 0);
}

function complaint(reading: Extract<TraceReading, { ok: false }>): string {
  switch (reading.reason) {
    case 'empty':
      return 'has no lines of packet number and arrival in ms';
    case 'no-number':
      return `has no packet number in line ${reading.line}`;
    case 'no-arrival':
      return `has no arrival in ms in line ${reading.line}`;
    case 'too-long':
      return `is too long from line ${reading.line} on: at most ten million packets and a day`;
  }
}

function describe(result: TraceResult): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const percent = (value: number): string => `${value.toFixed(3)} %`;
  const { p50DelayMs, p95DelayMs, p99DelayMs, acceleratedPercent, deceleratedPercent, resampledPercent } = result;
  return [
    `${result.packets} packets, ${result.neverArrived} never arrived, ${result.late} late, ${result.duplicates} twice; ${result.lost} given up`,
    `delay      mean ${ms(result.meanDelayMs)}, median ${ms(p50DelayMs)}, 95 % ${ms(p95DelayMs)}, 99 % ${ms(p99DelayMs)}, most ${ms(result.maxDelayMs)}`,
    `           above the fastest packet of each 10 s: ${ms(result.meanDelayAboveFastestMs)}; in the buffer: ${ms(result.meanWaitMs)}`,
    `concealed  ${percent(result.concealedPercent)}; pauses ${percent(result.silentPercent)}`,
    `stretched  ${percent(result.stretchPercent)}: out ${percent(acceleratedPercent)}, in ${percent(deceleratedPercent)}, resampled ${percent(resampledPercent)}`,
    `interrupted for 150 ms and more: ${result.interruptionCount}`,
    ...result.interruptions.map(({ startMs, durationMs }) => `           at ${ms(startMs)} for ${ms(durationMs)}`),
    `CPU        ${result.cpuMicrosecondsPer10ms.toFixed(2)} µs per 10 ms, decoding included`,
    '',
  ].join('\n');
}

function save(path: string, blocks: readonly Float32Array[]): void {
  const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  try {
    writeFileSync(path, printWav({ sampleRate: RATE, samples }));
  } catch (error) {
    throw usage(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function recordedVoice(path: string): Float32Array {
  const wav = parseWav(readOctets(path));
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
