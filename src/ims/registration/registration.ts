import { MAX_TIMER, type Timer } from '../../platform/clock.js';
import type { Failure } from '../failure.js';
import type { NameAddr } from '../sip/name-addr.js';
import { flowName, targetOf, type Flow } from '../sip/transport/flow.js';
import { parseUri } from '../sip/uri.js';
import type { RegistrationSnapshot, RegistrationState, SecuritySnapshot } from '../snapshot.js';
import { backOff, refreshDelay } from '../back-off.js';
import { isSameAddress, type Binding } from './binding.js';
import { IdentitySet } from './identity-set.js';
import { decide, ownContacts } from './reg-event/own-contact.js';
import type { RegistrationInfo } from './reg-event/reginfo.js';
import { RegistrationAttempt, type Accepted } from './registration-attempt.js';
import { troubleOf, type RegistrationFailure } from './registration-failure.js';
import type { RegistrationOptions } from './registration-options.js';
import { REGISTRATION_TABLE, type RegistrationAction, type RegistrationEvent } from './registration-table.js';

export type { RegistrationOptions };

/** RFC 5626 §4.5: a flow that lasts so long has not failed at once, ms. */
const STABLE_FLOW = 120_000;
/** Evicted again so soon after a registration, the network is not obeyed at once, ms. */
const EVICTION_PAUSE = 60_000;
const RESTING: ReadonlySet<RegistrationState> = new Set(['registered', 'waiting', 'unregistered']);

/** Registers one contact and keeps it registered (TS 24.229 §5.1.1, RFC 3261 §10), as {@link REGISTRATION_TABLE} says. */
export class Registration {
  readonly identities: IdentitySet;
  readonly #attempt: RegistrationAttempt;
  #state: RegistrationState = 'unregistered';
  #since: number;
  #failure: Failure | null = null;
  /** What the last 200 gave, while it holds. */
  #accepted: Accepted | null = null;
  #acceptedAt = 0;
  #expiresAt: number | null = null;
  #failures = 0;
  /** Times in a row that the network took away what it had just given. */
  #evictions = 0;
  /** Times in a row that the flow failed soon after the registration. */
  #flowFailures = 0;
  /** To be registered again after the de-registration that is going on. */
  #wanted = false;
  #timer: Timer | null = null;
  #expiry: Timer | null = null;
  #waiting: (() => void)[] = [];

