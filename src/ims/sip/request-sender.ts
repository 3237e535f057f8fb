import { NetworkError } from '../../net/network.js';
import { silentLogger, type Logger } from '../../platform/logger.js';
import type { AuthScheme } from '../auth/auth-scheme.js';
import { parseAuthenticationInfo, parseChallenges, type Challenge } from '../auth/challenge.js';
import type { ClientTransactionHandle, RequestHandlers } from './client-exchange.js';
import { printCSeq } from './cseq.js';
import type { SendOptions, SipEndpoint } from './endpoint.js';
import { createResponse, type SipRequest, type SipResponse } from './message.js';
import type { ClientFailure } from './transaction/client-transaction.js';

/** What became of the credentials when a 401 or 407 is the last word. */
export type AuthOutcome =
  | 'none' // nothing was asked, or it was answered well
  | 'unanswerable' // no scheme, no password, or no algorithm that we know
  | 'rejected' // we answered, and were asked again
  | 'challenge-invalid' // we could not believe the challenge, said so, and this is the answer
  | 'response-invalid'; // who answered claims to know our secret (rspauth), and does not

export interface SenderHandlers extends Omit<RequestHandlers, 'onFinal'> {
  /** @param request the last one sent */
  onFinal(response: SipResponse, request: SipRequest, auth: AuthOutcome): void;
  onFailure(reason: ClientFailure, error: NetworkError | null): void;
  /** A challenge is being answered. */
  onChallenge?(response: SipResponse): void;
}

export interface SenderOptions extends SendOptions {
  /** CSeq of the next attempt, for requests within a dialog. Default: one more than the last. */
  readonly nextCSeq?: () => number;
  /**
   * Asked before each attempt, when credentials are in: may change the request, and the way that it takes. When it
   * rejects, nothing is sent and the error is handed to `onFailure`.
   *
   * @param challenge what this attempt answers; null: the first
   */
  readonly secure?: (request: SipRequest, challenge: SipResponse | null) => Promise<SendOptions>;
}

type Kind = 'WWW' | 'Proxy';
interface KnownChallenge {
  readonly kind: Kind;
  readonly scheme: AuthScheme;
  readonly challenge: Challenge;
}

const INFO_HEADERS = [
  ['Authentication-Info', 'WWW'],
  ['Proxy-Authentication-Info', 'Proxy'],
] as const;
interface Claim {
  readonly kind: Kind;
  readonly info: Challenge['parameters'];
}

/** Challenges answered in one exchange at most: proxies on the way and the server may each ask, and find a nonce stale. */
const MAX_CHALLENGES = 6;
/**
 * Answers by a one-time scheme that are refused before we give up. A challenge that we believed comes from who has our
 * key: the answer is right, and was lost. Kamailio's S-CSCF, for one, sends its challenge before it stores it.
 */
const MAX_REFUSED = 2;
/** TS 24.229 §5.1.1.5.3: invalid challenges in a row that are answered. */
const MAX_INVALID = 2;
/** Realms remembered. */
const MAX_REALMS = 16;

/** Sends requests and answers the challenges that come back (RFC 3261 §22). */
export class RequestSender {
  /** Challenges answered before, so that the next request is authorized at once (§22.3). */
  readonly #known = new Map<string, KnownChallenge>();

  constructor(
    private readonly endpoint: SipEndpoint,
    private readonly schemes: readonly AuthScheme[],
    private readonly logger: Logger = silentLogger,
  ) {}

  /** Forgets every nonce. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * Fills in credentials for a request that may be sent by others, some time, with what is known by then.
   */
  async authorize(request: SipRequest): Promise<void> {
    const { method, requestUri, body, headers } = request;
    for (const name of ['Authorization', 'Proxy-Authorization']) headers.delete(name);
    for (const [key, { kind, scheme, challenge }] of this.#known) {
      if (key !== keyOf(kind, challenge.parameters.get('realm') ?? '', request)) continue;
      const value = await scheme.authorize(challenge, { method, uri: requestUri.toString(), body, tentative: true });
      if (value !== null) headers.append(kind === 'WWW' ? 'Authorization' : 'Proxy-Authorization', value);
    }
  }

  send(request: SipRequest, handlers: SenderHandlers, options: SenderOptions = {}): ClientTransactionHandle {
    const exchange = new AuthorizedExchange(
      this.endpoint,
      this.schemes,
      this.#known,
      request.clone(),
      handlers,
      options,
      this.logger,
    );
    void exchange.attempt();
    return exchange;
  }
}

