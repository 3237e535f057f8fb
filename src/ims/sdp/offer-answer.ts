import type { MediaDirection } from '../session/media-session.js';
import { directionOf, narrow, reverse } from './direction.js';
import { formatAttributes, payloadFormats, sameEncoding, type PayloadFormat } from './payload-format.js';
import {
  attribute,
  connectionFor,
  connectionOf,
  type Sdp,
  type SdpAttribute,
  type SdpMedia,
  type SdpOrigin,
} from './session.js';

/** What we bring to an audio stream. */
export interface LocalAudio {
  /** Literal address that goes into `o=` and `c=`. */
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** In order of preference, telephone-event included. */
  readonly formats: readonly PayloadFormat[];
  readonly direction: MediaDirection;
  /** Packet duration we like to receive, ms. */
  readonly ptime: number;
  /** `b=AS`, kbit/s with IP, UDP and RTP headers (RFC 8866 §5.8). */
  readonly bandwidth: number;
  /** The order of `formats` is a person's wish: answers go by it, not by the offerer's order. Default false. */
  readonly ordered?: boolean;
}

/**
 * What a codec makes of the other side's format parameters, which are its own matter (RFC 8866 §6.15).
 * @returns the parameters that we answer with, or `refuse` where we cannot do what they ask
 */
export type FmtpNegotiation = (
  local: PayloadFormat,
  remote: PayloadFormat,
) => { readonly fmtp: string | null } | 'refuse';

const AS_THEY_ARE: FmtpNegotiation = ({ fmtp }) => ({ fmtp });

/** One format that both ends have, under the number each of them receives it with. */
export interface AgreedFormat {
  readonly local: PayloadFormat;
  readonly remote: PayloadFormat;
}

/** An audio stream as offer and answer settled it. */
export interface AgreedAudio {
  readonly mediaIndex: number;
  /** In the order that governs what we send: the other end's preference. Never empty. */
  readonly formats: readonly AgreedFormat[];
  /** Address or host name, and ports, the other end receives on. */
  readonly address: string;
  readonly port: number;
  readonly rtcpAddress: string;
  readonly rtcpPort: number;
  readonly rtcpMux: boolean;
  /** What we do: send, receive, both, nothing. */
  readonly direction: MediaDirection;
  /** Packet duration the other end likes to receive, ms; null: its silence means 20. */
  readonly ptime: number | null;
  readonly maxptime: number | null;
}

export interface NegotiationFailure {
  readonly ok: false;
  readonly reason: 'malformed' | 'not-acceptable';
  readonly detail: string;
}

const PROTOCOLS: readonly string[] = ['RTP/AVP', 'RTP/AVPF'];

/** Our first `o=` line; later ones come from {@link nextOrigin}. */
export function createOrigin(sessionId: string, address: string): SdpOrigin {
  const { networkType, addressType } = connectionFor(address);
  return { username: '-', sessionId, sessionVersion: '1', networkType, addressType, address };
}

/** RFC 3264 §8: the version rises by one with each description that differs. */
export function nextOrigin(origin: SdpOrigin): SdpOrigin {
  return { ...origin, sessionVersion: String(BigInt(origin.sessionVersion) + 1n) };
}

/**
 * An audio offer. `previous` is our own last description of this session: its m-lines keep their
 * places (RFC 3264 §8), those that are not audio stay disabled.
 */
export function createAudioOffer(local: LocalAudio, origin: SdpOrigin, previous: Sdp | null): Sdp {
  const audio = audioMedia(local, 'RTP/AVP', local.direction, []);
  const index = previous?.media.findIndex((m) => m.kind === 'audio' && m.port !== 0) ?? -1;
  if (previous === null || index < 0)
    return describe(local, origin, '0', '0', [...(previous?.media ?? []).map(rejected), audio]);
  const protocol = previous.media[index]?.protocol ?? 'RTP/AVP';
  return describe(
    local,
    origin,
    '0',
    '0',
    previous.media.map((m, i) => (i === index ? { ...audio, protocol } : rejected(m))),
  );
}

/** Answers an offer with its first audio stream that we can take; every other stream is rejected (RFC 3264 §6). */
export function answerAudio(
  offer: Sdp,
  local: LocalAudio,
  origin: SdpOrigin,
  negotiation = AS_THEY_ARE,
): { readonly ok: true; readonly answer: Sdp; readonly agreed: AgreedAudio } | NegotiationFailure {
  const chosen = findAudio(offer, local.formats, negotiation);
  if (!chosen.ok) return chosen;
  const { media } = chosen;
  const agreed = { ...chosen.agreed, formats: oneCodec(inOrder(chosen.agreed.formats, local)) };
  const direction = narrow(local.direction, agreed.direction);
  const mux: SdpAttribute[] = agreed.rtcpMux ? [{ name: 'rtcp-mux', value: null }] : [];
  const mid = attribute(media, 'mid');
  if (typeof mid === 'string') mux.push({ name: 'mid', value: mid });
  // RFC 3264 §6.1: the numbers of the offer, in its order.
  const formats = agreed.formats.map(({ local: own, remote }) => ({ ...own, payloadType: remote.payloadType }));
  const audio = audioMedia({ ...local, formats }, media.protocol, direction, mux);
  const [time] = offer.times;
  const answer = describe(
    local,
    origin,
    time?.start ?? '0',
    time?.stop ?? '0',
    offer.media.map((m, i) => (i === agreed.mediaIndex ? audio : rejected(m))),
  );
  const numbered = agreed.formats.map((f) => ({
    local: { ...f.local, payloadType: f.remote.payloadType },
    remote: f.remote,
  }));
  return { ok: true, answer, agreed: { ...agreed, formats: numbered, direction } };
}

