import { type AmrBand, MAX_FRAME_OCTETS, NO_REQUEST } from './amr-band.js';

/** Frames of one payload that are read: 240 ms. */
export const MAX_AMR_FRAMES = 12;

/**
 * Reads RTP payloads, octet-aligned or bandwidth-efficient (RFC 4867 §4.3, §4.4), one channel, without CRC and
 * interleaving. Allocates nothing after construction; a malformed payload has no frames.
 */
export class AmrPayloadReader {
  /** Codec mode request of the last payload, 0..15. */
  request = NO_REQUEST;
  /** Frame types of the last payload. */
  readonly types = new Uint8Array(MAX_AMR_FRAMES);
  /** 1: the frame is intact. */
  readonly quality = new Uint8Array(MAX_AMR_FRAMES);
  /** First bit of each frame's speech data. */
  readonly #starts = new Uint16Array(MAX_AMR_FRAMES);

  constructor(private readonly band: AmrBand) {}

  /** @returns how many frames there are; 0 when the payload is malformed */
  read(payload: Uint8Array, length: number, octetAligned: boolean): number {
    const entryBits = octetAligned ? 8 : 6;
    const total = Math.min(length, payload.length) * 8;
    let at = octetAligned ? 8 : 4;
    let count = 0;
    for (let more = true; more; count += 1, at += entryBits) {
      if (count === MAX_AMR_FRAMES || at + entryBits > total) return 0;
      const entry = readBits(payload, at, 6);
      more = entry >> 5 === 1;
      this.types[count] = (entry >> 1) & 15;
      this.quality[count] = entry & 1;
    }
    for (let i = 0; i < count; i += 1) {
      const bits = this.band.frameBits[this.types[i] ?? 0] ?? -1;
      // §4.3.2: a packet with a reserved type is discarded.
      if (bits < 0) return 0;
      this.#starts[i] = at;
      at += octetAligned ? (bits + 7) & ~7 : bits;
    }
    // What is left may only be padding of the last octet.
    if (at > total || total - at > 7) return 0;
    this.request = readBits(payload, 0, 4);
    return count;
  }

  /** Copies frame `i`, zero padded, to `out`. @returns octets */
  frame(payload: Uint8Array, i: number, out: Uint8Array): number {
    const bits = this.band.frameBits[this.types[i] ?? 0] ?? 0;
    const start = this.#starts[i] ?? 0;
    const octets = (bits + 7) >> 3;
    for (let k = 0; k < octets; k += 1) {
      const left = Math.min(8, bits - k * 8);
      out[k] = readBits(payload, start + k * 8, left) << (8 - left);
    }
    return octets;
  }
}

/** Writes RTP payloads: add frames, then take the octets. */
export class AmrPayloadWriter {
  /** The payload, valid until the next `start`. */
  readonly output = new Uint8Array(1 + MAX_AMR_FRAMES * (1 + MAX_FRAME_OCTETS));
  #types = new Uint8Array(MAX_AMR_FRAMES);
  #quality = new Uint8Array(MAX_AMR_FRAMES);
  #data = new Uint8Array(MAX_AMR_FRAMES * MAX_FRAME_OCTETS);
  #count = 0;

  constructor(
    private readonly band: AmrBand,
    private readonly octetAligned: boolean,
  ) {}

  start(): void {
    this.#count = 0;
  }

  /** @param data octets of the frame, zero padded @param quality false: the frame is damaged */
  add(type: number, data: Uint8Array, quality = true): void {
    if (this.#count === MAX_AMR_FRAMES) return;
    this.#types[this.#count] = type;
    this.#quality[this.#count] = quality ? 1 : 0;
    const octets = ((this.band.frameBits[type] ?? 0) + 7) >> 3;
    for (let i = 0; i < octets; i += 1) this.#data[this.#count * MAX_FRAME_OCTETS + i] = data[i] ?? 0;
    this.#count += 1;
  }

  /** @param request codec mode request, 0..15 @returns octets in `output` */
  finish(request = NO_REQUEST): number {
    this.output.fill(0);
    let at = 4;
    writeBits(this.output, 0, request, 4);
    if (this.octetAligned) at = 8;
    for (let i = 0; i < this.#count; i += 1) {
      const follows = i + 1 < this.#count ? 0x20 : 0;
      writeBits(this.output, at, follows | ((this.#types[i] ?? 0) << 1) | (this.#quality[i] ?? 0), 6);
      at += this.octetAligned ? 8 : 6;
    }
    for (let i = 0; i < this.#count; i += 1) {
      const bits = Math.max(0, this.band.frameBits[this.#types[i] ?? 0] ?? 0);
      for (let k = 0; k < bits; k += 8) {
        const left = Math.min(8, bits - k);
        writeBits(this.output, at + k, (this.#data[i * MAX_FRAME_OCTETS + (k >> 3)] ?? 0) >> (8 - left), left);
      }
      at += this.octetAligned ? (bits + 7) & ~7 : bits;
    }
    return (at + 7) >> 3;
  }
}

/** Up to 8 bits from bit `at`. */
function readBits(octets: Uint8Array, at: number, count: number): number {
  const pair = ((octets[at >> 3] ?? 0) << 8) | (octets[(at >> 3) + 1] ?? 0);
  return (pair >> (16 - (at & 7) - count)) & ((1 << count) - 1);
}

/** Up to 8 bits into zeros. */
function writeBits(octets: Uint8Array, at: number, value: number, count: number): void {
  const pair = value << (16 - (at & 7) - count);
  octets[at >> 3] = (octets[at >> 3] ?? 0) | (pair >> 8);
  if ((pair & 0xff) !== 0) octets[(at >> 3) + 1] = (octets[(at >> 3) + 1] ?? 0) | (pair & 0xff);
}
