import type { Sdp, SdpAttribute, SdpBandwidth, SdpConnection, SdpMedia, SdpOrigin, SdpTime } from './session.js';

export type SdpParseResult =
  | { readonly ok: true; readonly session: Sdp }
  /** @property line 1-based number of the offending line; 0 for the body as a whole */
  | { readonly ok: false; readonly line: number; readonly detail: string };

/** Bounds on what a peer may send; far above what IMS clients write. */
export const SDP_LIMITS = { characters: 65_536, lines: 2_000, media: 64, formats: 256 } as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };
type Shared = Pick<Mutable<SdpMedia>, 'attributes' | 'bandwidths' | 'information' | 'key'>;

class Malformed extends Error {}

/**
 * Reads a session description. Never throws. Line ends may be CRLF or LF (RFC 8866 §5); a missing
 * `s=` or `t=` is forgiven, an unknown type letter is not (RFC 8866 §5: ignore the description).
 */
export function parseSdp(text: string): SdpParseResult {
  if (text.length > SDP_LIMITS.characters) return { ok: false, line: 0, detail: 'body too long' };
  const lines = text.split(/\r\n|\n/, SDP_LIMITS.lines + 1);
  if (lines.length > SDP_LIMITS.lines) return { ok: false, line: 0, detail: 'too many lines' };
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  if (lines[0] !== 'v=0') return { ok: false, line: 1, detail: 'no v=0 in the first line' };

  const reader = new Reader();
  for (let i = 1; i < lines.length; i += 1) {
    try {
      reader.take(lines[i] ?? '');
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { ok: false, line: i + 1, detail: error.message };
    }
  }
  const session = reader.finish();
  return session === null ? { ok: false, line: 0, detail: 'no o= line' } : { ok: true, session };
}

class Reader {
  #origin: SdpOrigin | null = null;
  readonly #session: Omit<Mutable<Sdp>, 'origin'> = {
    name: '-',
    information: null,
    uri: null,
    emails: [],
    phones: [],
    connection: null,
    bandwidths: [],
    times: [],
    zones: null,
    key: null,
    attributes: [],
    media: [],
  };
  #media: Mutable<SdpMedia> | null = null;

  take(line: string): void {
    if (line.charAt(1) !== '=') throw new Malformed('not a type=value line');
    // NUL, CR and LF cannot be part of a value (RFC 8866 §9, byte-string).
    if (line.includes('\0') || line.includes('\r')) throw new Malformed('control character');
    const type = line.charAt(0);
    const value = line.slice(2);
    if (type === 'm') this.#startMedia(value);
    else if (!this.#shared(type, value, this.#media ?? this.#session)) {
      if (this.#media !== null) throw new Malformed(`${type}= does not belong in a media description`);
      this.#sessionLevel(type, value);
    }
  }

  finish(): Sdp | null {
    return this.#origin === null ? null : { origin: this.#origin, ...this.#session };
  }

  #startMedia(value: string): void {
    if (this.#session.media.length >= SDP_LIMITS.media) throw new Malformed('too many media descriptions');
    this.#media = parseMedia(value);
    this.#session.media.push(this.#media);
  }

  /** Types that stand at both levels. */
  #shared(type: string, value: string, section: Shared): boolean {
    switch (type) {
      case 'a':
        section.attributes.push(parseAttribute(value));
        return true;
      case 'b':
        section.bandwidths.push(parseBandwidth(value));
        return true;
      case 'c':
        if (this.#media === null) this.#session.connection = parseConnection(value);
        else this.#media.connections.push(parseConnection(value));
        return true;
      case 'i':
        section.information = value;
        return true;
      case 'k':
        section.key = value;
        return true;
      default:
        return false;
    }
  }

  #sessionLevel(type: string, value: string): void {
    const session = this.#session;
    switch (type) {
      case 'o':
        this.#origin = parseOrigin(value);
        break;
      case 's':
        session.name = value === '' ? '-' : value;
        break;
      case 'u':
        session.uri = value;
        break;
      case 'e':
        session.emails.push(value);
        break;
      case 'p':
        session.phones.push(value);
        break;
      case 't':
        session.times.push(parseTime(value));
        break;
      case 'r': {
        const last = session.times[session.times.length - 1];
        if (last === undefined) throw new Malformed('r= before t=');
        session.times[session.times.length - 1] = { ...last, repeats: [...last.repeats, value] };
        break;
      }
      case 'z':
        session.zones = value;
        break;
      default:
        throw new Malformed(`unknown type ${type}=`);
    }
  }
}

function words(value: string, least: number): string[] {
  const parts = value.trim().split(/[ \t]+/);
  if (parts.length < least || parts[0] === '') throw new Malformed('too few fields');
  return parts;
}

function decimal(text: string | undefined, max: number): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new Malformed('not a number');
  const value = Number(text);
  if (value > max) throw new Malformed('number out of range');
  return value;
}

function parseOrigin(value: string): SdpOrigin {
  const [username = '-', sessionId = '', sessionVersion = '', networkType = '', addressType = '', address = ''] = words(
    value,
    6,
  );
  if (!/^\d{1,32}$/.test(sessionId) || !/^\d{1,32}$/.test(sessionVersion))
    throw new Malformed('o= session id or version');
  return { username, sessionId, sessionVersion, networkType, addressType, address };
}

function parseConnection(value: string): SdpConnection {
  const [networkType = '', addressType = '', full = ''] = words(value, 3);
  const slash = full.indexOf('/');
  const address = slash < 0 ? full : full.slice(0, slash);
  if (address === '') throw new Malformed('c= without address');
  return { networkType, addressType, address, suffix: slash < 0 ? '' : full.slice(slash + 1) };
}

function parseBandwidth(value: string): SdpBandwidth {
  const colon = value.indexOf(':');
  if (colon < 1) throw new Malformed('b= without colon');
  return { type: value.slice(0, colon), value: decimal(value.slice(colon + 1).trim(), Number.MAX_SAFE_INTEGER) };
}

function parseTime(value: string): SdpTime {
  const [start = '', stop = ''] = words(value, 2);
  if (!/^\d{1,20}$/.test(start) || !/^\d{1,20}$/.test(stop)) throw new Malformed('t= is not two numbers');
  return { start, stop, repeats: [] };
}

function parseAttribute(value: string): SdpAttribute {
  const colon = value.indexOf(':');
  const name = colon < 0 ? value : value.slice(0, colon);
  if (name === '') throw new Malformed('a= without name');
  return { name, value: colon < 0 ? null : value.slice(colon + 1) };
}

function parseMedia(value: string): Mutable<SdpMedia> {
  const [kind = '', ports = '', protocol = '', ...formats] = words(value, 4);
  if (formats.length > SDP_LIMITS.formats) throw new Malformed('too many formats');
  const [port, count] = ports.split('/', 2);
  return {
    kind,
    port: decimal(port, 65_535),
    portCount: count === undefined ? 1 : decimal(count, 65_535),
    protocol,
    formats,
    information: null,
    connections: [],
    bandwidths: [],
    key: null,
    attributes: [],
  };
}