/** RFC 3264 §6.1: the offerer's order, unless there is a reason for another one. */
function inOrder(formats: AgreedAudio['formats'], { formats: own, ordered }: LocalAudio): AgreedAudio['formats'] {
  if (ordered !== true) return formats;
  const rank = ({ local }: AgreedFormat): number => own.findIndex((format) => sameEncoding(format, local));
  return [...formats].sort((a, b) => rank(a) - rank(b));
}

/**
 * RFC 3264 §6.1 lets an answer list every common format, and the other side may then change between them at any
 * time. We name the offerer's first choice alone, with its telephone-event and comfort noise: one codec to load, and a
 * short answer.
 */
function oneCodec(formats: AgreedAudio['formats']): AgreedAudio['formats'] {
  const codec = formats.find(({ remote }) => isSpeech(remote));
  return formats.filter(
    (format) => format === codec || (!isSpeech(format.remote) && format.remote.clockRate === codec?.remote.clockRate),
  );
}

/** Reads the answer to our `offer`. Parameters that we cannot do make a format unusable; our own stay as we said them. */
export function acceptAnswer(
  offer: Sdp,
  answer: Sdp,
  negotiation = AS_THEY_ARE,
): { readonly ok: true; readonly agreed: AgreedAudio } | NegotiationFailure {
  // RFC 3264 §6: as many m-lines, in the same order.
  if (answer.media.length !== offer.media.length)
    return malformed('the answer has another number of m-lines than the offer');
  const index = offer.media.findIndex((m) => m.kind === 'audio' && m.port !== 0);
  const ours = offer.media[index];
  const theirs = answer.media[index];
  if (ours === undefined || theirs === undefined || theirs.kind !== 'audio')
    return malformed('the answer does not match the offer');
  if (theirs.port === 0) return notAcceptable('the audio stream was rejected');
  const agreed = agree(answer, theirs, index, payloadFormats(ours), (local, remote) =>
    negotiation(local, remote) === 'refuse' ? 'refuse' : AS_THEY_ARE(local, remote),
  );
  if (!agreed.ok) return agreed;
  return {
    ok: true,
    agreed: { ...agreed.agreed, direction: narrow(directionOf(offer, ours), agreed.agreed.direction) },
  };
}

/** What an offer asks of us, before we answer it. */
export function readOffer(
  offer: Sdp,
  formats: readonly PayloadFormat[],
  negotiation = AS_THEY_ARE,
): { readonly ok: true; readonly agreed: AgreedAudio } | NegotiationFailure {
  const chosen = findAudio(offer, formats, negotiation);
  return chosen.ok ? { ok: true, agreed: chosen.agreed } : chosen;
}

/**
 * Our formats under the numbers that this session already bound (RFC 3264 §8.3.2: a number never
 * changes its meaning); a dynamic number that another format took moves to a free one.
 */
export function keepPayloadTypes(formats: readonly PayloadFormat[], bound: readonly PayloadFormat[]): PayloadFormat[] {
  const taken = new Set(bound.map((f) => f.payloadType));
  return formats.map((format) => {
    const known = bound.find((f) => sameEncoding(f, format));
    if (known !== undefined) return { ...format, payloadType: known.payloadType };
    let payloadType = format.payloadType;
    for (let candidate = 96; taken.has(payloadType) && candidate <= 127; candidate += 1) payloadType = candidate;
    taken.add(payloadType);
    return { ...format, payloadType };
  });
}

function findAudio(offer: Sdp, formats: readonly PayloadFormat[], negotiation: FmtpNegotiation) {
  let failure: NegotiationFailure = notAcceptable('no audio stream that we can take');
  for (const [index, media] of offer.media.entries()) {
    if (media.kind !== 'audio' || media.port === 0 || !PROTOCOLS.includes(media.protocol)) continue;
    const result = agree(offer, media, index, formats, negotiation);
    if (result.ok) return { ok: true as const, media, agreed: result.agreed };
    failure = result;
  }
  return failure;
}

