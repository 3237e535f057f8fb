/** A session description, structured (RFC 8866 §5). Fields that may be absent are null or empty lists. */
export interface Sdp {
  readonly origin: SdpOrigin;
  /** `s=`; `-` where there is none. */
  readonly name: string;
  readonly information: string | null;
  readonly uri: string | null;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly connection: SdpConnection | null;
  readonly bandwidths: readonly SdpBandwidth[];
  readonly times: readonly SdpTime[];
  /** `z=`, uninterpreted. */
  readonly zones: string | null;
  /** `k=`, obsolete, uninterpreted. */
  readonly key: string | null;
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly SdpMedia[];
}

export interface SdpOrigin {
  readonly username: string;
  /** Decimal, may exceed 2^53. */
  readonly sessionId: string;
  /** Decimal, may exceed 2^53. */
  readonly sessionVersion: string;
  readonly networkType: string;
  readonly addressType: string;
  readonly address: string;
}

export interface SdpConnection {
  readonly networkType: string;
  readonly addressType: string;
  /** Address or host name, with `/ttl/count` cut off into `suffix`. */
  readonly address: string;
  /** `127`, `127/3` of a multicast address; empty for unicast. */
  readonly suffix: string;
}

export interface SdpBandwidth {
  /** AS, CT, TIAS, RS, RR, X-... */
  readonly type: string;
  /** kbit/s for AS and CT, bit/s for TIAS, RS and RR. */
  readonly value: number;
}

export interface SdpTime {
  readonly start: string;
  readonly stop: string;
  /** `r=` lines, uninterpreted. */
  readonly repeats: readonly string[];
}

export interface SdpAttribute {
  readonly name: string;
  /** null: a property attribute (`a=sendrecv`). */
  readonly value: string | null;
}

export interface SdpMedia {
  /** audio, video, text, application, message, image. */
  readonly kind: string;
  /** 0: rejected or disabled (RFC 3264 §6). */
  readonly port: number;
  readonly portCount: number;
  /** RTP/AVP, TCP/MSRP, ... */
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly information: string | null;
  readonly connections: readonly SdpConnection[];
  readonly bandwidths: readonly SdpBandwidth[];
  readonly key: string | null;
  readonly attributes: readonly SdpAttribute[];
}

/** The first value of an attribute: undefined if absent, null for a property attribute. */
export function attribute(
  section: { readonly attributes: readonly SdpAttribute[] },
  name: string,
): string | null | undefined {
  return section.attributes.find((a) => a.name === name)?.value;
}

/** Where a media description is sent: its own `c=`, else the session's. */
export function connectionOf(session: Sdp, media: SdpMedia): SdpConnection | null {
  return media.connections[0] ?? session.connection;
}

/** `IN IP4 192.0.2.1`, or IP6, by the look of a literal address. */
export function connectionFor(address: string): SdpConnection {
  return { networkType: 'IN', addressType: address.includes(':') ? 'IP6' : 'IP4', address, suffix: '' };
}
