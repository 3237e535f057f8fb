import type { JitterStatistics } from '../jitter/jitter-buffer.js';

/** A payload format that a call may receive. */
export interface PlayoutFormat {
  readonly payloadType: number;
  readonly name: string;
  readonly clockRate: number;
  readonly fmtp: string;
}

export interface PlayoutPacket {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly payloadType: number;
  /** Not kept. */
  readonly payload: Uint8Array;
  /** Its sound, where it was decoded on the way; then the payload is empty. */
  readonly pcm?: Int16Array;
}

/** Jitter buffer counters and the loudest sample since they were last read, 0..1. */
export interface PlayoutStatistics extends JitterStatistics {
  level: number;
}

/** The ear of one call: packets in; the audio clock pulls them out. */
export interface PlayoutStream {
  /** Latest known; null before the first. Reading resets the level. */
  statistics(): PlayoutStatistics | null;
  push(packet: PlayoutPacket): void;
  close(): void;
}

/** The mouth of one call. */
export interface CaptureStream {
  close(): void;
}

/**
 * The sound of a page or process: microphone and loudspeaker shared by its calls. Capture keeps the pace:
 * it goes on, with silence, when there is no microphone.
 */
export interface AudioEngine {
  /** @throws Error when a codec's module does not load */
  openPlayout(formats: readonly PlayoutFormat[]): Promise<PlayoutStream>;
  /** @param onFrames gets samples of -1..1, valid during the call only, and their rate in Hz */
  openCapture(onFrames: (frames: Float32Array, sampleRate: number) => void): CaptureStream;
}