class AuthorizedExchange implements ClientTransactionHandle {
  #inner: ClientTransactionHandle | null = null;
  #cancelled = false;
  #abandoned = false;
  #attempts = 0;
  /** Invalid challenges in a row, the one being answered included. */
  #invalid = 0;
  /** Challenges that followed a good answer of a one-time scheme. */
  #refused = 0;
  /** Challenges answered in this exchange, by realm. */
  readonly #answered = new Map<string, KnownChallenge>();

  constructor(
    private readonly endpoint: SipEndpoint,
    private readonly schemes: readonly AuthScheme[],
    private readonly known: Map<string, KnownChallenge>,
    private readonly request: SipRequest,
    private readonly handlers: SenderHandlers,
    private readonly options: SenderOptions,
    private readonly logger: Logger,
  ) {}

  cancel(reason?: string): void {
    this.#cancelled = true;
    this.#inner?.cancel(reason);
  }

  abandon(): void {
    this.#abandoned = true;
    this.#inner?.abandon();
  }

  /** @param challenged what asks for credentials; absent: this is the first attempt */
  async attempt(challenged?: SipResponse): Promise<void> {
    await this.#authorize();
    if (this.#abandoned) return;
    if (challenged && this.#invalid > MAX_INVALID)
      return this.handlers.onFinal(challenged, this.request, 'challenge-invalid');
    // Cancelled between two attempts: nothing is on the wire.
    if (this.#cancelled) return this.handlers.onFinal(createResponse(this.request, 487), this.request, 'none');
    const { handlers } = this;
    let options: SendOptions = this.options;
    try {
      options = { ...options, ...(await this.options.secure?.(this.request, challenged ?? null)) };
    } catch (error) {
      const why = error instanceof NetworkError ? error : new NetworkError('internal', String(error), error);
      if (!this.#isAbandoned()) handlers.onFailure('transport', why);
      return;
    }
    if (this.#isAbandoned()) return;
    this.#inner = this.endpoint.request(
      this.request,
      {
        onFinal: (response, sent) => this.#onFinal(response, sent),
        onFailure: (reason, error) => handlers.onFailure(reason, error),
        ...(handlers.onProvisional ? { onProvisional: handlers.onProvisional.bind(handlers) } : {}),
        ...(handlers.onFurtherSuccess ? { onFurtherSuccess: handlers.onFurtherSuccess.bind(handlers) } : {}),
      },
      options,
    );
  }

  // A method, since it changes while others are waited for.
  #isAbandoned(): boolean {
    return this.#abandoned;
  }

  #onFinal(response: SipResponse, sent: SipRequest): void {
    if (response.status !== 401 && response.status !== 407) {
      return this.#conclude(response, sent);
    }
    const outcome = this.#cancelled ? 'unanswerable' : this.#takeChallenges(response);
    if (outcome !== 'none') return this.handlers.onFinal(response, sent, outcome);
    this.#attempts++;
    this.handlers.onChallenge?.(response);
    const number = this.options.nextCSeq?.() ?? (this.request.cseq?.number ?? 0) + 1;
    this.request.headers.set('CSeq', printCSeq({ number, method: this.request.method }));
    this.#inner = null;
    void this.attempt(response);
  }

  /** The last word. */
  #conclude(response: SipResponse, sent: SipRequest): void {
    const outcome = this.#invalid > 0 ? 'challenge-invalid' : 'none';
    const claims: Claim[] = [];
    for (const [header, kind] of INFO_HEADERS) {
      const info = parseAuthenticationInfo(response.headers.rawValues(header)[0]);
      if (info?.has('rspauth')) claims.push({ kind, info });
      else if (info) this.#noteNextNonce(kind, info);
    }
    // In this turn, where nothing is claimed.
    if (claims.length === 0) return this.handlers.onFinal(response, sent, outcome);
    void this.#prove(claims, response, sent).then((proven) => {
      if (!this.#abandoned) this.handlers.onFinal(response, sent, proven ? outcome : 'response-invalid');
    });
  }

