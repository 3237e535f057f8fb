import type { MediaDirection } from '../session/media-session.js';
import { attribute, connectionOf, type Sdp, type SdpAttribute, type SdpMedia } from './session.js';

const DIRECTIONS: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

export function sends(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

export function directionFrom(send: boolean, receive: boolean): MediaDirection {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** The same stream as the other end sees it. */
export function reverse(direction: MediaDirection): MediaDirection {
  return directionFrom(receives(direction), sends(direction));
}

/** What both want: `wanted` narrowed by what `allowed` permits (RFC 3264 §6.1). */
export function narrow(wanted: MediaDirection, allowed: MediaDirection): MediaDirection {
  return directionFrom(sends(wanted) && sends(allowed), receives(wanted) && receives(allowed));
}

/**
 * The direction a description asks for, from its writer's side: the media's attribute, else the
 * session's, else sendrecv. An unspecified address means that its writer receives nothing
 * (RFC 3264 §8.4, the hold of RFC 2543).
 */
export function directionOf(session: Sdp, media: SdpMedia): MediaDirection {
  const named = [media, session].map((section) => DIRECTIONS.find((d) => attribute(section, d) !== undefined));
  const written = named[0] ?? named[1] ?? 'sendrecv';
  const address = connectionOf(session, media)?.address.toLowerCase();
  return isUnspecified(address) ? narrow(written, 'sendonly') : written;
}

/** The same with one direction for everything. */
export function withDirection(session: Sdp, direction: MediaDirection): Sdp {
  const rest = (attributes: readonly SdpAttribute[]): SdpAttribute[] =>
    attributes.filter(({ name }) => !DIRECTIONS.some((other) => other === name));
  const media = session.media.map((section) => ({
    ...section,
    attributes: [...rest(section.attributes), { name: direction, value: null }],
  }));
  return { ...session, attributes: rest(session.attributes), media };
}

function isUnspecified(address: string | undefined): boolean {
  // RFC 3264 §8.4 for IPv4; RFC 6157 §5.1 names the domain `.invalid` for IPv6.
  return address === '0.0.0.0' || address === '::' || address === 'invalid' || (address?.endsWith('.invalid') ?? false);
}
