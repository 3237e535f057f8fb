import type {
  AudioEngine,
  CaptureStream,
  PlayoutFormat,
  PlayoutPacket,
  PlayoutStatistics,
  PlayoutStream,
} from '../media/audio/audio-engine.js';
import { modulesFor } from '../media/codec-registry.js';
import type { WasmModules } from '../media/wasm/wasm-modules.js';
import type { WorkletReply, WorkletRequest } from './media-protocol.js';

interface Voice {
  statistics: PlayoutStatistics | null;
}

/** Microphone and loudspeaker of the page: the AudioWorklet at the other end of a port. */
export class WorkletAudioEngine implements AudioEngine {
  readonly #voices = new Map<number, Voice>();
  readonly #captures = new Set<(frames: Float32Array, sampleRate: number) => void>();
  #nextVoice = 1;

  constructor(
    private readonly port: MessagePort,
    private readonly modules: WasmModules,
  ) {
    port.onmessage = ({ data }: MessageEvent<WorkletReply>) => this.#receive(data);
  }

  async openPlayout(formats: readonly PlayoutFormat[]): Promise<PlayoutStream> {
    const modules = await modulesFor(formats, this.modules);
    const voice = this.#nextVoice;
    this.#nextVoice += 1;
    const state: Voice = { statistics: null };
    this.#voices.set(voice, state);
    // The worklet may not run yet (autoplay policy): the port keeps the order, nobody waits.
    this.#post({ type: 'open', voice, formats, modules });
    return {
      statistics: () => state.statistics,
      push: (packet) => this.#push(voice, packet),
      close: () => {
        this.#voices.delete(voice);
        this.#post({ type: 'close', voice });
      },
    };
  }

  openCapture(onFrames: (frames: Float32Array, sampleRate: number) => void): CaptureStream {
    this.#captures.add(onFrames);
    this.#post({ type: 'capture', on: true });
    return {
      close: () => {
        this.#captures.delete(onFrames);
        if (this.#captures.size === 0) this.#post({ type: 'capture', on: false });
      },
    };
  }

  #push(voice: number, { ssrc, sequenceNumber, timestamp, payloadType, payload, pcm }: PlayoutPacket): void {
    // A view of a whole batch of datagrams would be cloned with all of its buffer.
    const octets = payload.slice();
    const sound = pcm === undefined ? {} : { pcm };
    this.#post({ type: 'packet', voice, ssrc, sequenceNumber, timestamp, payloadType, payload: octets, ...sound });
  }

  #receive(reply: WorkletReply): void {
    if (reply.type === 'frames') {
      for (const onFrames of [...this.#captures]) onFrames(reply.frames, reply.sampleRate);
    } else if (reply.type === 'statistics') {
      const voice = this.#voices.get(reply.voice);
      if (voice !== undefined) voice.statistics = reply.statistics;
    } else if (reply.error !== null) {
      // Reported where the worker's errors are: the page shows that the sound failed.
      reportError(new Error(`audio worklet: ${reply.error}`));
    }
  }

  #post(request: WorkletRequest): void {
    this.port.postMessage(request);
  }
}
