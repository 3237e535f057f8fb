import { fromBase64, toBase64 } from '../platform/base64.js';
import { fromHex } from '../platform/hex.js';

/**
 * A pin names the public key that a server must have: SHA-256 of its SubjectPublicKeyInfo (RFC 7469 §2.4), in base64,
 * also behind `sha256/` as curl has it, or in hexadecimal with or without colons.
 *
 * @returns the same in plain base64; null: it is none
 */
export function readPin(text: string): string | null {
  const bare = text.trim().replace(/^sha256\/{1,2}/, '');
  const octets = fromHex(bare.replaceAll(':', '')) ?? fromBase64(bare);
  return octets?.length === 32 ? toBase64(octets) : null;
}
