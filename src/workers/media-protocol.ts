import type { CompanionAddress } from './ims-protocol.js';
import type { PlayoutFormat, PlayoutStatistics } from '../media/audio/audio-engine.js';
import type { CodecPreference } from '../media/codec-preference.js';
import type { LoadedModules } from '../media/audio/playout.js';
import type {
  MediaDirection,
  MediaError,
  MediaIntent,
  MediaSessionEvents,
  SessionDescription,
} from '../ims/session/media-session.js';

/**
 * The four message paths of media:
 *
 *     page ──init, token──▶ media.worker ◀──bridge──▶ ims.worker      (one MediaSession per call)
 *     page ──connect, volume──▶ audio.worklet ◀──audio──▶ media.worker (packets down, captured sound up)
 *
 * `bridge` and `audio` are MessagePorts, ordered, each with one user at either end.
 */
export type MediaWorkerMessage =
  | MediaWorkerInit
  | { readonly type: 'token'; readonly token: string }
  /** For calls that come next; null: no order was chosen. */
  | { readonly type: 'codecs'; readonly codecs: readonly CodecPreference[] | null };

/** The first message to media.worker. Transfer both ports. */
export interface MediaWorkerInit {
  readonly type: 'init';
  readonly companion: CompanionAddress;
  /** URL of the folder of the WASM kernels, with a trailing slash. */
  readonly wasm: string;
  readonly codecs: readonly CodecPreference[] | null;
  /** To ims.worker. */
  readonly bridge: MessagePort;
  /** To audio.worklet: from `AudioHost.connect()`. */
  readonly audio: MessagePort;
}

/** ims.worker → media.worker. Every request but `create` and `setMuted` is answered under its `id`. */
export type BridgeRequest =
  | {
      readonly type: 'create';
      readonly call: number;
      readonly name: string;
      readonly remote: string | null;
      readonly dtx: boolean;
    }
  | { readonly type: 'setMuted'; readonly call: number; readonly muted: boolean }
  | { readonly type: 'request'; readonly call: number; readonly id: number; readonly action: BridgeAction };

export type BridgeAction =
  | { readonly name: 'createOffer' | 'createAnswer'; readonly intent: MediaIntent }
  | { readonly name: 'setLocalDescription' | 'setRemoteDescription'; readonly description: SessionDescription }
  | { readonly name: 'rollback' | 'close' }
  | {
      readonly name: 'sendDtmf';
      readonly tones: string;
      readonly durationMs: number | undefined;
      readonly gapMs: number | undefined;
    };

/** media.worker → ims.worker. */
export type BridgeReply =
  | { readonly type: 'done'; readonly id: number; readonly description: SessionDescription | null }
  | { readonly type: 'failed'; readonly id: number; readonly reason: MediaError['reason']; readonly message: string }
  | { readonly type: 'event'; readonly call: number; readonly event: BridgeEvent };

/** Errors are told by their fields: structured clones of them lose the class. */
export type BridgeEvent =
  | { readonly name: 'quality'; readonly value: MediaSessionEvents['quality'] }
  | { readonly name: 'flow'; readonly value: MediaSessionEvents['flow'] }
  | { readonly name: 'dtmf'; readonly value: MediaSessionEvents['dtmf'] }
  | { readonly name: 'direction'; readonly value: { readonly audio: MediaDirection } }
  | { readonly name: 'failure'; readonly value: { readonly reason: MediaError['reason']; readonly message: string } };

/** media.worker → audio.worklet. */
export type WorkletRequest =
  | {
      readonly type: 'open';
      readonly voice: number;
      readonly formats: readonly PlayoutFormat[];
      readonly modules: LoadedModules;
    }
  | {
      readonly type: 'packet';
      readonly voice: number;
      readonly ssrc: number;
      readonly sequenceNumber: number;
      readonly timestamp: number;
      readonly payloadType: number;
      readonly payload: Uint8Array;
      readonly pcm?: Int16Array;
    }
  | { readonly type: 'close'; readonly voice: number }
  /** Whether captured sound is wanted. */
  | { readonly type: 'capture'; readonly on: boolean };

/** audio.worklet → media.worker. */
export type WorkletReply =
  | { readonly type: 'frames'; readonly frames: Float32Array; readonly sampleRate: number }
  | { readonly type: 'opened'; readonly voice: number; readonly error: string | null }
  /** Twice a second for each voice. */
  | { readonly type: 'statistics'; readonly voice: number; readonly statistics: PlayoutStatistics };

/** Page → audio.worklet, over the node's own port. `connect` transfers the port to media.worker. */
export type WorkletControl =
  { readonly type: 'connect'; readonly port: MessagePort } | { readonly type: 'volume'; readonly volume: number };
