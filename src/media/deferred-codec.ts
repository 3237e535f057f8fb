/**
 * A codec that works elsewhere and answers later: WebCodecs in the media worker. The AudioWorklet has none, so packets
 * are decoded as they arrive, and the jitter buffer holds their sound instead of their octets.
 */
export interface DeferredCodec {
  /** @param fmtp of the other side @param packetMs wished duration of a packet @param onPayload gets one payload for each `encode`, in order */
  createEncoder(fmtp: string, packetMs: number, onPayload: (payload: Uint8Array) => void): DeferredEncoder;
  createDecoder(): DeferredDecoder;
}

export interface DeferredEncoder {
  /** Samples that one `encode` takes: a packet's. */
  readonly frameSamples: number;
  /** Write the samples here, signed 16 bit. */
  readonly input: Int16Array;
  /** Begins to encode `input`, which may be written again at once. */
  encode(): void;
  close(): void;
}

export interface DeferredDecoder {
  /** @param onSound gets the samples of the payload, signed 16 bit; is not called for one that is malformed */
  decode(payload: Uint8Array, onSound: (pcm: Int16Array) => void): void;
  close(): void;
}
