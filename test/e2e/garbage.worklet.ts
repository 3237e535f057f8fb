import type { PlayoutFormat } from '../../src/media/audio/audio-engine.js';
import { type LoadedModules, Playout } from '../../src/media/audio/playout.js';
import type { GarbageOrder } from './garbage-order.js';

// The AudioWorkletGlobalScope, which TypeScript's libraries leave out.
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const RATE = 48_000;
const BLOCK = 128;
/** Blocks in 20 ms, and a little more: the sender's clock is slow. */
const BLOCKS = 7.5;

/** Seven times as fast as a call: each block that the audio clock wants plays a packet of each codec. */
class Garbage extends AudioWorkletProcessor {
  readonly #playout = new Playout(RATE, BLOCK);
  readonly #out = new Float32Array(BLOCK);
  readonly #packet = {
    ssrc: 1,
    sequenceNumber: 0,
    timestamp: 0,
    payloadType: 0,
    payload: new Uint8Array(0) as Uint8Array,
  };
  #voices: readonly { readonly format: PlayoutFormat; readonly payloads: readonly Uint8Array[] }[] = [];
  #order: GarbageOrder['type'] = 'rest';
  #packets = 0;
  #blocks = 0;
  kept: number[][] = [];

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<GarbageOrder>) => {
      this.#order = data.type;
      if (data.type !== 'open') return;
      this.#voices = data.voices;
      const modules: LoadedModules = data.modules;
      this.#voices.forEach(({ format }, id) => this.#playout.open(id, [format], modules));
      this.port.postMessage('open');
    };
  }

  process(): boolean {
    if (this.#order === 'play') this.#play();
    if (this.#order === 'waste') this.#waste();
    if (this.#order === 'count') this.#count();
    return true;
  }

  #play(): void {
    const n = this.#packets;
    this.#packets += 1;
    // Each twentieth is lost, each seventh comes after the one behind it, each thirteenth twice.
    const index = n % 7 === 3 ? n + 1 : n % 7 === 4 ? n - 1 : n;
    if (n % 20 !== 9) this.#push(index);
    if (n % 13 === 5) this.#push(index);
    for (; this.#blocks < this.#packets * BLOCKS; this.#blocks += 1)
      this.#playout.pull(this.#out, (this.#blocks * BLOCK * 1000) / RATE);
  }

  #push(index: number): void {
    const packet = this.#packet;
    packet.sequenceNumber = index & 0xffff;
    const now = (this.#blocks * BLOCK * 1000) / RATE;
    for (let v = 0; v < this.#voices.length; v += 1) {
      const voice = this.#voices[v];
      if (voice === undefined) continue;
      packet.payloadType = voice.format.payloadType;
      packet.timestamp = (index * voice.format.clockRate) / 50;
      packet.payload = voice.payloads[index % voice.payloads.length] ?? packet.payload;
      this.#playout.push(v, packet, now);
    }
  }

  #waste(): void {
    for (let i = 0; i < 100; i += 1) this.kept[i % 10] = new Array<number>(100).fill(i);
  }

  #count(): void {
    this.#order = 'rest';
    const statistics = this.#voices.map((_, id) => this.#playout.statistics(id));
    this.port.postMessage(statistics);
  }
}

registerProcessor('garbage', Garbage);
