import { readFileSync, writeFileSync } from 'node:fs';
import { PacedAudio } from '../../src/media/audio/paced-audio.js';
import { Resampler } from '../../src/media/audio/resampler.js';
import { parseWav, printWav, type WavSound } from '../../src/media/audio/wav.js';
import type { WasmModules } from '../../src/media/wasm/wasm-modules.js';
import type { Clock } from '../../src/platform/clock.js';
import { CommandError, EXIT, type ExitCode } from './exit-code.js';

/** Hz of everything that is played and recorded: what the codecs of today carry. */
const RATE = 8000;
/** A recording is kept in memory until it is written: an hour of it. */
const MAX_RECORDING = RATE * 3600;
/** Samples resampled at once. */
const BLOCK = 4096;

/** Microphone and loudspeaker of a process: files. Both stand still until {@link start}, as there is nobody to talk to. */
export class SoundDesk {
  readonly audio: PacedAudio;
  /** Called when the file was played to its end, once per {@link play}; never while it repeats. */
  onPlayed: (() => void) | null = null;
  #sound: Float32Array | null = null;
  #at = 0;
  #repeat = false;
  #running = false;
  #recording: { readonly file: string; readonly blocks: Float32Array[]; samples: number } | null = null;

  constructor(clock: Clock, modules: WasmModules) {
    this.audio = new PacedAudio({
      clock,
      modules,
      sampleRate: RATE,
      microphone: (out) => this.#fill(out),
      onHeard: (frames) => this.#keep(frames),
    });
  }

  /** @throws CommandError when the file cannot be read */
  play(file: string, repeat = false): void {
    this.#sound = readSound(file);
    this.#at = 0;
    this.#repeat = repeat;
  }

  /**
   * From now on what is heard goes to `file`, which is written by {@link finish}.
   * @throws CommandError when the file cannot be written: better now than after the call
   */
  record(file: string): void {
    writeSound(file, new Float32Array(0), EXIT.usage);
    this.#recording = { file, blocks: [], samples: 0 };
  }

  /** Somebody listens. */
  start(): void {
    this.#running = true;
  }

  /**
   * Writes the recording, if there is one.
   * @throws CommandError when the file cannot be written
   */
  finish(): { readonly file: string; readonly seconds: number } | null {
    this.#running = false;
    const recording = this.#recording;
    this.#recording = null;
    if (!recording) return null;
    const samples = new Float32Array(recording.samples);
    let at = 0;
    for (const block of recording.blocks) {
      samples.set(block, at);
      at += block.length;
    }
    writeSound(recording.file, samples, EXIT.internal);
    return { file: recording.file, seconds: samples.length / RATE };
  }

  #fill(out: Float32Array): void {
    const sound = this.#sound;
    if (!this.#running || !sound) return;
    for (let i = 0; i < out.length && this.#at < sound.length; i++) {
      out[i] = sound[this.#at] ?? 0;
      this.#at++;
      if (this.#repeat && this.#at >= sound.length) this.#at = 0;
    }
    if (this.#at < sound.length) return;
    this.#sound = null;
    this.onPlayed?.();
  }

  #keep(frames: Float32Array): void {
    const recording = this.#recording;
    if (!this.#running || !recording || recording.samples >= MAX_RECORDING) return;
    recording.blocks.push(frames.slice());
    recording.samples += frames.length;
  }
}

function writeSound(file: string, samples: Float32Array, exit: ExitCode): void {
  try {
    writeFileSync(file, printWav({ sampleRate: RATE, samples }));
  } catch (error) {
    throw new CommandError(exit, `cannot write ${file}: ${reason(error)}`);
  }
}

function readSound(file: string): Float32Array {
  let sound: WavSound | null;
  try {
    sound = parseWav(readFileSync(file));
  } catch (error) {
    throw new CommandError(EXIT.usage, `cannot read ${file}: ${reason(error)}`);
  }
  if (!sound || sound.samples.length === 0)
    throw new CommandError(EXIT.usage, `${file} is no WAV file with 16-bit PCM`);
  return resample(sound);
}

function resample({ sampleRate, samples }: WavSound): Float32Array {
  if (sampleRate === RATE) return samples;
  const resampler = new Resampler(sampleRate, RATE);
  const all = new Float32Array(Math.ceil((samples.length * RATE) / sampleRate) + 1);
  let length = 0;
  for (let at = 0; at < samples.length; at += BLOCK) {
    const block = samples.subarray(at, at + BLOCK);
    length += resampler.process(block, block.length, all.subarray(length));
  }
  return all.subarray(0, length);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
