import type { NetworkError } from '../../net/network.js';
import type { Clock, Timer } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import type { Random } from '../../platform/random.js';
import { Headers } from '../sip/headers.js';
import { SipRequest, type SipResponse } from '../sip/message.js';
import { printChallenge } from '../sip/challenge.js';
import type { ClientTransactionHandle } from '../sip/client-exchange.js';
import { NameAddr } from '../sip/name-addr.js';
import type { AuthOutcome, RequestSender } from '../sip/request-sender.js';
import type { Flow, SipTransport } from '../sip/transport/flow.js';
import { SipUri, type Uri } from '../sip/uri.js';
import { flowName } from '../sip/transport/flow.js';
import type { IdentitySnapshot, RegistrationSnapshot, RegistrationState, SecuritySnapshot } from '../snapshot.js';
import type { Failure } from '../failure.js';
import { SecurityFailure, type SecurityAgreement } from '../security/index.js';
import { MMTEL_FEATURE } from '../session/call-headers.js';
import { backOff, MAX_TIMER, refreshDelay } from './back-off.js';
import { readBinding, type Binding } from './binding.js';
import { redirectTarget } from './redirect.js';
import { failureOfAttempt, failureOfRegister, type RegistrationFailure } from './registration-failure.js';

/**
 * States of a registration (`RegistrationSnapshot.state`):
 *
 *                register()                 401
 *  unregistered ----------> resolving -> registering --> authenticating
 *     ^   ^                     ^            |   |             |
 *     |   |                     |        200 |   | 423: again  | 200
 *     |   |     retry time      |            v   |             v
 *     |   |   +-----------------+        registered <----------+
 *     |   |   |                              | ^  half time or 600 s before the end,
 *     |   | waiting <-- 408, 5xx, network ---+ |  or the connection was lost
 *     |   |             from every state     v |  200
 *     |   +-- 4xx, 6xx from every state -- refreshing (authenticating)
 *     |
 *   unregistering <- unregister() from registered, refreshing, waiting
 */
export interface RegistrationOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sender: RequestSender;
  /** Home domain, R-URI of REGISTER. */
  readonly domain: SipUri;
  /** Public identity to register, without parameters. */
  readonly identity: NameAddr;
  /** Private identity: username of the first, empty Authorization. */
  readonly privateIdentity: string;
  /** Named there: what we can answer with. Null: no credentials are configured. */
  readonly algorithm: string | null;
  /** The P-CSCF or proxy; null: found from the domain. */
  readonly proxy: SipUri | null;
  readonly transport: SipTransport | null;
  /** Seconds asked for. */
  readonly expires: number;
  /** Agreement on security with the P-CSCF (RFC 3329); null: none is sought. */
  readonly security: SecurityAgreement | null;
  contact(flow: Flow): NameAddr;
  describe(headers: Headers): void;
  callId: string;
  tag: string;
  changed(): void;
}

/** Requests that 423 and 3xx can make of one attempt: who never has enough is not followed for ever. */
const MAX_FOLLOW_UPS = 4;

/** Registers one public identity and keeps it registered (TS 24.229 §5.1.1, RFC 3261 §10). */
export class Registration {
  #state: RegistrationState = 'unregistered';
  #since: number;
  #failure: Failure | null = null;
  #binding: Binding | null = null;
  #flow: Flow | null = null;
  #expiresAt: number | null = null;
  #expires: number;
  #cseq = 0;
  #failures = 0;
  /** In this attempt. */
  #followUps = 0;
  #timer: Timer | null = null;
  #expiry: Timer | null = null;
  #exchange: ClientTransactionHandle | null = null;
  #attemptDone: (() => void)[] = [];

