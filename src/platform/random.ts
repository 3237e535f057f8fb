/** A source of random octets. Production code brings a cryptographic one; tests a seeded one. */
export interface Random {
  /** @returns `length` fresh random octets */
  bytes(length: number): Uint8Array;
}

const TOKEN_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A random token of `length` characters out of a 32-letter alphabet: 5 bits each, safe in
 * every SIP token, tag, branch and Call-ID.
 */
export function randomToken(random: Random, length: number): string {
  let token = '';
  for (const octet of random.bytes(length)) token += TOKEN_ALPHABET.charAt(octet & 31);
  return token;
}

/** A random unsigned 32-bit number (SSRC, RTP timestamp offset, SPI). */
export function randomUint32(random: Random): number {
  const b = random.bytes(4);
  return (((b[0] ?? 0) << 24) | ((b[1] ?? 0) << 16) | ((b[2] ?? 0) << 8) | (b[3] ?? 0)) >>> 0;
}
