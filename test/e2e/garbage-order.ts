import type { PlayoutFormat } from '../../src/media/audio/audio-engine.js';
import type { LoadedModules } from '../../src/media/audio/playout.js';

/** What the page tells the worklet of the test of garbage. */
export type GarbageOrder =
  | {
      readonly type: 'open';
      readonly voices: readonly { readonly format: PlayoutFormat; readonly payloads: readonly Uint8Array[] }[];
      readonly modules: LoadedModules;
    }
  | { readonly type: 'play' | 'waste' | 'rest' | 'count' };
