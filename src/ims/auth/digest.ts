import { hexDigest, type DigestHash } from './hash.js';

export interface DigestInput {
  readonly hash: DigestHash;
  /** `-sess` variant: A1 is bound to the first nonce and cnonce of the session. */
  readonly session: boolean;
  readonly username: string;
  readonly realm: string;
  /** Text is taken as UTF-8. Octets: AKA's RES (RFC 3310 §3.3). */
  readonly password: string | Uint8Array;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop: 'auth' | 'auth-int' | null;
  /** Needed with qop and with `-sess`. */
  readonly cnonce: string;
  /** Eight hexadecimal digits; needed with qop. */
  readonly nc: string;
  /** For auth-int. */
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();

/** RFC 7616 §3.4.1: request-digest; without qop the form of RFC 2069. */
export function digestResponse(input: DigestInput): string {
  const { hash, nonce, cnonce, nc, qop } = input;
  const ha1 = digestA1(input);
  // §3.4.3
  let a2 = `${input.method}:${input.uri}`;
  if (qop === 'auth-int') a2 += `:${hexDigest(hash, input.body)}`;
  const ha2 = hexDigest(hash, a2);
  return hexDigest(hash, qop ? `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}` : `${ha1}:${nonce}:${ha2}`);
}

/** RFC 7616 §3.4.2: H(A1). */
export function digestA1(
  input: Pick<DigestInput, 'hash' | 'session' | 'username' | 'realm' | 'password' | 'nonce' | 'cnonce'>,
): string {
  const { hash, username, realm, password } = input;
  const head = encoder.encode(`${username}:${realm}:`);
  const secret = typeof password === 'string' ? encoder.encode(password) : password;
  const a1 = new Uint8Array(head.length + secret.length);
  a1.set(head);
  a1.set(secret, head.length);
  const plain = hexDigest(hash, a1);
  return input.session ? hexDigest(hash, `${plain}:${input.nonce}:${input.cnonce}`) : plain;
}
