import type { DeferredCodec, DeferredDecoder, DeferredEncoder } from '../media/deferred-codec.js';
import { opusPacketMs, opusParameters, opusSamples, type OpusParameters } from '../media/payload/opus.js';

const RATE = 48_000;
/** RFC 7587 §3.1.3: what says no more than that nobody speaks need not be sent. */
const DTX_OCTETS = 2;
/** Loss that the encoder's in-band correction prepares for, per cent. */
const EXPECTED_LOSS = 10;
/** Frames after which a packet that is still missing was left out by the encoder, which it does not tell. */
const PATIENCE = 5;
/** Packets that the decoder may be behind; more are dropped. */
const MAX_QUEUE = 50;

/** Opus of this browser. @returns null where WebCodecs is absent or has no Opus */
export async function webCodecsOpus(): Promise<DeferredCodec | null> {
  if (!('AudioEncoder' in globalThis) || !('AudioDecoder' in globalThis)) return null;
  const [encoder, decoder] = await Promise.all([
    AudioEncoder.isConfigSupported(encoderConfiguration(opusParameters(''), 20)),
    AudioDecoder.isConfigSupported(DECODER),
  ]);
  if (encoder.supported !== true || decoder.supported !== true) return null;
  return {
    createEncoder: (fmtp, packetMs, onPayload) =>
      new WebCodecsEncoder(encoderConfiguration(opusParameters(fmtp), opusPacketMs(packetMs)), packetMs, onPayload),
    createDecoder: () => new WebCodecsDecoder(),
  };
}

/** One channel is played; a packet of two is still a packet of one stream (RFC 7587 §3.4). */
const DECODER: AudioDecoderConfig = { codec: 'opus', sampleRate: RATE, numberOfChannels: 2 };

function encoderConfiguration(wanted: OpusParameters, packetMs: number): AudioEncoderConfig {
  return {
    codec: 'opus',
    sampleRate: RATE,
    numberOfChannels: 1,
    bitrate: wanted.bitrate,
    bitrateMode: wanted.constantBitrate ? 'constant' : 'variable',
    opus: {
      format: 'opus',
      frameDuration: packetMs * 1000,
      useinbandfec: wanted.inbandFec,
      packetlossperc: wanted.inbandFec ? EXPECTED_LOSS : 0,
      usedtx: wanted.dtx,
    },
  };
}

const NOTHING = new Uint8Array(0);

class WebCodecsEncoder implements DeferredEncoder {
  readonly frameSamples: number;
  readonly input: Int16Array<ArrayBuffer>;
  #encoder: AudioEncoder;
  /** Frames given to the encoder, and those of them whose payload was told. */
  #frames = 0;
  #told = 0;
  #closed = false;

  constructor(
    private readonly configuration: AudioEncoderConfig,
    packetMs: number,
    private readonly onPayload: (payload: Uint8Array) => void,
  ) {
    this.frameSamples = (opusPacketMs(packetMs) * RATE) / 1000;
    this.input = new Int16Array(this.frameSamples);
    this.#encoder = this.#open();
  }

  encode(): void {
    if (this.#closed) return;
    if (this.#encoder.state === 'closed') this.#encoder = this.#open();
    const data = new AudioData({
      format: 's16',
      sampleRate: RATE,
      numberOfFrames: this.frameSamples,
      numberOfChannels: 1,
      timestamp: this.#frames * this.#duration,
      data: this.input,
    });
    this.#frames += 1;
    this.#encoder.encode(data);
    data.close();
    if (this.#encoder.encodeQueueSize === 0) this.#passOver(this.#frames - PATIENCE);
  }

  close(): void {
    this.#closed = true;
    if (this.#encoder.state !== 'closed') this.#encoder.close();
  }

  /** µs */
  get #duration(): number {
    return (this.frameSamples * 1e6) / RATE;
  }

  /** In a silence the encoder leaves packets out. */
  #passOver(frame: number): void {
    for (; this.#told < frame; this.#told += 1) this.onPayload(NOTHING);
  }

  #open(): AudioEncoder {
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const frame = Math.round(chunk.timestamp / this.#duration);
        if (this.#closed || frame < this.#told) return;
        this.#passOver(frame);
        const payload = new Uint8Array(chunk.byteLength);
        chunk.copyTo(payload);
        this.#told += 1;
        this.onPayload(payload.length <= DTX_OCTETS ? NOTHING : payload);
      },
      // It is closed then; the next frame opens another.
      error: () => undefined,
    });
    encoder.configure(this.configuration);
    return encoder;
  }
}

class WebCodecsDecoder implements DeferredDecoder {
  #decoder: AudioDecoder | null = null;
  /** Who waits for the sound of which instant, oldest first. */
  #waiting: { readonly at: number; readonly samples: number; readonly onSound: (pcm: Int16Array) => void }[] = [];
  #at = 0;
  #closed = false;
  #scratch = new Float32Array(0);

  decode(payload: Uint8Array, onSound: (pcm: Int16Array) => void): void {
    const samples = opusSamples(payload);
    if (samples === 0 || this.#closed || this.#waiting.length >= MAX_QUEUE) return;
    if (this.#decoder === null || this.#decoder.state === 'closed') this.#decoder = this.#open();
    this.#waiting.push({ at: this.#at, samples, onSound });
    const data = payload.slice();
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: this.#at, data }));
    this.#at += Math.round((samples * 1e6) / RATE);
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    if (this.#decoder !== null && this.#decoder.state !== 'closed') this.#decoder.close();
  }

  #open(): AudioDecoder {
    this.#waiting = [];
    const decoder = new AudioDecoder({
      output: (data) => {
        this.#take(data);
        data.close();
      },
      error: () => (this.#waiting = []),
    });
    decoder.configure(DECODER);
    return decoder;
  }

  #take(data: AudioData): void {
    // One that gave no sound is passed over.
    while (this.#waiting.length > 1 && (this.#waiting[1]?.at ?? Infinity) <= data.timestamp + 1000)
      this.#waiting.shift();
    const first = this.#waiting.shift();
    if (first === undefined || this.#closed) return;
    const frames = data.numberOfFrames;
    const pcm = new Int16Array(frames);
    if (this.#scratch.length < frames) this.#scratch = new Float32Array(frames);
    const channel = this.#scratch.subarray(0, frames);
    for (let plane = 0; plane < data.numberOfChannels; plane += 1) {
      data.copyTo(channel, { planeIndex: plane, format: 'f32-planar' });
      const scale = 32_768 / data.numberOfChannels;
      for (let i = 0; i < frames; i += 1)
        pcm[i] = Math.max(-32_768, Math.min(32_767, (pcm[i] ?? 0) + Math.round((channel[i] ?? 0) * scale)));
    }
    first.onSound(pcm);
  }
}
