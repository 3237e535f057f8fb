import type { Decoder } from '../codec.js';
import { findCodec } from '../codec-registry.js';
import { emptyJitterStatistics, JitterBuffer } from '../jitter/jitter-buffer.js';
import { ComfortNoiseDecoder, isComfortNoise } from '../codecs/comfort-noise.js';
import { isOpus, OPUS } from '../codecs/opus.js';
import type { WasmName } from '../wasm/wasm-modules.js';
import type { PlayoutFormat, PlayoutPacket, PlayoutStatistics } from './audio-engine.js';
import { PauseFiller } from './pause-filler.js';
import { PcmStore } from './pcm-store.js';
import { Resampler } from './resampler.js';

/** Compiled kernels at hand: the jitter buffer and those of the formats in use. */
export type LoadedModules = Readonly<Partial<Record<WasmName, WebAssembly.Module>>>;

/** Longest pull of the jitter buffer, samples at any rate: 10 ms at 48 kHz. */
const BLOCK = 480;

/** Payload formats of one clock and one sampling rate: jitter buffer → decoder → device rate. */
interface Lane {
  readonly sampleRate: number;
  readonly clockRate: number;
  readonly buffer: JitterBuffer;
  readonly filler: PauseFiller;
  readonly resampler: Resampler;
  readonly decoders: (Decoder | undefined)[];
}

/**
 * One received stream. A sender may change its payload type at any time (RFC 3264 §5.1, RFC 3550 §5.1): where that changes the
 * rates too, another lane takes over.
 */
class Voice {
  readonly #lanes: Lane[] = [];
  /** By payload type. */
  readonly #laneOf: (Lane | undefined)[] = new Array<Lane | undefined>(128).fill(undefined);
  readonly #input = new Float32Array(BLOCK * 2);
  readonly #statistics: PlayoutStatistics = { ...emptyJitterStatistics(), level: 0 };
  /** Sound that was decoded on the way. */
  readonly #store = new PcmStore();
  #lane: Lane;
  #ssrc: number | null = null;
  #newest = 0;
  #level = 0;

  constructor(
    formats: readonly PlayoutFormat[],
    private readonly modules: LoadedModules,
    private readonly deviceRate: number,
  ) {
    for (const format of formats) {
      const { name, clockRate, payloadType, fmtp } = format;
      if (isOpus(format)) {
        const lane = this.#laneFor(OPUS);
        lane.decoders[payloadType] = this.#store;
        this.#laneOf[payloadType] = lane;
        continue;
      }
      const entry = findCodec(name, clockRate);
      const module = entry === undefined ? undefined : modules[entry.wasm];
      if (entry === undefined || module === undefined) continue;
      const lane = this.#laneFor(entry.description);
      lane.decoders[payloadType] = lane.filler.watch(entry.instantiate(module).createDecoder(fmtp));
      this.#laneOf[payloadType] = lane;
    }
    for (const format of formats) if (isComfortNoise(format)) this.#addComfortNoise(format);
    this.#lane = this.#lanes[0] ?? this.#laneFor({ sampleRate: 8000, clockRate: 8000 });
  }

