/** What SDP says about an audio payload format. */
export interface CodecDescription {
  /** Encoding name as registered (RFC 3551, IANA): 'PCMU', 'AMR-WB', 'telephone-event'. */
  readonly name: string;
  /** RTP clock rate in Hz (G722 says 8000 and samples at 16000). */
  readonly clockRate: number;
  /** Sampling rate of the PCM that goes in and comes out, Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Static payload type, or null for a dynamic one. */
  readonly payloadType: number | null;
  /** Duration of one codec frame, ms. */
  readonly frameMs: number;
  /** Frames that one packet may hold, where the payload format or its size bounds them; 120 ms else. */
  readonly maxFramesPerPacket?: number;
  /** Describes silence by frames of its own: comfort noise of RFC 3389 is for the others. */
  readonly discontinuous?: true;
  /** E-model equipment impairment and packet-loss robustness (ITU-T G.113): on the wide-band scale from 16 kHz on. */
  readonly ie: number;
  readonly bpl: number;
}

/** One direction of one call. Fixed buffers: nothing is allocated after creation. */
export interface Encoder {
  /** Samples that one `encode` takes, at the codec's sampling rate. */
  readonly frameSamples: number;
  /** Write the samples here, signed 16 bit. */
  readonly input: Int16Array;
  /** Encoded octets of the last frame are here. */
  readonly output: Uint8Array;
  /** Encodes `input`. @returns octets written to `output`; 0 = nothing to send (DTX) */
  encode(): number;
  /** What the last `encode` made, if anything, describes silence: no talkspurt begins with it. Absent: it never does. */
  readonly silent?: boolean;
  /** Sees what the peer sends in this codec, where its payloads ask something of the encoder (RFC 4867 §4.3.1: codec mode request). */
  receive?(payload: Uint8Array): void;
  reset(): void;
}

export interface Decoder {
  readonly frameSamples: number;
  readonly input: Uint8Array;
  readonly output: Int16Array;
  /** Decodes `length` octets of `input`. A bad frame yields concealment, never a trap. @returns samples written */
  decode(length: number): number;
  /** Makes one frame for a lost packet. @returns samples written; 0: nothing is lost, for nothing was to come */
  conceal(): number;
  /** Losses are concealed from the decoder's own state, which is kept in step by it. Absent: as any sound's. */
  readonly concealsByItself?: true;
  /** The last payload described silence, so that nothing is lost while nothing comes: `comfort` fills the pause. Absent: it never does. */
  readonly silent?: boolean;
  /** Makes one frame of the noise that was described. @returns samples written */
  comfort?(): number;
  /** Perceptual enhancement of what was decoded, on unless turned off. Absent: there is none, or it cannot be left out. */
  enhanced?: boolean;
  reset(): void;
}

/** A loaded codec module: one WASM module, instances per direction. */
export interface Codec {
  readonly description: CodecDescription;
  /**
   * @param fmtp of the other side
   * @param packetMs duration that a packet is to have. A codec whose frames cannot stand behind each other makes its
   * `encode` a whole packet: as many frames as fit, one at least.
   * @param dtx discontinuous transmission, where the codec has one of its own. Default: as `fmtp` wishes, or none
   */
  createEncoder(fmtp: string, packetMs?: number, dtx?: boolean): Encoder;
  /** @param fmtp ours */
  createDecoder(fmtp: string): Decoder;
}
