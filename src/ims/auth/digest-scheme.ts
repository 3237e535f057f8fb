import type { Random } from '../../platform/random.js';
import type { AuthorizedRequest, AuthScheme } from './auth-scheme.js';
import type { Challenge } from './challenge.js';
import { confirmsResponse, DigestCredentialsWriter, selectQop } from './digest-credentials.js';
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

/** Digest (RFC 7616, 8760) with a password. */
export class DigestScheme implements AuthScheme {
  readonly #writer: DigestCredentialsWriter;

  constructor(
    private readonly credentials: DigestCredentials,
    random: Random,
  ) {
    this.#writer = new DigestCredentialsWriter(random);
  }

  strength(challenge: Challenge): number {
    if (challenge.scheme.toLowerCase() !== 'digest') return 0;
    const { parameters } = challenge;
    if (!parameters.has('nonce') || !parameters.has('realm')) return 0;
    if (this.credentials.realm !== undefined && this.credentials.realm !== parameters.get('realm')) return 0;
    if (selectQop(parameters.get('qop')) === undefined) return 0;
    return algorithmOf(challenge)?.strength ?? 0;
  }

  authorize(challenge: Challenge, request: AuthorizedRequest): Promise<string | null> {
    const algorithm = algorithmOf(challenge);
    if (!algorithm) return Promise.resolve(null);
    const { hash, session } = algorithm;
    const { username, password } = this.credentials;
    return Promise.resolve(this.#writer.write(challenge, request, { hash, session, username, password }));
  }

  confirms(sent: Challenge, info: Challenge['parameters'], body: Uint8Array): Promise<boolean | null> {
    const algorithm = algorithmOf(sent);
    const secret = algorithm && { ...algorithm, ...this.credentials };
    return Promise.resolve(secret ? confirmsResponse(sent.parameters, info, body, secret) : null);
  }
}

function algorithmOf(challenge: Challenge): Algorithm | undefined {
  // RFC 7616 §3.3: MD5 where none is named.
  return ALGORITHMS.get((challenge.parameters.get('algorithm') ?? 'MD5').toUpperCase());
}
