import { randomToken, type Random } from '../../platform/random.js';
import { printChallenge } from '../sip/challenge.js';
import type { AuthorizedRequest } from './auth-scheme.js';
import type { Challenge } from './challenge.js';
import { digestResponse } from './digest.js';
import type { DigestHash } from './hash.js';

/** What a challenge is answered with. */
export interface DigestSecret {
  readonly hash: DigestHash;
  readonly session: boolean;
  readonly username: string;
  /** Octets: AKA's RES. */
  readonly password: string | Uint8Array;
}

/** Nonces whose count is kept. */
const MAX_NONCES = 64;

interface NonceUse {
  count: number;
  readonly cnonce: string;
}

/** Writes the credentials that answer digest challenges, and counts the uses of each nonce (RFC 7616 §3.4). */
export class DigestCredentialsWriter {
  readonly #nonces = new Map<string, NonceUse>();

  constructor(private readonly random: Random) {}

  /** @returns the value of Authorization; null if the challenge asks for what we do not know */
  write(
    { parameters }: Challenge,
    { method, uri, body, tentative = false }: AuthorizedRequest,
    { hash, session, username, password }: DigestSecret,
    further: readonly (readonly [string, string])[] = [],
  ): string | null {
    const qop = selectQop(parameters.get('qop'));
    const realm = parameters.get('realm');
    const nonce = parameters.get('nonce');
    if (qop === undefined || realm === undefined || nonce === undefined) return null;
    const { count, cnonce } = this.#use(`${realm}\n${nonce}`, tentative);
    const nc = count.toString(16).padStart(8, '0');
    const response = digestResponse({
      hash,
      session,
      username,
      realm,
      password,
      method,
      uri,
      nonce,
      qop,
      cnonce,
      nc,
      body,
    });
    const credentials = basicCredentials(parameters, username, uri, response);
    if (qop) credentials.set('qop', qop).set('nc', nc);
    if (qop || session) credentials.set('cnonce', cnonce);
    for (const [name, value] of further) credentials.set(name, value);
    return printChallenge({ scheme: 'Digest', parameters: credentials });
  }

  /** One cnonce per nonce, as the -sess variants need. */
  #use(key: string, tentative: boolean): NonceUse {
    const use = this.#nonces.get(key) ?? { count: 0, cnonce: randomToken(this.random, 16) };
    if (tentative) return { ...use, count: use.count + 1 };
    use.count++;
    this.#nonces.delete(key);
    this.#nonces.set(key, use);
    const oldest = this.#nonces.keys().next();
    if (this.#nonces.size > MAX_NONCES && !oldest.done) this.#nonces.delete(oldest.value);
    return use;
  }
}

/**
 * RFC 7616 §3.5: rspauth is made like the response of the request, without the method and over the body that came back.
 *
 * @param sent parameters of the credentials that are answered
 * @returns null: there is no rspauth
 */
export function confirmsResponse(
  sent: Challenge['parameters'],
  info: Challenge['parameters'],
  body: Uint8Array,
  { hash, session, username, password }: DigestSecret,
): boolean | null {
  const rspauth = info.get('rspauth');
  if (rspauth === undefined) return null;
  const [nc, cnonce] = [sent.get('nc') ?? '', sent.get('cnonce') ?? ''];
  if ((info.get('nc') ?? nc) !== nc || (info.get('cnonce') ?? cnonce) !== cnonce) return false;
  const qop = selectQop(info.get('qop') ?? sent.get('qop'));
  if (qop === undefined) return false;
  const [realm, uri, nonce] = [sent.get('realm') ?? '', sent.get('uri') ?? '', sent.get('nonce') ?? ''];
  const proof = { hash, session, username, realm, password, method: '', uri, nonce, qop, cnonce, nc, body };
  return digestResponse(proof) === rspauth.toLowerCase();
}

/** Username to opaque, as every answer to `challenge` has them. */
export function basicCredentials(
  challenge: Challenge['parameters'],
  username: string,
  uri: string,
  response: string,
): Map<string, string> {
  const credentials = new Map([
    ['username', username],
    ['realm', challenge.get('realm') ?? ''],
    ['nonce', challenge.get('nonce') ?? ''],
    ['uri', uri],
    ['response', response],
  ]);
  for (const name of ['algorithm', 'opaque']) {
    const value = challenge.get(name);
    if (value !== undefined) credentials.set(name, value);
  }
  return credentials;
}

/** `auth` if offered, else `auth-int`; null: RFC 2069; undefined: only what we do not know. */
export function selectQop(offered: string | undefined): 'auth' | 'auth-int' | null | undefined {
  if (offered === undefined) return null;
  const options = offered.split(',').map((option) => option.trim().toLowerCase());
  return options.includes('auth') ? 'auth' : options.includes('auth-int') ? 'auth-int' : undefined;
}
