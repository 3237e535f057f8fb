import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';

/** The hash functions of RFC 8760, by the name that `algorithm` carries, without `-sess`. */
export type DigestHash = 'MD5' | 'SHA-256' | 'SHA-512-256';

const FUNCTIONS: Readonly<Record<DigestHash, (octets: Uint8Array) => Uint8Array>> = {
  MD5: md5,
  'SHA-256': sha256,
  'SHA-512-256': sha512_256,
};

const encoder = new TextEncoder();

/** H(data) in lower-case hexadecimal. Text counts as UTF-8. */
export function hexDigest(hash: DigestHash, data: string | Uint8Array): string {
  const octets = FUNCTIONS[hash](typeof data === 'string' ? encoder.encode(data) : data);
  let hex = '';
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0');
  return hex;
}