  constructor(private readonly options: RegistrationOptions) {
    this.#expires = options.expires;
    this.#since = options.clock.wallTime();
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** Whether the network takes us for registered, whatever is going on. */
  get bound(): boolean {
    return this.#binding !== null;
  }

  /** The flow of the last REGISTER that was sent. */
  get flow(): Flow | null {
    return this.#flow;
  }

  get serviceRoute(): readonly string[] {
    return this.#binding?.serviceRoute ?? [];
  }

  /** The identity for calls: the default one (first of P-Associated-URI), else the one that we registered. */
  get identity(): NameAddr {
    const first = this.#binding?.associatedUris[0];
    return first
      ? new NameAddr(first.uri, this.options.identity.displayName ?? first.displayName)
      : this.options.identity;
  }

  get snapshot(): RegistrationSnapshot {
    const flow = this.#flow;
    return Object.freeze({
      state: this.#state,
      since: this.#since,
      identity: this.#binding ? this.identity.uri.toString() : null,
      associatedUris: Object.freeze((this.#binding?.associatedUris ?? []).map(({ uri }) => uri.toString())),
      identities: this.#identities(),
      expiresAt: this.#expiresAt,
      transport: flow?.transport ?? null,
      server: flow ? flowName(flow.remote) : null,
      security: this.#binding ? this.#security() : null,
      failure: this.#failure,
    });
  }

  #identities(): readonly IdentitySnapshot[] {
    return Object.freeze(
      (this.#binding?.associatedUris ?? []).map(({ uri, displayName }, index) =>
        Object.freeze({
          uri: uri.toString(),
          displayName: displayName ?? '',
          state: 'active' as const,
          event: null,
          isDefault: index === 0,
          gruu: null,
        }),
      ),
    );
  }

  #security(): SecuritySnapshot {
    const agreed = this.options.security?.snapshot;
    if (agreed) return agreed;
    const digest = this.options.algorithm === null ? 'none' : 'digest';
    const mechanism = this.#flow?.transport === 'tls' ? 'tls' : digest;
    return Object.freeze({ mechanism, algorithm: null, encryption: null });
  }

  /** Registers or refreshes now. Resolves when this attempt ended, well or not. */
  register(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#attemptDone.push(resolve));
    if (!this.#exchange) this.#attempt();
    return done;
  }

  /** Takes the binding away. Resolves when the registrar answered, or nobody did. */
  unregister(): Promise<void> {
    this.#stopTimers();
    this.#exchange?.abandon();
    this.#exchange = null;
    this.#settle();
    if (!this.#binding) {
      this.#enter('unregistered', null);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#attemptDone.push(resolve);
      this.#enter('unregistering', null);
      this.#send(0);
    });
  }

  /** The network is gone: nothing can be sent until {@link register} is called again. */
  suspend(failure: Failure): void {
    if (this.#state === 'unregistered') return;
    this.#stopTimers();
    this.#exchange?.abandon();
    this.#exchange = null;
    this.#clear();
    this.#flow = null;
    this.#enter('waiting', failure);
    this.#settle();
  }

  /** The connection that we registered over was lost: the network could not reach us. */
  flowLost(): void {
    if (this.#state === 'registered') this.#attempt();
  }

  /** Stops without a word. */
  close(): void {
    this.#stopTimers();
    this.#exchange?.abandon();
    this.#exchange = null;
    this.#settle();
  }

  #attempt(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#followUps = 0;
    this.#enter(this.#binding ? 'refreshing' : 'resolving', null);
    this.#send(this.#expires);
  }

  /** @param elsewhere next hop that a redirection named */
  #send(expires: number, elsewhere: SipUri | null = null): void {
    const { options } = this;
    const headers = new Headers([
      ['Max-Forwards', '70'],
      ['From', options.identity.withParameter('tag', options.tag).toString()],
      ['To', options.identity.toString()],
      ['Call-ID', options.callId],
      ['CSeq', `${++this.#cseq} REGISTER`],
      ['Expires', String(expires)],
      ['Supported', 'path'],
    ]);
    const { domain, privateIdentity, algorithm } = options;
    if (algorithm !== null) {
      // TS 24.229 §5.1.1.2.1 and RFC 3310 §3.3: tells the registrar who will be challenged.
      const parameters = new Map([
        ['username', privateIdentity],
        ['realm', domain.address],
        ['uri', domain.toString()],
        ['nonce', ''],
        ['response', ''],
        ['algorithm', algorithm],
      ]);
      headers.append('Authorization', printChallenge({ scheme: 'Digest', parameters }));
    }
    options.describe(headers);
    let contact: NameAddr | null = null;
    const { security } = options;
    const hop: Uri = elsewhere ?? options.proxy ?? domain;
    const way = { nextHop: hop, ...(options.transport && !elsewhere ? { transport: options.transport } : {}) };
    this.#exchange = options.sender.send(
      new SipRequest('REGISTER', domain, headers),
      {
        onChallenge: () => {
          if (this.#state === 'registering') this.#enter('authenticating', null);
        },
        onFinal: (response, request, auth) => {
          this.#cseq = request.cseq?.number ?? this.#cseq;
          this.#onFinal(response, auth, contact, expires);
        },
        onFailure: (_reason, error) => this.#onFailure(error, expires),
      },
      {
        ...way,
        ...(security ? { secure: (request, challenge) => security.secure(request, challenge, this.#flow, way) } : {}),
        nextCSeq: () => ++this.#cseq,
        prepare: (request, flow) => {
          this.#flow = flow;
          contact = options.contact(flow);
          request.headers.set('Contact', `${contact.toString()};${MMTEL_FEATURE};expires=${expires}`);
          if (this.#state === 'resolving') this.#enter('registering', null);
        },
      },
    );
  }

  #onFinal(response: SipResponse, auth: AuthOutcome, contact: NameAddr | null, expires: number): void {
    this.#exchange = null;
    const { security } = this.options;
    if (expires === 0) return this.#unregistered();
    const { status } = response;
    if (security?.refused(response, this.#flow) && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      return this.#send(expires);
    }
    if (status < 300 && contact) return this.#registered(readBinding(response, contact, expires));
    const minimum = Number(response.headers.get('Min-Expires'));
    // RFC 3261 §10.2.8; a registrar that asks for less than it was given does not mean it.
    if (status === 423 && minimum > expires && minimum <= 0xffff_ffff && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      this.#expires = minimum;
      return this.#send(minimum);
    }
    const elsewhere = redirectTarget(response, this.#flow?.transport ?? null);
    if (elsewhere && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      return this.#send(expires, elsewhere);
    }
    security?.failed(false);
    this.#failed(failureOfRegister(response, auth, this.options.algorithm !== null));
  }

  #onFailure(error: NetworkError | null, expires: number): void {
    this.#exchange = null;
    if (expires === 0) return this.#unregistered();
    this.options.security?.failed(!(error instanceof SecurityFailure));
    this.#failed(failureOfAttempt(error));
  }

  #registered(binding: Binding): void {
    if (binding.expires === 0) {
      return this.#failed({
        failure: { reason: 'registration-rejected', detail: 'the registrar holds no binding of ours' },
        retry: { after: null, local: false },
      });
    }
    const { clock } = this.options;
    this.#binding = binding;
    this.options.security?.registered(binding.expires);
    this.#failures = 0;
    this.#stopTimers();
    this.#expiresAt = clock.wallTime() + binding.expires * 1000;
    this.#timer = clock.setTimeout(refreshDelay(binding.expires), () => this.#attempt());
    this.#expiry = clock.setTimeout(Math.min(binding.expires * 1000, MAX_TIMER), () => {
      this.#clear();
      this.options.changed();
    });
    this.#enter('registered', null);
    this.#settle();
  }

