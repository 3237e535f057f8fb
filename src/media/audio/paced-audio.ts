import type { Clock, Timer } from '../../platform/clock.js';
import { modulesFor } from '../codec-registry.js';
import type { WasmModules } from '../wasm/wasm-modules.js';
import type { AudioEngine, CaptureStream, PlayoutFormat, PlayoutStream } from './audio-engine.js';
import { Playout } from './playout.js';

export interface PacedAudioOptions {
  readonly clock: Clock;
  readonly modules: WasmModules;
  /** Hz of microphone and loudspeaker. Default 8000. */
  readonly sampleRate?: number;
  /** Fills the next microphone samples; silence if absent. */
  readonly microphone?: (out: Float32Array) => void;
  /** Gets what would be heard, valid during the call only. */
  readonly onHeard?: (frames: Float32Array) => void;
  /** How much faster than the clock the "sound card" runs, parts per million. For tests. Default 0. */
  readonly driftPpm?: number;
}

/** ms of sound per tick. */
const TICK = 10;
/** A process that slept longer than this does not catch up, ms. */
const CATCH_UP = 500;

/** A sound card without sound: paced by a Clock, for Node and tests. Runs while a stream is open. */
export class PacedAudio implements AudioEngine {
  readonly #rate: number;
  readonly #playout: Playout;
  readonly #captures = new Set<(frames: Float32Array, sampleRate: number) => void>();
  readonly #voices = new Set<number>();
  readonly #microphone: Float32Array;
  readonly #heard: Float32Array;
  #nextId = 1;
  #timer: Timer | null = null;
  #start = 0;
  #ticks = 0;

  constructor(private readonly options: PacedAudioOptions) {
    this.#rate = options.sampleRate ?? 8000;
    const block = (this.#rate * TICK) / 1000;
    this.#playout = new Playout(this.#rate, block);
    this.#microphone = new Float32Array(block);
    this.#heard = new Float32Array(block);
  }

  async openPlayout(formats: readonly PlayoutFormat[]): Promise<PlayoutStream> {
    const modules = await modulesFor(formats, this.options.modules);
    const id = this.#nextId;
    this.#nextId += 1;
    this.#playout.open(id, formats, modules);
    this.#voices.add(id);
    this.#run();
    return {
      statistics: () => this.#playout.statistics(id),
      push: (packet) => this.#playout.push(id, packet, this.options.clock.now()),
      close: () => {
        this.#playout.close(id);
        this.#voices.delete(id);
      },
    };
  }

  openCapture(onFrames: (frames: Float32Array, sampleRate: number) => void): CaptureStream {
    this.#captures.add(onFrames);
    this.#run();
    return { close: () => void this.#captures.delete(onFrames) };
  }

  #run(): void {
    if (this.#timer !== null) return;
    this.#start = this.options.clock.now();
    this.#ticks = 0;
    this.#schedule();
  }

  #schedule(): void {
    const period = TICK / (1 + (this.options.driftPpm ?? 0) / 1e6);
    const due = this.#start + (this.#ticks + 1) * period;
    this.#timer = this.options.clock.setTimeout(Math.max(0, due - this.options.clock.now()), () => {
      this.#timer = null;
      if (this.#captures.size === 0 && this.#voices.size === 0) return;
      const now = this.options.clock.now();
      if (now - due > CATCH_UP) {
        this.#start += now - due;
        this.#tick(now);
      } else {
        for (let at = due; at <= now; at = this.#start + (this.#ticks + 1) * period) this.#tick(at);
      }
      this.#schedule();
    });
  }

  /** @param at ms at which the sound card wants the samples, even if we are late */
  #tick(at: number): void {
    this.#ticks += 1;
    this.#playout.pull(this.#heard, at);
    this.options.onHeard?.(this.#heard);
    this.#microphone.fill(0);
    this.options.microphone?.(this.#microphone);
    for (const onFrames of [...this.#captures]) onFrames(this.#microphone, this.#rate);
  }
}

/** A microphone that plays `samples` once, or again and again. */
export function playback(samples: Float32Array, repeat = false): (out: Float32Array) => void {
  let at = 0;
  return (out) => {
    for (let i = 0; i < out.length; i += 1) {
      if (repeat && at >= samples.length) at = 0;
      out[i] = samples[at] ?? 0;
      at += 1;
    }
  };
}
