import type { Network } from '../net/network.js';
import type { Clock } from '../platform/clock.js';
import type { Random } from '../platform/random.js';
import type { AudioEngine } from './audio/audio-engine.js';
import type { CodecPreference } from './codec-preference.js';
import type { DeferredCodec } from './deferred-codec.js';
import type { WasmModules } from './wasm/wasm-modules.js';

export interface RtpMediaOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly audio: AudioEngine;
  readonly modules: WasmModules;
  /** A person's order, for offers and answers; null or absent: ours for offers, the offerer's for answers. */
  readonly codecs?: readonly CodecPreference[] | null;
  /** Discontinuous transmission: pauses of the voice are described, not sent. Default false. What others send is always taken. */
  readonly dtx?: boolean;
  /** Opus by WebCodecs, where the host has it. Without it nobody is told of Opus. */
  readonly opus?: DeferredCodec | null;
}