  #failed({ failure, retry }: RegistrationFailure): void {
    this.#failures++;
    this.#timer?.cancel();
    if (retry === false) {
      // TS 24.229 §5.1.1.4.1: refused means that the registration is no more.
      this.#stopTimers();
      this.#clear();
      this.#enter('unregistered', failure);
    } else {
      const { clock, random } = this.options;
      const wait = retry.after ?? backOff(this.#failures, random, retry.local);
      this.#timer = clock.setTimeout(wait, () => this.#attempt());
      this.#enter('waiting', { ...failure, retryAfter: wait });
    }
    this.#settle();
  }

  #unregistered(): void {
    this.#stopTimers();
    this.#clear();
    this.#failures = 0;
    this.#enter('unregistered', null);
    this.#settle();
  }

  #clear(): void {
    void this.options.security?.release();
    this.#binding = null;
    this.#expiresAt = null;
  }

  #enter(state: RegistrationState, failure: Failure | null): void {
    if (state !== this.#state) this.#since = this.options.clock.wallTime();
    this.#state = state;
    this.#failure = failure && Object.freeze(failure);
    this.options.logger.log('debug', 'registration', state, failure ? { ...failure } : {});
    this.options.changed();
  }

  #settle(): void {
    for (const resolve of this.#attemptDone.splice(0)) resolve();
  }

  #stopTimers(): void {
    this.#timer?.cancel();
    this.#expiry?.cancel();
    this.#timer = this.#expiry = null;
  }
}
