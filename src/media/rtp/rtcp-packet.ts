import type { NtpTime } from './ntp.js';

/** Report block of SR and RR (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** 0..255, in 1/256 */
  readonly fractionLost: number;
  /** -2^23..2^23-1 */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** RTP timestamp units */
  readonly jitter: number;
  /** Middle 32 bits of the last SR's NTP time; 0: none came. */
  readonly lastSr: number;
  /** Since that SR came, 1/65536 s. */
  readonly delaySinceLastSr: number;
}

export type RtcpPacket =
  | {
      readonly type: 'SR';
      readonly ssrc: number;
      readonly ntp: NtpTime;
      readonly rtpTimestamp: number;
      readonly packetCount: number;
      readonly octetCount: number;
      readonly reports: readonly ReportBlock[];
    }
  | { readonly type: 'RR'; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  | {
      readonly type: 'SDES';
      readonly chunks: readonly { readonly ssrc: number; readonly items: readonly SdesItem[] }[];
    }
  | { readonly type: 'BYE'; readonly ssrcs: readonly number[]; readonly reason: string | null }
  /** APP, feedback, XR: kept as they are. @property body without the first four octets */
  | { readonly type: 'other'; readonly packetType: number; readonly count: number; readonly body: Uint8Array };

export interface SdesItem {
  /** 1 CNAME, 2 NAME, 6 TOOL ... (RFC 3550 §6.5) */
  readonly kind: number;
  readonly text: string;
}

const SR = 200;
const RR = 201;
const SDES = 202;
const BYE = 203;
const BLOCK = 24;

/**
 * Reads a compound packet. @returns null if the octets are no RTCP; a packet inside that is damaged is
 * left out. Never throws.
 */
export function parseRtcp(data: Uint8Array): RtcpPacket[] | null {
  if (data.length < 4 || data.length > 65_536) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const packets: RtcpPacket[] = [];
  let offset = 0;
  while (offset + 4 <= data.length) {
    const first = view.getUint8(offset);
    const end = offset + 4 + 4 * view.getUint16(offset + 2);
    if (first >> 6 !== 2 || end > data.length) return packets.length > 0 ? packets : null;
    let bodyEnd = end;
    if ((first & 0x20) !== 0) {
      const padding = view.getUint8(end - 1);
      if (padding % 4 !== 0 || padding > end - offset - 4) return packets.length > 0 ? packets : null;
      bodyEnd -= padding;
    }
    const packet = parseOne(data.subarray(offset + 4, bodyEnd), first & 31, view.getUint8(offset + 1));
    if (packet !== null) packets.push(packet);
    offset = end;
  }
  return packets;
}

function parseOne(body: Uint8Array, count: number, packetType: number): RtcpPacket | null {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  switch (packetType) {
    case SR: {
      if (body.length < 24 + BLOCK * count) return null;
      return {
        type: 'SR',
        ssrc: view.getUint32(0),
        ntp: { seconds: view.getUint32(4), fraction: view.getUint32(8) },
        rtpTimestamp: view.getUint32(12),
        packetCount: view.getUint32(16),
        octetCount: view.getUint32(20),
        reports: parseReports(view, 24, count),
      };
    }
    case RR:
      return body.length < 4 + BLOCK * count
        ? null
        : { type: 'RR', ssrc: view.getUint32(0), reports: parseReports(view, 4, count) };
    case SDES:
      return parseSdes(body, count);
    case BYE: {
      if (body.length < 4 * count) return null;
      const ssrcs = Array.from({ length: count }, (_, i) => view.getUint32(4 * i));
      const length = body[4 * count];
      const text = length === undefined ? null : body.subarray(4 * count + 1, 4 * count + 1 + length);
      if (text !== null && text.length !== length) return null;
      return { type: 'BYE', ssrcs, reason: text === null ? null : decodeText(text) };
    }
    default:
      return packetType < 192 || packetType > 223 ? null : { type: 'other', packetType, count, body };
  }
}

function parseReports(view: DataView, offset: number, count: number): ReportBlock[] {
  return Array.from({ length: count }, (_, i) => {
    const at = offset + BLOCK * i;
    return {
      ssrc: view.getUint32(at),
      fractionLost: view.getUint8(at + 4),
      cumulativeLost: (view.getInt32(at + 4) << 8) >> 8,
      highestSequence: view.getUint32(at + 8),
      jitter: view.getUint32(at + 12),
      lastSr: view.getUint32(at + 16),
      delaySinceLastSr: view.getUint32(at + 20),
    };
  });
}

function parseSdes(body: Uint8Array, count: number): RtcpPacket | null {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const chunks: { ssrc: number; items: SdesItem[] }[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 4 > body.length) return null;
    const chunk: { ssrc: number; items: SdesItem[] } = { ssrc: view.getUint32(at), items: [] };
    at += 4;
    for (let kind = body[at] ?? 0; kind !== 0; kind = body[at] ?? 0) {
      const text = body.subarray(at + 2, at + 2 + (body[at + 1] ?? 0));
      if (text.length !== body[at + 1]) return null;
      chunk.items.push({ kind, text: decodeText(text) });
      at += 2 + text.length;
    }
    chunks.push(chunk);
    at = (at + 4) & ~3; // the null that ends the list, and padding to a word
  }
  return { type: 'SDES', chunks };
}

