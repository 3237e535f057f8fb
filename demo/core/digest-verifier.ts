import { digestResponse, parseChallenges, type DigestHash } from '../../src/ims/auth/index.js';
import type { SipRequest, SipResponse } from '../../src/ims/sip/index.js';
import type { Clock } from '../../src/platform/clock.js';
import { randomToken, type Random } from '../../src/platform/random.js';
import { KeyedToken } from './keyed-token.js';
import type { Subscriber, Subscribers } from './subscribers.js';

export type DigestVerdict =
  | { readonly kind: 'valid'; readonly subscriber: Subscriber }
  /** No credentials, or `stale`: right but for an old nonce. */
  | { readonly kind: 'challenge'; readonly stale: boolean }
  | { readonly kind: 'invalid' };

/** Who asks: the registrar by 401, the proxy by 407 (RFC 3261 §22). */
export type DigestRole = 'registrar' | 'proxy';

const HEADERS = {
  registrar: { credentials: 'Authorization', challenge: 'WWW-Authenticate' },
  proxy: { credentials: 'Proxy-Authorization', challenge: 'Proxy-Authenticate' },
} as const;

const NONCE_LIFETIME = 300_000;
/** Nonces whose last count is kept; an older one simply becomes stale. */
const MAX_COUNTED = 5000;
const ALGORITHMS: readonly DigestHash[] = ['SHA-256', 'MD5'];

/** Digest with qop auth (RFC 7616, RFC 8760). Nonces carry their own time and proof, only counts are kept. */
export class DigestVerifier {
  readonly #token: KeyedToken;
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly subscribers: Subscribers,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.#token = new KeyedToken(random);
  }

  verify(request: SipRequest, role: DigestRole): DigestVerdict {
    const { domain } = this.subscribers;
    const all = parseChallenges(request.headers.rawValues(HEADERS[role].credentials));
    const ours = all.find((c) => c.scheme.toLowerCase() === 'digest' && c.parameters.get('realm') === domain);
    // TS 24.229 §5.1.1.2: the first REGISTER brings an empty response.
    if (!ours || (ours.parameters.get('response') ?? '') === '') return { kind: 'challenge', stale: false };
    const value = (name: string): string => ours.parameters.get(name) ?? '';
    const subscriber = this.subscribers.findByPrivateIdentity(value('username'));
    const algorithm = value('algorithm') === '' ? 'MD5' : value('algorithm').toUpperCase();
    const hash = ALGORITHMS.find((name) => name === algorithm);
    if (!subscriber || !hash || value('qop') !== 'auth' || !/^[0-9a-f]{8}$/i.test(value('nc')))
      return { kind: 'invalid' };
    const nonce = value('nonce');
    const expected = digestResponse({
      hash,
      session: false,
      username: value('username'),
      realm: domain,
      password: subscriber.password,
      method: request.method,
      uri: value('uri'),
      nonce,
      qop: 'auth',
      cnonce: value('cnonce'),
      nc: value('nc'),
      body: request.body,
    });
    if (!sameText(expected, value('response').toLowerCase())) return { kind: 'invalid' };
    return this.#useNonce(nonce, parseInt(value('nc'), 16))
      ? { kind: 'valid', subscriber }
      : { kind: 'challenge', stale: true };
  }

  /** Adds a challenge for each algorithm, the stronger first (RFC 8760 §2.4). */
  challenge(response: SipResponse, role: DigestRole, stale: boolean): void {
    for (const algorithm of ALGORITHMS) {
      const fields = [
        `realm="${this.subscribers.domain}"`,
        `nonce="${this.#nonce()}"`,
        `algorithm=${algorithm}`,
        'qop="auth"',
      ];
      if (stale) fields.push('stale=true');
      response.headers.append(HEADERS[role].challenge, `Digest ${fields.join(', ')}`);
    }
  }

  #nonce(): string {
    const made = `${Math.floor(this.clock.now()).toString(36)}.${randomToken(this.random, 12)}`;
    return `${made}.${this.#token.of(made)}`;
  }

  /** @returns false if the nonce is not ours, too old, or was used with this count or a later one (RFC 7616 §3.4) */
  #useNonce(nonce: string, count: number): boolean {
    const end = nonce.lastIndexOf('.');
    const made = nonce.slice(0, end);
    if (end < 0 || this.#token.of(made) !== nonce.slice(end + 1)) return false;
    const age = this.clock.now() - parseInt(made, 36);
    if (!(age >= -1 && age < NONCE_LIFETIME) || count <= (this.#counts.get(nonce) ?? 0)) return false;
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > MAX_COUNTED && !oldest.done) this.#counts.delete(oldest.value);
    return true;
  }
}

/** Compares in a time that does not tell where the difference is. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