  push(packet: PlayoutPacket, arrival: number): void {
    const { ssrc, sequenceNumber, timestamp, payloadType } = packet;
    if (this.#ssrc !== ssrc) {
      // RFC 3550 §8: another source, other sequence numbers and timestamps.
      if (this.#ssrc !== null) this.#restart();
      this.#ssrc = ssrc;
      this.#newest = sequenceNumber;
    }
    // Comfort noise goes along with the voice that speaks.
    const lane = this.#lane.decoders[payloadType] === undefined ? this.#laneOf[payloadType] : this.#lane;
    const isNew = ((sequenceNumber - this.#newest) & 0xffff) < 0x8000;
    if (lane !== undefined && lane !== this.#lane) {
      // What was sent before the change comes too late.
      if (!isNew) return;
      this.#lane = lane;
      this.#restart();
    }
    if (isNew) this.#newest = sequenceNumber;
    let payload = lane === undefined ? NO_SOUND : packet.payload;
    if (packet.pcm !== undefined) payload = this.#store.keep(sequenceNumber, packet.pcm);
    this.#lane.buffer.insert(sequenceNumber, timestamp, payloadType, payload, arrival);
  }

  /** Adds `count` samples, at most {@link BLOCK}, to `out` from `offset`. */
  mix(out: Float32Array, offset: number, count: number, scratch: Float32Array, gain: number, now: number): void {
    const { buffer, filler, resampler, decoders } = this.#lane;
    const target = scratch.length === count ? scratch : scratch.subarray(0, count);
    const needed = resampler.needed(count);
    for (let done = 0; done < needed;) {
      const n = Math.min(needed - done, BLOCK);
      filler.pull(buffer, this.#input, n, decoders, now);
      resampler.process(this.#input, n, done + n < needed ? EMPTY : target);
      done += n;
    }
    if (needed === 0) resampler.process(this.#input, 0, target);
    for (let i = 0; i < count; i += 1) {
      const value = (target[i] ?? 0) * gain;
      if (Math.abs(value) > this.#level) this.#level = Math.abs(value);
      out[offset + i] = (out[offset + i] ?? 0) + value;
    }
  }

  statistics(): PlayoutStatistics {
    this.#lane.buffer.read(this.#statistics);
    this.#lane.filler.correct(this.#statistics);
    this.#statistics.level = this.#level;
    this.#level = 0;
    return this.#statistics;
  }

  #restart(): void {
    this.#lane.buffer.restart();
    this.#lane.filler.restart();
  }

  /** RFC 3389 §4: beside every voice of its clock. */
  #addComfortNoise({ payloadType, clockRate }: PlayoutFormat): void {
    const module = this.modules['comfort-noise'];
    if (module === undefined) return;
    for (const lane of this.#lanes) {
      if (lane.clockRate !== clockRate || lane.sampleRate > 16_000) continue;
      lane.decoders[payloadType] = lane.filler.watch(new ComfortNoiseDecoder(module, lane.sampleRate));
      this.#laneOf[payloadType] ??= lane;
    }
  }

  #laneFor({ sampleRate, clockRate }: Pick<Lane, 'sampleRate' | 'clockRate'>): Lane {
    const known = this.#lanes.find((lane) => lane.sampleRate === sampleRate && lane.clockRate === clockRate);
    if (known !== undefined) return known;
    if (this.modules.jitter === undefined) throw new Error('the jitter buffer is not loaded');
    const lane: Lane = {
      sampleRate,
      clockRate,
      buffer: new JitterBuffer(this.modules.jitter, { sampleRate, clockRate }),
      filler: new PauseFiller(),
      resampler: new Resampler(sampleRate, this.deviceRate),
      decoders: new Array<Decoder | undefined>(128).fill(undefined),
    };
    this.#lanes.push(lane);
    return lane;
  }
}

const NO_SOUND = new Uint8Array(0);
const EMPTY = new Float32Array(0);

/**
 * What is heard: every call's voice, mixed at the device's rate. Runs in the AudioWorklet and in Node alike;
 * `push` and `pull` allocate nothing.
 */
export class Playout {
  readonly #voices = new Map<number, Voice>();
  readonly #list: Voice[] = [];
  readonly #scratch: Float32Array;
  /** 0..1 */
  volume = 1;

  /** @param block samples that the host mostly pulls at once (128 in a worklet) */
  constructor(
    readonly deviceRate: number,
    block = 128,
  ) {
    this.#scratch = new Float32Array(Math.min(block, BLOCK));
  }

  /** Opens or replaces a voice. @throws Error when a kernel is missing */
  open(id: number, formats: readonly PlayoutFormat[], modules: LoadedModules): void {
    this.close(id);
    const voice = new Voice(formats, modules, this.deviceRate);
    this.#voices.set(id, voice);
    this.#list.push(voice);
  }

  close(id: number): void {
    const voice = this.#voices.get(id);
    if (voice === undefined) return;
    this.#voices.delete(id);
    this.#list.splice(this.#list.indexOf(voice), 1);
  }

  /** @param arrival ms of the clock given to `pull` */
  push(id: number, packet: PlayoutPacket, arrival: number): void {
    this.#voices.get(id)?.push(packet, arrival);
  }

  /** Fills `out`. @param now ms of the audio clock at the first sample */
  pull(out: Float32Array, now: number): void {
    out.fill(0);
    const step = this.#scratch.length;
    for (let offset = 0; offset < out.length; offset += step) {
      const count = Math.min(step, out.length - offset);
      const at = now + (offset * 1000) / this.deviceRate;
      for (let v = 0; v < this.#list.length; v += 1)
        this.#list[v]?.mix(out, offset, count, this.#scratch, this.volume, at);
    }
    if (this.#list.length > 1) for (let i = 0; i < out.length; i += 1) out[i] = Math.max(-1, Math.min(1, out[i] ?? 0));
  }

  statistics(id: number): PlayoutStatistics | null {
    return this.#voices.get(id)?.statistics() ?? null;
  }
}