  /** Whoever claims to know our secret has to show it (RFC 7616 §3.5). */
  async #prove(claims: readonly Claim[], response: SipResponse, sent: SipRequest): Promise<boolean> {
    let proven = true;
    for (const { kind, info } of claims) {
      const credentials = sent.headers.rawValues(kind === 'WWW' ? 'Authorization' : 'Proxy-Authorization');
      if ((await this.#confirm(info, credentials, response.body)) !== false) this.#noteNextNonce(kind, info);
      else {
        this.logger.log('warn', 'auth', 'who answered does not know our secret', { kind, status: response.status });
        proven = false;
      }
    }
    return proven;
  }

  /** With credentials for several realms, one of them is confirmed. @returns null: none is ours */
  async #confirm(info: Challenge['parameters'], sent: readonly string[], body: Uint8Array): Promise<boolean | null> {
    let verdict: boolean | null = null;
    for (const credentials of parseChallenges(sent)) {
      const realm = credentials.parameters.get('realm');
      for (const { scheme, challenge } of this.known.values()) {
        if (challenge.parameters.get('realm') !== realm) continue;
        const confirmed = await scheme.confirms?.(credentials, info, body);
        if (confirmed === true) return true;
        verdict = confirmed ?? verdict;
      }
    }
    return verdict;
  }

  /** @returns `none` if the request can be sent again */
  #takeChallenges(response: SipResponse): AuthOutcome {
    if (this.#attempts >= MAX_CHALLENGES) return 'rejected';
    let answerable = false;
    for (const kind of ['WWW', 'Proxy'] as const) {
      const best = new Map<string, KnownChallenge & { readonly strength: number }>();
      for (const challenge of parseChallenges(response.headers.rawValues(`${kind}-Authenticate`))) {
        const realm = challenge.parameters.get('realm') ?? '';
        for (const scheme of this.schemes) {
          const strength = scheme.strength(challenge);
          if (strength > (best.get(realm)?.strength ?? 0)) best.set(realm, { kind, scheme, challenge, strength });
        }
      }
      for (const [realm, choice] of best) {
        const key = this.#key(kind, realm);
        const nonce = choice.challenge.parameters.get('nonce') ?? '';
        const stale = choice.challenge.parameters.get('stale')?.toLowerCase() === 'true';
        const before = this.#answered.get(key);
        // §22.2: the same credentials are not tried twice, unless only the nonce was too old.
        if (before) {
          const disputed = before.scheme.disputes?.(before.challenge) ?? false;
          const repeated = before.challenge.parameters.get('nonce') === nonce;
          const renewed = before.scheme.oneTime === true && !disputed && ++this.#refused < MAX_REFUSED;
          if (repeated || !(stale || disputed || renewed)) {
            this.known.delete(key);
            return disputed ? 'challenge-invalid' : 'rejected';
          }
        }
        this.#answered.set(key, choice);
        this.known.delete(key);
        this.known.set(key, choice);
        if (this.known.size > MAX_REALMS)
          for (const oldest of this.known.keys()) {
            this.known.delete(oldest);
            break;
          }
        answerable = true;
      }
    }
    return answerable ? 'none' : 'unanswerable';
  }

  /** RFC 3261 §22.3: credentials for every realm on the way; those of another server's realm stay at home. */
  async #authorize(): Promise<void> {
    const { method, requestUri, body, headers } = this.request;
    const values = { WWW: [] as string[], Proxy: [] as string[] };
    let disputed = false;
    for (const [key, { kind, scheme, challenge }] of this.known) {
      const realm = challenge.parameters.get('realm') ?? '';
      if (kind === 'WWW' && key !== this.#key('WWW', realm)) continue;
      const value = await scheme.authorize(challenge, { method, uri: requestUri.toString(), body });
      if (value !== null) values[kind].push(value);
      if (!scheme.disputes?.(challenge)) continue;
      disputed = true;
      this.known.delete(key);
    }
    this.#invalid = disputed ? this.#invalid + 1 : 0;
    if (values.WWW.length > 0) headers.set('Authorization', ...values.WWW);
    if (values.Proxy.length > 0) headers.set('Proxy-Authorization', ...values.Proxy);
  }

  /** RFC 7616 §3.5: the server wants this nonce next time. */
  #noteNextNonce(kind: Kind, info: Challenge['parameters']): void {
    const next = info.get('nextnonce');
    if (!next) return;
    for (const [key, entry] of this.known) {
      if (entry.kind !== kind || !this.#answered.has(key)) continue;
      const parameters = new Map(entry.challenge.parameters).set('nonce', next);
      this.known.set(key, { ...entry, challenge: { scheme: entry.challenge.scheme, parameters } });
    }
  }

  #key(kind: Kind, realm: string): string {
    return keyOf(kind, realm, this.request);
  }
}

/** A user agent's challenge holds for its own Request-URI, a proxy's for every request. */
function keyOf(kind: Kind, realm: string, { method, requestUri }: SipRequest): string {
  return kind === 'Proxy' ? `Proxy ${realm}` : `WWW ${realm} ${method} ${requestUri.toString()}`;
}
