import { splitCommaList } from '../sip/comma-list.js';
import type { SipResponse } from '../sip/message.js';

/**
 * Whether the network lets the far end be heard before it answers (RFC 5009 §8). Untrusted headers were taken out where
 * the response came in. Of several values the first is that of the first media line, the sound.
 *
 * @returns null: the response says nothing, and what was said before stays
 */
export function earlyMediaAllowed(response: SipResponse): boolean | null {
  const values = response.headers.rawValues('P-Early-Media').flatMap(splitCommaList);
  const direction = values.map((value) => value.trim().toLowerCase()).find((value) => DIRECTIONS.has(value));
  return direction === undefined ? null : direction === 'sendrecv' || direction === 'sendonly';
}

const DIRECTIONS: ReadonlySet<string> = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive']);