function agree(
  session: Sdp,
  media: SdpMedia,
  mediaIndex: number,
  ours: readonly PayloadFormat[],
  negotiation: FmtpNegotiation,
): { ok: true; agreed: AgreedAudio } | NegotiationFailure {
  const connection = connectionOf(session, media);
  if (connection === null) return malformed('no c= line for the audio stream');
  if (connection.networkType !== 'IN') return notAcceptable(`network type ${connection.networkType}`);
  const formats = commonFormats(ours, payloadFormats(media), negotiation);
  const rates = new Set(formats.filter(({ remote }) => isSpeech(remote)).map(({ remote }) => remote.clockRate));
  if (rates.size === 0) return notAcceptable('no common codec');
  // RFC 4733 §2.1, RFC 3389 §4: events and comfort noise share the timestamps of the speech.
  const usable = formats.filter(({ remote }) => rates.has(remote.clockRate));
  const rtcpMux = attribute(media, 'rtcp-mux') !== undefined;
  const rtcp = rtcpOf(media, connection.address);
  return {
    ok: true,
    agreed: {
      mediaIndex,
      formats: usable,
      address: connection.address,
      port: media.port,
      rtcpAddress: rtcp.address,
      rtcpPort: rtcpMux ? media.port : rtcp.port,
      rtcpMux,
      direction: reverse(directionOf(session, media)),
      ptime: milliseconds(attribute(media, 'ptime')),
      maxptime: milliseconds(attribute(media, 'maxptime')),
    },
  };
}

/** Each of ours once, with the first of theirs that it can talk to. */
function commonFormats(
  ours: readonly PayloadFormat[],
  theirs: readonly PayloadFormat[],
  negotiation: FmtpNegotiation,
): AgreedFormat[] {
  const formats: AgreedFormat[] = [];
  const used = new Set<PayloadFormat>();
  for (const remote of theirs) {
    const candidates = ours.filter((f) => sameEncoding(f, remote) && !used.has(f));
    // An answer repeats our number; an encoding may be there twice, with other parameters.
    const local = candidates.find((f) => f.payloadType === remote.payloadType) ?? candidates[0];
    const result = local === undefined ? 'refuse' : negotiation(local, remote);
    if (local === undefined || result === 'refuse') continue;
    used.add(local);
    formats.push({ local: { ...local, fmtp: result.fmtp }, remote });
  }
  return formats;
}

/** Neither telephone-event nor comfort noise, which only go along with a codec. */
function isSpeech({ name }: PayloadFormat): boolean {
  return !/^(?:telephone-event|CN)$/i.test(name);
}

/** RFC 3605 `a=rtcp:53020 [IN IP4 192.0.2.1]`; by default the next port (RFC 3550 §11). */
function rtcpOf(media: SdpMedia, address: string): { address: string; port: number } {
  const [port = '', , , other] = (attribute(media, 'rtcp') ?? '').split(' ');
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  return { address: other ?? address, port: number > 0 && number < 65_536 ? number : Math.min(media.port + 1, 65_535) };
}

function milliseconds(value: string | null | undefined): number | null {
  return typeof value === 'string' && /^\d{1,4}(\.\d+)?\s*$/.test(value) && Number(value) > 0
    ? Math.round(Number(value))
    : null;
}

function audioMedia(
  local: LocalAudio,
  protocol: string,
  direction: MediaDirection,
  extra: readonly SdpAttribute[],
): SdpMedia {
  const attributes: SdpAttribute[] = [
    ...formatAttributes(local.formats),
    { name: 'ptime', value: String(local.ptime) },
  ];
  if (local.rtcpPort !== local.port + 1) attributes.push({ name: 'rtcp', value: String(local.rtcpPort) });
  attributes.push(...extra, { name: direction, value: null });
  return {
    kind: 'audio',
    port: local.port,
    portCount: 1,
    protocol,
    formats: local.formats.map((f) => String(f.payloadType)),
    information: null,
    connections: [],
    bandwidths: [{ type: 'AS', value: local.bandwidth }],
    key: null,
    attributes,
  };
}

function rejected(media: SdpMedia): SdpMedia {
  return {
    ...media,
    port: 0,
    portCount: 1,
    information: null,
    connections: [],
    bandwidths: [],
    key: null,
    attributes: [],
  };
}

function describe(local: LocalAudio, origin: SdpOrigin, start: string, stop: string, media: readonly SdpMedia[]): Sdp {
  return {
    origin,
    name: '-',
    information: null,
    uri: null,
    emails: [],
    phones: [],
    connection: connectionFor(local.address),
    bandwidths: [],
    times: [{ start, stop, repeats: [] }],
    zones: null,
    key: null,
    attributes: [],
    media,
  };
}

function malformed(detail: string): NegotiationFailure {
  return { ok: false, reason: 'malformed', detail };
}

function notAcceptable(detail: string): NegotiationFailure {
  return { ok: false, reason: 'not-acceptable', detail };
}
