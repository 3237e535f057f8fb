import { existsSync } from 'node:fs';
import type { MediaDirection, MediaSession, MediaSessionEvents } from '../../src/ims/session/media-session.js';
import { PacedAudio } from '../../src/media/audio/paced-audio.js';
import type { CodecPreference } from '../../src/media/codec-preference.js';
import { CODECS } from '../../src/media/codec-registry.js';
import { RtpMediaFactory } from '../../src/media/rtp-media-factory.js';
import { MemoryFabric, type Conditions } from '../../src/net/memory-fabric.js';
import type { MemoryNetwork } from '../../src/net/memory-network.js';
import { buildAssembly } from '../../tools/build-assembly.js';
import { WasmFromDisk } from '../../tools/wasm-from-disk.js';
import { SeededRandom } from '../platform/seeded-random.js';
import { VirtualClock } from '../platform/virtual-clock.js';

export interface PhoneOptions {
  readonly microphone?: (out: Float32Array) => void;
  readonly sampleRate?: number;
  readonly driftPpm?: number;
  readonly codecs?: readonly CodecPreference[];
  readonly dtx?: boolean;
}

/** One end: what it heard is kept, at most `keep` samples. */
export class Phone {
  readonly network: MemoryNetwork;
  readonly factory: RtpMediaFactory;
  readonly media: MediaSession;
  readonly dtmf: MediaSessionEvents['dtmf'][] = [];
  readonly quality: MediaSessionEvents['quality'][] = [];
  readonly flow: boolean[] = [];
  readonly directions: MediaDirection[] = [];
  heard: number[] = [];
  keep = 8_000_000;

  constructor(
    fabric: MemoryFabric,
    clock: VirtualClock,
    random: SeededRandom,
    modules: WasmFromDisk,
    address: string,
    options: PhoneOptions,
  ) {
    this.network = fabric.host(address);
    const audio = new PacedAudio({
      clock,
      modules,
      ...options,
      onHeard: (frames) => {
        if (this.heard.length < this.keep) this.heard.push(...frames);
      },
    });
    const { codecs = null } = options;
    this.factory = new RtpMediaFactory({ network: this.network, clock, random, audio, modules, codecs });
    const media = this.factory.create(address, undefined, options.dtx);
    this.media = media;
    media.events.on('dtmf', (e) => this.dtmf.push(e));
    media.events.on('quality', (e) => this.quality.push(e));
    media.events.on('flow', (e) => this.flow.push(e.receiving));
    media.events.on('direction', (e) => this.directions.push(e.audio));
  }
}

/** Two phones on one wire, on a virtual clock. */
export class TwoPhones {
  readonly clock = new VirtualClock();
  readonly fabric: MemoryFabric;
  readonly alice: Phone;
  readonly bob: Phone;

  private constructor(
    modules: WasmFromDisk,
    conditions: Conditions,
    alice: PhoneOptions,
    bob: PhoneOptions,
    addresses: readonly [string, string],
  ) {
    const random = new SeededRandom(7);
    this.fabric = new MemoryFabric({ clock: this.clock, random, conditions });
    this.alice = new Phone(this.fabric, this.clock, random, modules, addresses[0], alice);
    this.bob = new Phone(this.fabric, this.clock, random, modules, addresses[1], bob);
  }

  static async create(
    conditions: Conditions = {},
    alice: PhoneOptions = {},
    bob: PhoneOptions = {},
    addresses: readonly [string, string] = ['192.0.2.1', '192.0.2.2'],
  ): Promise<TwoPhones> {
    if (
      [...CODECS.map(({ wasm }) => wasm), 'jitter', 'comfort-noise'].some(
        (name) => !existsSync(`build/wasm/${name}.wasm`),
      )
    )
      await buildAssembly();
    const modules = new WasmFromDisk();
    // Compiled in real time, before virtual time starts.
    await Promise.all([
      ...CODECS.map(({ wasm }) => modules.get(wasm)),
      modules.get('jitter'),
      modules.get('comfort-noise'),
    ]);
    return new TwoPhones(modules, conditions, alice, bob, addresses);
  }

  /** An offer of `from`, answered by the other. @returns the two bodies */
  async negotiate(
    from: Phone = this.alice,
    offered: MediaDirection = 'sendrecv',
    answered: MediaDirection = 'sendrecv',
  ): Promise<[string, string]> {
    const to = from === this.alice ? this.bob : this.alice;
    const offer = await from.media.createOffer({ audio: offered });
    await from.media.setLocalDescription(offer);
    await to.media.setRemoteDescription(offer);
    const answer = await to.media.createAnswer({ audio: answered });
    await to.media.setLocalDescription(answer);
    await from.media.setRemoteDescription(answer);
    return [offer.sdp, answer.sdp];
  }

  async close(): Promise<void> {
    await Promise.all([this.alice.media.close(), this.bob.media.close()]);
    await this.clock.advance(1000);
  }
}

/** A tone for a microphone. */
export function tone(frequency: number, sampleRate: number, amplitude = 0.5): (out: Float32Array) => void {
  let n = 0;
  return (out) => {
    for (let i = 0; i < out.length; i += 1) {
      out[i] = amplitude * Math.sin((2 * Math.PI * frequency * n) / sampleRate);
      n += 1;
    }
  };
}

/** Power of the tone over that of all the rest, dB, by least squares. */
export function toneToRest(samples: ArrayLike<number>, frequency: number, sampleRate: number): number {
  let ss = 0;
  let cc = 0;
  let sc = 0;
  let s = 0;
  let c = 0;
  let total = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const phase = (2 * Math.PI * frequency * i) / sampleRate;
    const value = samples[i] ?? 0;
    const [sin, cos] = [Math.sin(phase), Math.cos(phase)];
    ss += sin * sin;
    cc += cos * cos;
    sc += sin * cos;
    s += value * sin;
    c += value * cos;
    total += value * value;
  }
  const determinant = ss * cc - sc * sc;
  const signal = (s * (s * cc - c * sc) + c * (c * ss - s * sc)) / determinant;
  return 10 * Math.log10(signal / Math.max(1e-12, total - signal));
}
