import type { PlayoutPacket, PlayoutStatistics, PlayoutStream } from './audio/audio-engine.js';
import type { DeferredCodec, DeferredDecoder } from './deferred-codec.js';

/**
 * A playout whose packets are decoded before they reach the jitter buffer. They are decoded in their order: one that was
 * overtaken comes too late for its decoder, and counts as lost.
 */
export class DeferredPlayout implements PlayoutStream {
  readonly #types: ReadonlySet<number>;
  #decoder: DeferredDecoder | null = null;
  #ssrc: number | null = null;
  #newest = 0;

  /** @param payloadTypes those that `codec` decodes; the others pass as they are */
  constructor(
    private readonly playout: PlayoutStream,
    private readonly codec: DeferredCodec,
    payloadTypes: readonly number[],
  ) {
    this.#types = new Set(payloadTypes);
  }

  statistics(): PlayoutStatistics | null {
    return this.playout.statistics();
  }

  push(packet: PlayoutPacket): void {
    const { ssrc, sequenceNumber, timestamp, payloadType } = packet;
    if (!this.#types.has(payloadType)) {
      this.playout.push(packet);
      return;
    }
    if (ssrc !== this.#ssrc || this.#decoder === null) {
      this.#decoder?.close();
      this.#decoder = this.codec.createDecoder();
      this.#ssrc = ssrc;
    } else if (((sequenceNumber - this.#newest - 1) & 0xffff) >= 0x8000) {
      return;
    }
    this.#newest = sequenceNumber;
    this.#decoder.decode(packet.payload, (pcm) =>
      this.playout.push({ ssrc, sequenceNumber, timestamp, payloadType, payload: NONE, pcm }),
    );
  }

  close(): void {
    this.#decoder?.close();
    this.#decoder = null;
    this.playout.close();
  }
}

const NONE = new Uint8Array(0);
