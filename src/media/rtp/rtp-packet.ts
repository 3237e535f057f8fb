/** An RTP packet (RFC 3550 §5.1). */
export interface RtpPacket {
  readonly marker: boolean;
  /** 0..127 */
  readonly payloadType: number;
  /** 0..65535 */
  readonly sequenceNumber: number;
  /** 0..2^32-1 */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly csrcs: readonly number[];
  /** Header extension (RFC 3550 §5.3.1), or null. */
  readonly extension: { readonly profile: number; readonly data: Uint8Array } | null;
  /** Without padding. When parsed: a view of the datagram. */
  readonly payload: Uint8Array;
}

const HEADER = 12;

/** Whether a datagram on a shared port is RTCP (RFC 5761 §4: packet types 192..223). */
export function looksLikeRtcp(data: Uint8Array): boolean {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Reads a datagram. @returns null for anything that is no RTP packet; never throws */
export function parseRtp(data: Uint8Array): RtpPacket | null {
  const first = data[0] ?? 0;
  if (data.length < HEADER || first >> 6 !== 2) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const second = view.getUint8(1);
  const csrcCount = first & 15;
  let offset = HEADER + 4 * csrcCount;
  if (offset > data.length) return null;
  const csrcs: number[] = [];
  for (let i = HEADER; i < offset; i += 4) csrcs.push(view.getUint32(i));
  let extension: RtpPacket['extension'] = null;
  if ((first & 0x10) !== 0) {
    if (offset + 4 > data.length) return null;
    const end = offset + 4 + 4 * view.getUint16(offset + 2);
    if (end > data.length) return null;
    extension = { profile: view.getUint16(offset), data: data.subarray(offset + 4, end) };
    offset = end;
  }
  let end = data.length;
  if ((first & 0x20) !== 0) {
    // RFC 3550 §5.1: the last octet counts the padding, itself included.
    const padding = data[data.length - 1] ?? 0;
    if (padding === 0 || end - padding < offset) return null;
    end -= padding;
  }
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    csrcs,
    extension,
    payload: data.subarray(offset, end),
  };
}

/** @throws RangeError for more than 15 CSRCs or an extension that is not whole words: mistakes of ours, never of the wire */
export function printRtp(packet: RtpPacket): Uint8Array {
  const { csrcs, extension, payload } = packet;
  if (csrcs.length > 15 || (extension !== null && extension.data.length % 4 !== 0))
    throw new RangeError('not an RTP packet');
  const extensionLength = extension === null ? 0 : 4 + extension.data.length;
  const body = HEADER + 4 * csrcs.length + extensionLength;
  const data = new Uint8Array(body + payload.length);
  const view = new DataView(data.buffer);
  view.setUint8(0, 0x80 | (extension === null ? 0 : 0x10) | csrcs.length);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | (packet.payloadType & 0x7f));
  view.setUint16(2, packet.sequenceNumber);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  csrcs.forEach((csrc, i) => view.setUint32(HEADER + 4 * i, csrc));
  if (extension !== null) {
    const at = HEADER + 4 * csrcs.length;
    view.setUint16(at, extension.profile);
    view.setUint16(at + 2, extension.data.length / 4);
    data.set(extension.data, at + 4);
  }
  data.set(payload, body);
  return data;
}
