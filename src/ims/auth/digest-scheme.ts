import { randomToken, type Random } from '../../platform/random.js';
import { printChallenge } from '../sip/challenge.js';
import type { AuthorizedRequest, AuthScheme } from './auth-scheme.js';
import type { Challenge } from './challenge.js';
import { digestResponse } from './digest.js';
import type { DigestHash } from './hash.js';

export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
  /** Only for challenges of this realm; absent: any. */
  readonly realm?: string;
}

interface Algorithm {
  readonly hash: DigestHash;
  readonly session: boolean;
  readonly strength: number;
}

/** RFC 8760 §2.1; an unknown algorithm is a challenge to ignore (RFC 7616 §3.3). */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['MD5', { hash: 'MD5', session: false, strength: 1 }],
  ['MD5-SESS', { hash: 'MD5', session: true, strength: 1 }],
  ['SHA-256', { hash: 'SHA-256', session: false, strength: 2 }],
  ['SHA-256-SESS', { hash: 'SHA-256', session: true, strength: 2 }],
  ['SHA-512-256', { hash: 'SHA-512-256', session: false, strength: 3 }],
  ['SHA-512-256-SESS', { hash: 'SHA-512-256', session: true, strength: 3 }],
]);

/** Nonces whose count is kept. */
const MAX_NONCES = 64;

interface NonceUse {
  count: number;
  readonly cnonce: string;
}

/** Digest (RFC 7616, 8760) with a password. */
export class DigestScheme implements AuthScheme {
  readonly #nonces = new Map<string, NonceUse>();

  constructor(
    private readonly credentials: DigestCredentials,
    private readonly random: Random,
  ) {}

  strength(challenge: Challenge): number {
    if (challenge.scheme.toLowerCase() !== 'digest') return 0;
    const { parameters } = challenge;
    if (!parameters.has('nonce') || !parameters.has('realm')) return 0;
    if (this.credentials.realm !== undefined && this.credentials.realm !== parameters.get('realm')) return 0;
    if (selectQop(parameters.get('qop')) === undefined) return 0;
    return algorithmOf(challenge)?.strength ?? 0;
  }

  authorize(challenge: Challenge, request: AuthorizedRequest): Promise<string | null> {
    const { parameters } = challenge;
    const algorithm = algorithmOf(challenge);
    const qop = selectQop(parameters.get('qop'));
    const realm = parameters.get('realm');
    const nonce = parameters.get('nonce');
    if (!algorithm || qop === undefined || realm === undefined || nonce === undefined) return Promise.resolve(null);
    const { username, password } = this.credentials;
    const { count, cnonce } = this.#use(`${realm}\n${nonce}`);
    const nc = count.toString(16).padStart(8, '0');
    const { hash, session } = algorithm;
    const { method, uri, body } = request;
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
    const credentials = new Map([
      ['username', username],
      ['realm', realm],
      ['nonce', nonce],
      ['uri', uri],
      ['response', response],
    ]);
    for (const name of ['algorithm', 'opaque']) {
      const value = parameters.get(name);
      if (value !== undefined) credentials.set(name, value);
    }
    if (qop) credentials.set('qop', qop).set('nc', nc);
    if (qop || session) credentials.set('cnonce', cnonce);
    return Promise.resolve(printChallenge({ scheme: 'Digest', parameters: credentials }));
  }

  /** RFC 7616 §3.4: nc counts the requests sent with this nonce. One cnonce per nonce, as the -sess variants need. */
  #use(key: string): NonceUse {
    const use = this.#nonces.get(key) ?? { count: 0, cnonce: randomToken(this.random, 16) };
    use.count++;
    this.#nonces.delete(key);
    this.#nonces.set(key, use);
    const oldest = this.#nonces.keys().next();
    if (this.#nonces.size > MAX_NONCES && !oldest.done) this.#nonces.delete(oldest.value);
    return use;
  }
}

function algorithmOf(challenge: Challenge): Algorithm | undefined {
  // RFC 7616 §3.3: MD5 where none is named.
  return ALGORITHMS.get((challenge.parameters.get('algorithm') ?? 'MD5').toUpperCase());
}

/** `auth` if offered, else `auth-int`; null: RFC 2069; undefined: only what we do not know. */
function selectQop(offered: string | undefined): 'auth' | 'auth-int' | null | undefined {
  if (offered === undefined) return null;
  const options = offered.split(',').map((option) => option.trim().toLowerCase());
  return options.includes('auth') ? 'auth' : options.includes('auth-int') ? 'auth-int' : undefined;
}
