import type { Codec } from '../../src/media/codec.js';
import { AMR_NB, AMR_WB, type AmrBand, frameOctets } from '../../src/media/payload/amr-band.js';
import { type AmrFrame, parseAmrFile, printAmrFile } from '../../src/media/payload/amr-storage.js';

/** How a codec's payloads stand in a file. */
export interface CodecFile {
  /** Format parameters that make payloads of this shape. */
  readonly fmtp: string;
  /** @returns the payload of each frame; a sentence where the file is none of these */
  read(file: Uint8Array): readonly Uint8Array[] | string;
  write(payloads: readonly Uint8Array[]): Uint8Array;
}

/** The file format for a codec: AMR storage, length-prefixed Speex, else frame after frame. @param fmtp what the person asks for */
export function codecFile(codec: Codec, fmtp: string): CodecFile {
  switch (codec.description.name.toUpperCase()) {
    case 'AMR':
      return amrFile(AMR_NB, fmtp);
    case 'AMR-WB':
      return amrFile(AMR_WB, fmtp);
    case 'SPEEX':
      return prefixedFile(fmtp);
    default:
      return plainFile(codec, fmtp);
  }
}

/** Frames of one length, which encoding silence tells. */
function plainFile(codec: Codec, fmtp: string): CodecFile {
  const size = Math.max(1, codec.createEncoder(fmtp).encode());
  return {
    fmtp,
    read: (file) =>
      Array.from({ length: Math.ceil(file.length / size) }, (_, i) => file.subarray(i * size, (i + 1) * size)),
    write: (payloads) => Buffer.concat(payloads),
  };
}

/** Each frame behind its length, 16 bits, lowest octet first. */
function prefixedFile(fmtp: string): CodecFile {
  return {
    fmtp,
    read(file) {
      const payloads: Uint8Array[] = [];
      for (let at = 0; at < file.length;) {
        const length = (file[at] ?? 0) | ((file[at + 1] ?? 0) << 8);
        if (at + 2 + length > file.length) return `the frame at octet ${at} is cut off`;
        payloads.push(file.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
      return payloads;
    },
    write: (payloads) =>
      Buffer.concat(
        payloads.flatMap((payload) => [Uint8Array.of(payload.length & 0xff, payload.length >> 8), payload]),
      ),
  };
}

const NO_DATA: AmrFrame = { type: 15, quality: true, data: new Uint8Array(0) };
/** RFC 4867 §4.3.1: no request of a mode. */
const NO_REQUEST = 0xf0;

/** RFC 4867 §5: an octet-aligned payload without its first octet, behind the magic. */
function amrFile(band: AmrBand, fmtp: string): CodecFile {
  return {
    fmtp: ['octet-align=1', fmtp].filter((part) => part !== '').join(';'),
    read(file) {
      const parsed = parseAmrFile(file, band);
      if (!parsed.ok) return `${parsed.reason} at octet ${parsed.offset}`;
      return parsed.frames.map(({ type, quality, data }) =>
        Uint8Array.of(NO_REQUEST, (type << 3) | (quality ? 4 : 0), ...data),
      );
    },
    write: (payloads) =>
      printAmrFile(
        payloads.map((payload): AmrFrame => {
          const header = payload[1];
          if (header === undefined) return NO_DATA;
          const type = (header >> 3) & 15;
          return {
            type,
            quality: (header & 4) !== 0,
            data: payload.subarray(2, 2 + Math.max(0, frameOctets(band, type))),
          };
        }),
        band,
      ),
  };
}