  constructor(private readonly options: RegistrationOptions) {
    this.identities = new IdentitySet(options.identity);
    this.#since = options.clock.wallTime();
    this.#attempt = new RegistrationAttempt(options, {
      happen: (event, trouble) => this.#happen(event, trouble),
      accept: (accepted) => this.#accept(accepted),
    });
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** Whether the network takes us for registered, whatever is going on. */
  get bound(): boolean {
    return this.#accepted !== null;
  }

  /** The flow of the last REGISTER that was sent. */
  get flow(): Flow | null {
    return this.#attempt.flow;
  }

  /** The flow that the registration holds for; null: not registered. */
  get boundFlow(): Flow | null {
    return this.#accepted?.flow ?? null;
  }

  get binding(): Binding | null {
    return this.#accepted?.binding ?? null;
  }

  get serviceRoute(): readonly string[] {
    return this.binding?.serviceRoute ?? [];
  }

  /** The identity for calls: the default one (first of P-Associated-URI), else the one that we registered. */
  get identity(): NameAddr {
    return this.identities.preferred;
  }

  get snapshot(): RegistrationSnapshot {
    const { flow } = this;
    return Object.freeze({
      state: this.#state,
      since: this.#since,
      identity: this.bound ? this.identity.uri.toString() : null,
      associatedUris: Object.freeze((this.binding?.associatedUris ?? []).map(({ text }) => text)),
      identities: this.identities.snapshot,
      expiresAt: this.#expiresAt,
      transport: flow?.transport ?? null,
      server: flow ? flowName(flow.remote) : null,
      security: this.bound ? this.#security() : null,
      failure: this.#failure,
    });
  }

  #security(): SecuritySnapshot {
    const agreed = this.options.security?.snapshot;
    if (agreed) return agreed;
    const digest = this.options.algorithm === null ? 'none' : 'digest';
    const mechanism = this.flow?.transport === 'tls' ? 'tls' : digest;
    return Object.freeze({ mechanism, algorithm: null, encryption: null });
  }

  /** Registers or refreshes now. Resolves when this attempt ended, well or not. */
  register(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#happen('register');
    return done;
  }

  /** Takes the binding away. Resolves when the registrar answered, or nobody did. */
  unregister(): Promise<void> {
    this.#settle();
    this.#wanted = false;
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#state === 'registered' || this.#attempt.inFlight) this.#happen('unregister');
    else {
      // Nothing is on the wire: nothing is to be waited for.
      this.#attempt.giveUp();
      if (this.#accepted) this.#enter('unregistering', null, 'leave');
      else this.#enter('unregistered', null, 'forget');
    }
    return done;
  }

  /** The network is gone: nothing can be sent until {@link register} is called again. */
  suspend(failure: Failure): void {
    this.#happen('suspended', { failure, retry: false, elsewhere: false });
  }

  /** The flow that we registered over failed: the network could not reach us. Not at once if the last one failed soon too (RFC 5626 §4.5). */
  flowLost(): void {
    if (this.#state !== 'registered') return;
    const soon = this.options.clock.now() - this.#acceptedAt < STABLE_FLOW;
    this.#flowFailures = soon ? this.#flowFailures + 1 : 0;
    if (this.#flowFailures < 2) return this.#happen('flow-lost');
    const after = backOff(this.#flowFailures - 1, this.options.random);
    this.#happen('flow-unstable', troubleOf('the connection does not last', { after, local: false }));
  }

  /** What the reg event tells (TS 24.229 §5.1.1.7). */
  note(registrations: readonly RegistrationInfo[]): void {
    const contact = this.#accepted?.contact.uri;
    if (!contact) return;
    const { instance } = this.options;
    const own = ownContacts(registrations, {
      isContact: (text) => {
        const uri = parseUri(text);
        return uri !== null && isSameAddress(uri, contact);
      },
      instance: instance === null ? null : `<${instance}>`,
    });
    this.identities.note(registrations, own);
    const decision = decide(own);
    switch (decision.kind) {
      case 'register':
        return this.#evicted();
      case 'register-later':
        return this.#happen(
          'postponed',
          troubleOf('the network wants us back later', { after: decision.after, local: false }),
        );
      case 'ended':
        return this.#happen('ended-by-network', troubleOf(`the network ended it: ${decision.event ?? '?'}`, false));
      case 'shortened':
        if (this.#state === 'registered') this.#lasts(decision.expires);
    }
    this.options.changed();
  }

  /** Stops without a word. */
  close(): void {
    this.#stopTimers();
    this.#attempt.giveUp();
    this.#settle();
  }

  /** Register again; not at once if it was so a moment ago. */
  #evicted(): void {
    const soon = this.options.clock.now() - this.#acceptedAt < EVICTION_PAUSE;
    this.#evictions = soon ? this.#evictions + 1 : 0;
    if (this.#evictions < 2) return this.#happen('deactivated');
    const after = backOff(this.#evictions, this.options.random);
    this.#happen('postponed', troubleOf('the network keeps ending it', { after, local: false }));
  }

  /** Looks the event up and does what stands there. */
  #happen(event: RegistrationEvent, trouble: RegistrationFailure | null = null): void {
    const transition = REGISTRATION_TABLE[this.#state][event];
    if (!transition) return;
    const { to, act } = transition;
    const next = to === 'same' ? this.#state : to === 'attempting' ? (this.bound ? 'refreshing' : 'resolving') : to;
    const { logger } = this.options;
    logger.log('debug', 'registration', event, { from: this.#state, to: next, act, ...trouble?.failure });
    this.#enter(next, trouble, act);
  }

  #enter(state: RegistrationState, trouble: RegistrationFailure | null, act: RegistrationAction): void {
    if (state !== this.#state) {
      this.#since = this.options.clock.wallTime();
      this.#failure = null;
    }
    this.#state = state;
    if (trouble && (state === 'waiting' || state === 'unregistered')) this.#failure = Object.freeze(trouble.failure);
    this.#do(act, trouble);
    this.options.changed();
    // The action may have led on.
    if (this.#state === 'unregistered' && this.#wanted) {
      this.#wanted = false;
      this.#happen('register');
    } else if (RESTING.has(this.#state)) this.#settle();
  }

  #do(act: RegistrationAction, trouble: RegistrationFailure | null): void {
    // Over security associations, the agreement knows the way.
    const current = this.#accepted && !this.#accepted.secured ? targetOf(this.#accepted.flow) : null;
    switch (act) {
      case 'attempt':
        this.#timer?.cancel();
        return this.#attempt.begin(current);
      case 'forget-and-attempt':
        this.#forget();
        this.#timer?.cancel();
        return this.#attempt.begin(null);
      case 'send-again':
        return this.#attempt.again();
      case 'pause':
        return this.#pause(trouble);
      case 'forget-and-pause':
        this.#forget();
        return this.#pause(trouble);
      case 'forget':
        return this.#forget();
      case 'halt':
        this.#attempt.giveUp();
        this.#attempt.forgetFlow();
        this.#timer?.cancel();
        return this.#forget();
      case 'leave':
        this.#stopTimers();
        return this.#accepted ? this.#attempt.remove(current) : this.#happen('removed');
      case 'leave-later':
        return this.#stopTimers();
      case 'note-wish':
        this.#wanted = true;
        return;
      case 'none':
    }
  }

  #accept(accepted: Accepted): void {
    const before = this.#accepted;
    this.#accepted = accepted;
    if (this.#state === 'unregistering') return this.#happen('answered');
    const moved =
      !before || !isSameAddress(accepted.contact.uri, before.contact.uri) || !sameServer(accepted.flow, before.flow);
    this.#acceptedAt = this.options.clock.now();
    this.#failures = 0;
    const { associatedUris, expires, pubGruu } = accepted.binding;
    this.identities.accept(associatedUris, pubGruu?.toString() ?? null);
    this.options.security?.registered(expires);
    this.#lasts(expires);
    this.#happen('accepted');
    this.options.onRegistered?.(moved);
  }

  /** @param expires seconds from now */
  #lasts(expires: number): void {
    const { clock } = this.options;
    this.#stopTimers();
    this.#expiresAt = clock.wallTime() + expires * 1000;
    this.#timer = clock.setTimeout(refreshDelay(expires), () => this.#happen('refresh-due'));
    this.#expiry = clock.setTimeout(Math.min(expires * 1000, MAX_TIMER), () => this.#happen('expired'));
  }

  #pause(trouble: RegistrationFailure | null): void {
    this.#failures++;
    this.#timer?.cancel();
    const { clock, random } = this.options;
    const retry = trouble === null || trouble.retry === false ? { after: null, local: false } : trouble.retry;
    const wait = retry.after ?? backOff(this.#failures, random, retry.local);
    this.#timer = clock.setTimeout(wait, () => this.#happen('retry-due'));
    if (trouble) this.#failure = Object.freeze({ ...trouble.failure, retryAfter: wait });
  }

  #forget(): void {
    const had = this.bound;
    if (had) this.options.will.withdraw();
    void this.options.security?.release();
    this.#expiry?.cancel();
    this.#accepted = null;
    this.#expiresAt = null;
    this.identities.clear();
    if (this.#state === 'unregistered') {
      this.#timer?.cancel();
      this.#failures = 0;
    }
    if (had) this.options.onUnregistered?.();
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #stopTimers(): void {
    this.#timer?.cancel();
    this.#expiry?.cancel();
  }
}

/** Ports may change: those of security associations do each time. */
function sameServer(a: Flow, b: Flow): boolean {
  return a.transport === b.transport && a.remote.address === b.remote.address;
}
