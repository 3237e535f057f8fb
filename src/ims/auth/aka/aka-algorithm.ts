import { toBase64 } from '../../../platform/base64.js';
import { hmacDigest, type DigestHash } from '../hash.js';

/** An `algorithm` of the form AKAv1-MD5 (RFC 3310 §3.1, RFC 4169 §2). */
export interface AkaAlgorithm {
  readonly version: 1 | 2;
  readonly hash: DigestHash;
}

/** RFC 8760 ranks the hashes. The -sess variants are not for RES (RFC 3310 §3.1). */
const HASHES: readonly DigestHash[] = ['MD5', 'SHA-256', 'SHA-512-256'];

export function parseAkaAlgorithm(text: string | undefined): AkaAlgorithm | null {
  const [, version, name] = /^AKAv([12])-(.+)$/i.exec(text ?? '') ?? [];
  const hash = HASHES.find((candidate) => candidate === name?.toUpperCase());
  return hash ? { version: version === '2' ? 2 : 1, hash } : null;
}

/** From 1 up: AKAv2 before AKAv1 (RFC 4169 §4.1), then by hash. */
export function strengthOf({ version, hash }: AkaAlgorithm): number {
  return (version - 1) * HASHES.length + HASHES.indexOf(hash) + 1;
}

/** The digest password: RES as octets (RFC 3310 §3.3), or for AKAv2 the text of RFC 4169 §2.1. */
export function akaPassword(
  { version, hash }: AkaAlgorithm,
  res: Uint8Array,
  ik: Uint8Array,
  ck: Uint8Array,
): string | Uint8Array {
  if (version === 1) return res;
  const key = new Uint8Array([...res, ...ik, ...ck]);
  return toBase64(hmacDigest(hash, key, 'http-digest-akav2-password'));
}

/** IK' and CK' (RFC 4169 §2.2): with AKAv2 other security uses these, never IK and CK themselves. */
export function maskedKeys(
  hash: DigestHash,
  ik: Uint8Array,
  ck: Uint8Array,
): { readonly ik: Uint8Array; readonly ck: Uint8Array } {
  return {
    ik: hmacDigest(hash, ik, 'http-digest-akav2-integritykey'),
    ck: hmacDigest(hash, ck, 'http-digest-akav2-cipherkey'),
  };
}
