import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../platform/hex.js';

/** The hash functions of RFC 8760, by the name that `algorithm` carries, without `-sess`. */
export type DigestHash = 'MD5' | 'SHA-256' | 'SHA-512-256';

const FUNCTIONS = { MD5: md5, 'SHA-256': sha256, 'SHA-512-256': sha512_256 } as const satisfies Record<
  DigestHash,
  unknown
>;

const encoder = new TextEncoder();

/** H(data) in lower-case hexadecimal. Text counts as UTF-8. */
export function hexDigest(hash: DigestHash, data: string | Uint8Array): string {
  return toHex(FUNCTIONS[hash](typeof data === 'string' ? encoder.encode(data) : data));
}

/** HMAC (RFC 2104) over the UTF-8 of `text`. */
export function hmacDigest(hash: DigestHash, key: Uint8Array, text: string): Uint8Array {
  return hmac(FUNCTIONS[hash], key, encoder.encode(text));
}
