import { toHex } from './hex.js';
import type { Random } from './random.js';

/** A name for one instance of a user agent (RFC 5626 §4.1): a random UUID (RFC 4122 §4.4) as URN. */
export function createInstanceId(random: Random): string {
  const octets = random.bytes(16);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(octets);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${parts.join('-')}`;
}

/** Whether a text is what {@link createInstanceId} makes: what is kept may have been changed by hand. */
export function isInstanceId(text: string | null): text is string {
  return text !== null && /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
