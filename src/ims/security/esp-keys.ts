import type { EncryptionAlgorithm, IntegrityAlgorithm } from '../../net/ipsec.js';

/**
 * TS 33.203 annex I: the keys of the associations out of those that AKA agreed on.
 *
 * @param ik 16 octets @param ck 16 octets
 */
export function espKeys(
  integrity: IntegrityAlgorithm,
  encryption: EncryptionAlgorithm,
  ik: Uint8Array,
  ck: Uint8Array,
): { readonly integrityKey: Uint8Array; readonly encryptionKey: Uint8Array } {
  const integrityKey = new Uint8Array(integrity === 'hmac-sha-1-96' ? 20 : 16);
  // HMAC-SHA-1-96: IK and 32 zero bits.
  integrityKey.set(ik.subarray(0, 16));
  return { integrityKey, encryptionKey: encryptionKey(encryption, ck) };
}

function encryptionKey(encryption: EncryptionAlgorithm, ck: Uint8Array): Uint8Array {
  if (encryption === 'null') return new Uint8Array(0);
  if (encryption === 'aes-cbc') return ck.slice(0, 16);
  // CK1 || CK2 || CK1, where CK = CK1 || CK2.
  return new Uint8Array([...ck.subarray(0, 16), ...ck.subarray(0, 8)]);
}
