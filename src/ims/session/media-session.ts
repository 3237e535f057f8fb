import type { Emitter } from '../../platform/emitter.js';
import type { CallQuality } from '../snapshot.js';

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface SessionDescription {
  readonly type: 'offer' | 'answer' | 'pranswer';
  readonly sdp: string;
}

/** What the call wants of the media for the next offer or answer. */
export interface MediaIntent {
  /** What we want; an answer is narrowed by what the offer allows (RFC 3264 §6.1). */
  readonly audio: MediaDirection;
  /** Address that the signalling goes to, of a first offer where {@link MediaFactory.create} was not told. */
  readonly remote?: string;
}

export interface MediaSessionEvents {
  /** About once a second while packets flow. */
  quality: CallQuality;
  /** First RTP packet arrived / packets stopped for 5 s / came back. */
  flow: { readonly receiving: boolean };
  /** A telephone-event arrived (RFC 4733), once per key press. */
  dtmf: { readonly tone: string; readonly durationMs: number };
  /** The direction in force after an offer/answer, both ends considered. */
  direction: { readonly audio: MediaDirection };
  failure: MediaError;
}

/**
 * The media of one call, shaped like the part of RTCPeerConnection that a call needs.
 * Offer/answer states are RTCPeerConnection's: stable, have-local-offer, have-remote-offer.
 * Implementations: `RtpMedia` (own engine), `WebRtcMedia` (later).
 */
export interface MediaSession {
  readonly events: Emitter<MediaSessionEvents>;
  createOffer(intent: MediaIntent): Promise<SessionDescription>;
  /** Only in have-remote-offer. @throws MediaError `not-acceptable` → 488 */
  createAnswer(intent: MediaIntent): Promise<SessionDescription>;
  setLocalDescription(description: SessionDescription): Promise<void>;
  /** @throws MediaError `malformed` (400/488) or `not-acceptable` (488) */
  setRemoteDescription(description: SessionDescription): Promise<void>;
  /** Back to the last stable state, after a rejected or glared offer (RFC 3264 §4, 3261 §14). */
  rollback(): Promise<void>;
  /** Sends silence (comfort) instead of the microphone. */
  setMuted(muted: boolean): void;
  /** @param tones of 0-9 A-D * #; queued. Resolves when the last one was sent. @param durationMs per tone, default 100 */
  sendDtmf(tones: string, durationMs?: number, gapMs?: number): Promise<void>;
  close(): Promise<void>;
}

export class MediaError extends Error {
  override readonly name = 'MediaError';
  constructor(
    readonly reason: 'malformed' | 'not-acceptable' | 'wrong-state' | 'network' | 'device' | 'closed',
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}

export interface MediaFactory {
  /**
   * @param callId a name for traces and statistics
   * @param remote address that the signalling goes to: offers name the local address that leads there
   * @param dtx whether pauses of the voice are described instead of sent; default false
   */
  create(callId: string, remote?: string, dtx?: boolean): MediaSession;
}
