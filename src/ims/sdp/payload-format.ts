import type { SdpAttribute, SdpMedia } from './session.js';

/** One RTP payload format of an m-line: the format number, its rtpmap and its fmtp. */
export interface PayloadFormat {
  /** 0..127 */
  readonly payloadType: number;
  /** Encoding name as written; compare without case (RFC 8866 §6.6). */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly fmtp: string | null;
}

/** Static audio payload types (RFC 3551 table 4): used where an m-line brings no rtpmap. */
const STATIC_AUDIO: Readonly<Record<number, readonly [name: string, clockRate: number, channels: number]>> = {
  0: ['PCMU', 8000, 1],
  3: ['GSM', 8000, 1],
  4: ['G723', 8000, 1],
  5: ['DVI4', 8000, 1],
  6: ['DVI4', 16000, 1],
  7: ['LPC', 8000, 1],
  8: ['PCMA', 8000, 1],
  9: ['G722', 8000, 1],
  10: ['L16', 44100, 2],
  11: ['L16', 44100, 1],
  12: ['QCELP', 8000, 1],
  13: ['CN', 8000, 1],
  14: ['MPA', 90000, 1],
  15: ['G728', 8000, 1],
  16: ['DVI4', 11025, 1],
  17: ['DVI4', 22050, 1],
  18: ['G729', 8000, 1],
};

/** The payload formats of an RTP m-line in its order of preference; formats nobody can name are left out. */
export function payloadFormats(media: SdpMedia): PayloadFormat[] {
  const result: PayloadFormat[] = [];
  for (const format of media.formats) {
    if (!/^\d{1,3}$/.test(format)) continue;
    const payloadType = Number(format);
    if (payloadType > 127 || result.some((f) => f.payloadType === payloadType)) continue;
    const mapped = rtpmap(media, format) ?? STATIC_AUDIO[payloadType];
    if (mapped === undefined) continue;
    const [name, clockRate, channels] = mapped;
    result.push({ payloadType, name, clockRate, channels, fmtp: valueFor(media, 'fmtp', format) });
  }
  return result;
}

/** The rtpmap and fmtp attributes that describe `formats`. */
export function formatAttributes(formats: readonly PayloadFormat[]): SdpAttribute[] {
  return formats.flatMap((f) => {
    const channels = f.channels === 1 ? '' : `/${f.channels}`;
    const map = { name: 'rtpmap', value: `${f.payloadType} ${f.name}/${f.clockRate}${channels}` };
    return f.fmtp === null ? [map] : [map, { name: 'fmtp', value: `${f.payloadType} ${f.fmtp}` }];
  });
}

/** Same encoding: name, clock rate and channels agree. Parameters are the codec's own matter. */
export function sameEncoding(a: PayloadFormat, b: PayloadFormat): boolean {
  return a.name.toUpperCase() === b.name.toUpperCase() && a.clockRate === b.clockRate && a.channels === b.channels;
}

function rtpmap(media: SdpMedia, format: string): [string, number, number] | undefined {
  const value = valueFor(media, 'rtpmap', format);
  const match = value === null ? null : /^([^\s/]+)\/(\d{1,9})(?:\/(\d{1,3}))?\s*$/.exec(value);
  if (match?.[1] === undefined) return undefined;
  return [match[1], Number(match[2]), match[3] === undefined ? 1 : Number(match[3])];
}

function valueFor(media: SdpMedia, name: string, format: string): string | null {
  for (const a of media.attributes) {
    if (a.name !== name || a.value === null) continue;
    const [first] = a.value.split(' ', 1);
    if (first === format) return a.value.slice(format.length).trim();
  }
  return null;
}