/** Writes a compound packet. */
export function printRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const parts = packets.map(printOne);
  const data = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return data;
}

function printOne(packet: RtcpPacket): Uint8Array {
  switch (packet.type) {
    case 'SR': {
      const [data, view] = frame(SR, packet.reports.length, 24 + BLOCK * packet.reports.length);
      view.setUint32(4, packet.ssrc);
      view.setUint32(8, packet.ntp.seconds);
      view.setUint32(12, packet.ntp.fraction);
      view.setUint32(16, packet.rtpTimestamp);
      view.setUint32(20, packet.packetCount);
      view.setUint32(24, packet.octetCount);
      printReports(view, 28, packet.reports);
      return data;
    }
    case 'RR': {
      const [data, view] = frame(RR, packet.reports.length, 4 + BLOCK * packet.reports.length);
      view.setUint32(4, packet.ssrc);
      printReports(view, 8, packet.reports);
      return data;
    }
    case 'SDES':
      return printSdes(packet.chunks);
    case 'BYE': {
      const reason = packet.reason === null ? null : encodeText(packet.reason);
      const [data, view] = frame(
        BYE,
        packet.ssrcs.length,
        4 * packet.ssrcs.length + (reason === null ? 0 : 1 + reason.length),
      );
      packet.ssrcs.forEach((ssrc, i) => view.setUint32(4 + 4 * i, ssrc));
      if (reason !== null) {
        view.setUint8(4 + 4 * packet.ssrcs.length, reason.length);
        data.set(reason, 5 + 4 * packet.ssrcs.length);
      }
      return data;
    }
    case 'other': {
      const [data] = frame(packet.packetType, packet.count, packet.body.length);
      data.set(packet.body, 4);
      return data;
    }
  }
}

function printSdes(chunks: readonly { readonly ssrc: number; readonly items: readonly SdesItem[] }[]): Uint8Array {
  const bodies = chunks.map(({ ssrc, items }) => {
    const texts = items.map((i) => encodeText(i.text));
    const length = 4 + texts.reduce((sum, t) => sum + 2 + t.length, 0);
    const body = new Uint8Array((length + 4) & ~3);
    new DataView(body.buffer).setUint32(0, ssrc);
    let at = 4;
    texts.forEach((text, i) => {
      body[at] = items[i]?.kind ?? 0;
      body[at + 1] = text.length;
      body.set(text, at + 2);
      at += 2 + text.length;
    });
    return body;
  });
  const [data] = frame(
    SDES,
    chunks.length,
    bodies.reduce((sum, b) => sum + b.length, 0),
  );
  let at = 4;
  for (const body of bodies) {
    data.set(body, at);
    at += body.length;
  }
  return data;
}

/** A packet with its header, body padded to whole words with zeros. */
function frame(packetType: number, count: number, bodyLength: number): [Uint8Array, DataView] {
  const words = (bodyLength + 3) >> 2;
  const data = new Uint8Array(4 + 4 * words);
  const view = new DataView(data.buffer);
  view.setUint8(0, 0x80 | (count & 31));
  view.setUint8(1, packetType);
  view.setUint16(2, words);
  return [data, view];
}

function printReports(view: DataView, offset: number, reports: readonly ReportBlock[]): void {
  reports.forEach((r, i) => {
    const at = offset + BLOCK * i;
    view.setUint32(at, r.ssrc);
    view.setUint32(at + 4, ((r.fractionLost << 24) | (r.cumulativeLost & 0xffffff)) >>> 0);
    view.setUint32(at + 8, r.highestSequence);
    view.setUint32(at + 12, r.jitter);
    view.setUint32(at + 16, r.lastSr);
    view.setUint32(at + 20, r.delaySinceLastSr);
  });
}

function decodeText(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}

function encodeText(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text);
  return octets.length <= 255 ? octets : octets.subarray(0, 255);
}
