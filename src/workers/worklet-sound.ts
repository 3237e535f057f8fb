import { Playout } from '../media/audio/playout.js';
import type { WorkletReply, WorkletRequest } from './media-protocol.js';

/** Sides of the render quantum and of a message: captured sound goes up in pieces of about 10 ms. */
const QUANTUM = 128;
/** Statistics go up this often, s. */
const STATISTICS_INTERVAL = 0.5;

/** The port of media.worker, as far as it is needed here. */
export interface SoundPort {
  postMessage(message: WorkletReply): void;
  onmessage: ((event: MessageEvent<WorkletRequest>) => void) | null;
}

/**
 * What the AudioWorklet does, without the worklet: `process` is called by the audio clock with what the
 * microphone gave and fills what is heard. Allocates nothing but the messages it posts.
 */
export class WorkletSound {
  readonly #playout: Playout;
  readonly #captured: Float32Array;
  readonly #voices = new Set<number>();
  #port: SoundPort | null = null;
  #filled = 0;
  #capturing = false;
  #reported = 0;
  #time = 0;

  constructor(private readonly sampleRate: number) {
    this.#playout = new Playout(sampleRate, QUANTUM);
    this.#captured = new Float32Array(QUANTUM * Math.max(1, Math.round(sampleRate / 100 / QUANTUM)));
  }

  set volume(volume: number) {
    this.#playout.volume = Math.max(0, Math.min(1, volume));
  }

  /** A new media.worker: the voices of the old one are gone with it. */
  connect(port: SoundPort): void {
    for (const voice of this.#voices) this.#playout.close(voice);
    this.#voices.clear();
    this.#capturing = false;
    this.#port = port;
    port.onmessage = ({ data }) => {
      if (port === this.#port) this.#receive(data);
    };
  }

  /** @param time s of the audio clock @param input one block, or undefined without a microphone */
  process(time: number, input: Float32Array | undefined, output: Float32Array): void {
    this.#time = time * 1000;
    this.#playout.pull(output, this.#time);
    if (this.#capturing) this.#capture(input, output.length);
    if (time - this.#reported >= STATISTICS_INTERVAL) this.#report(time);
  }

  #capture(input: Float32Array | undefined, length: number): void {
    for (let i = 0; i < length; i += 1) {
      this.#captured[this.#filled] = input?.[i] ?? 0;
      this.#filled += 1;
      if (this.#filled < this.#captured.length) continue;
      this.#filled = 0;
      this.#port?.postMessage({ type: 'frames', frames: this.#captured, sampleRate: this.sampleRate });
    }
  }

  #report(time: number): void {
    this.#reported = time;
    for (const voice of this.#voices) {
      const statistics = this.#playout.statistics(voice);
      if (statistics !== null) this.#port?.postMessage({ type: 'statistics', voice, statistics });
    }
  }

  #receive(request: WorkletRequest): void {
    switch (request.type) {
      case 'packet':
        this.#playout.push(request.voice, request, this.#time);
        break;
      case 'open':
        this.#open(request);
        break;
      case 'close':
        this.#voices.delete(request.voice);
        this.#playout.close(request.voice);
        break;
      case 'capture':
        this.#capturing = request.on;
        this.#filled = 0;
        break;
    }
  }

  #open({ voice, formats, modules }: Extract<WorkletRequest, { type: 'open' }>): void {
    let error: string | null = null;
    try {
      this.#playout.open(voice, formats, modules);
      this.#voices.add(voice);
    } catch (cause) {
      error = String(cause);
    }
    this.#port?.postMessage({ type: 'opened', voice, error });
  }
}
