/** Speex in Ogg, as `speexenc` writes it and `speexdec` reads it (RFC 5334, RFC 3533, the Speex manual). */

/** Octets of the header packet. */
const HEADER = 80;
const MODES = new Map([
  [8000, 0],
  [16_000, 1],
  [32_000, 2],
]);

/** @param frames one Speex frame each @param sampleRate 8000, 16000 or 32000 Hz @returns the file */
export function printOggSpeex(frames: readonly Uint8Array[], sampleRate: number): Uint8Array {
  const mode = MODES.get(sampleRate);
  if (mode === undefined) throw new Error(`Speex has no rate of ${sampleRate} Hz`);
  const frameSize = 160 << mode;
  const header = Buffer.alloc(HEADER);
  header.write('Speex   1.2');
  [1, HEADER, sampleRate, mode, 4, 1, -1, frameSize, 0, 1].forEach((value, i) =>
    header.writeInt32LE(value, 28 + 4 * i),
  );
  const pages = [page(header, 0, 0, 2), page(Buffer.alloc(8), 1, 0, 0)];
  frames.forEach((frame, i) => {
    pages.push(page(frame, i + 2, (i + 1) * frameSize, i === frames.length - 1 ? 4 : 0));
  });
  return Buffer.concat(pages);
}

/** @returns the packets behind the two headers. Each holds the frames that the header tells. @throws Error */
export function readOggSpeex(file: Uint8Array): { readonly packets: Uint8Array[]; readonly framesPerPacket: number } {
  const octets = Buffer.from(file.buffer, file.byteOffset, file.length);
  const packets: Buffer[] = [];
  let part: Buffer[] = [];
  for (let at = 0; at < octets.length;) {
    if (octets.toString('latin1', at, at + 4) !== 'OggS') throw new Error(`no Ogg page at octet ${at}`);
    const lacing = octets.subarray(at + 27, at + 27 + octets.readUInt8(at + 26));
    at += 27 + lacing.length;
    for (const length of lacing) {
      part.push(octets.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(part));
      part = [];
    }
  }
  const [header, , ...speech] = packets;
  if (header?.toString('latin1', 0, 5) !== 'Speex') throw new Error('no Speex in it');
  return { packets: speech, framesPerPacket: header.readInt32LE(64) };
}

/** RFC 3533 §6: one packet on a page. @param kind 2: the first page, 4: the last */
function page(packet: Uint8Array, sequence: number, granule: number, kind: number): Buffer {
  const lacing = [...Array.from({ length: Math.floor(packet.length / 255) }, () => 255), packet.length % 255];
  const head = Buffer.alloc(27 + lacing.length);
  head.write('OggS');
  head.writeUInt8(kind, 5);
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeInt32LE(1, 14);
  head.writeInt32LE(sequence, 18);
  head.writeUInt8(lacing.length, 26);
  head.set(lacing, 27);
  const whole = Buffer.concat([head, packet]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

/** CRC of polynomial 0x04c11db7, from 0, not reflected. */
function checksum(octets: Uint8Array): number {
  let crc = 0;
  for (const octet of octets) {
    crc ^= octet << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
