import { Emitter } from '../../platform/emitter.js';
import { silentLogger, type Logger } from '../../platform/logger.js';
import type { Failure } from '../failure.js';
import type { MessageOptions, MessageOutcome } from '../messaging/index.js';
import type { Registration } from '../registration/registration.js';
import { failureOfMedia } from '../session/call-failure.js';
import { calledIdentity } from '../session/calling-party.js';
import { IncomingSession } from '../session/incoming-session.js';
import type { InviteSession } from '../session/invite-session.js';
import { OutgoingSession } from '../session/outgoing-session.js';
import type { SecurityAgreement } from '../security/index.js';
import { SipEndpoint } from '../sip/endpoint.js';
import { createResponse, type SipRequest } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import { RequestSender } from '../sip/request-sender.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow } from '../sip/transport/flow.js';
import type { ImsSnapshot, RegistrationSnapshot } from '../snapshot.js';
import { EMPTY_SNAPSHOT } from '../snapshot.js';
import type { CallOptions, UserAgentApi, UserAgentEvents, UserAgentOptions } from '../user-agent.js';
import { readAccount, type AccountPlan } from './account-plan.js';
import { atMost } from './at-most.js';
import { attempt } from './attempt.js';
import { CallList, type ListedCall } from './call-list.js';
import { parseCallTarget } from './call-target.js';
import { AgentCapabilities } from './capabilities.js';
import { ContextFactory, type Speaker } from './context-factory.js';
import { NO_CREDENTIALS, readCredentials, type Credentials } from './credentials.js';
import { failedCall } from './failed-call.js';
import { Link } from './link.js';
import { MessageDesk } from './message-desk.js';
import { RegistrationControl } from './registration-control.js';
import { routeRequest } from './request-router.js';
import { createSecurity } from './security.js';
import { putInTheWay, wishedPrivacy } from './privacy.js';
import { endStraySuccess } from './stray-success.js';
import { SnapshotPublisher } from './snapshot-publisher.js';

/** Calls at once; more are busy. */
const MAX_CALLS = 8;
/** ms that {@link UserAgent.stop} waits for farewells. */
const STOP_TIMEOUT = 2000;

/** An IMS user agent: one account, its registration and its calls. */
export class UserAgent implements UserAgentApi {
  readonly events: Emitter<UserAgentEvents>;
  readonly #options: UserAgentOptions;
  readonly #logger: Logger;
  readonly #plan: AccountPlan | null;
  readonly #planFailure: Failure | null;
  readonly #credentials: Credentials;
  readonly #capabilities: AgentCapabilities;
  readonly #endpoint: SipEndpoint;
  readonly #sender: RequestSender;
  readonly #publisher: SnapshotPublisher;
  readonly #link: Link;
  readonly #security: SecurityAgreement | null;
  readonly #contexts: ContextFactory;
  readonly #control: RegistrationControl | null;
  readonly #calls: CallList<ListedCall>;
  readonly #sessions = new Set<InviteSession>();
  readonly #messages: MessageDesk;
  #started = false;
  /** A person wants to be registered: kept over the loss of the link. */
  #wanted = true;
  #stopped = false;

  constructor(options: UserAgentOptions) {
    const { account, clock, random, network } = options;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.events = new Emitter((error) =>
      this.#logger.log('error', 'user-agent', 'a listener threw', { error: String(error) }),
    );
    const plan = readAccount(account);
    const credentials =
      'identity' in plan
        ? readCredentials(account, plan.privateIdentity, options.keyStore ?? null, random, options.store ?? null)
        : NO_CREDENTIALS;
    this.#credentials = 'schemes' in credentials ? credentials : NO_CREDENTIALS;
    this.#plan = 'identity' in plan && 'schemes' in credentials ? plan : null;
    const failure = 'identity' in plan ? credentials : plan;
    this.#planFailure = 'reason' in failure ? Object.freeze(failure) : null;
    this.#publisher = new SnapshotPublisher(
      clock,
      () => this.#build(),
      (snapshot) => this.events.emit('snapshot', snapshot),
    );
    this.#calls = new CallList(clock, this.#publisher.changed);
    this.#capabilities = new AgentCapabilities(options.userAgent, () => this.events.has('message'));
    this.#endpoint = new SipEndpoint({
      network,
      clock,
      random,
      logger: this.#logger,
      capabilities: this.#capabilities,
      trace: (entry) => this.events.emit('trace', entry),
      ...(options.timers ? { timers: options.timers } : {}),
      tls: { ...(account.authorities ? { authorities: account.authorities } : {}), ...account.tls },
    });
    this.#sender = new RequestSender(this.#endpoint, this.#credentials.schemes, this.#logger);
    this.#link = new Link({
      endpoint: this.#endpoint,
      clock,
      random,
      address: account.localAddress,
      port: account.localPort,
      changed: this.#publisher.changed,
      onUp: () => {
        if (this.#started && this.#wanted) void this.#registration?.register();
      },
      onDown: (failure) => this.#linkDown(failure),
    });
    this.#security = createSecurity(options, this.#endpoint, this.#plan, this.#credentials.aka);
    this.#contexts = new ContextFactory({
      agent: options,
      logger: this.#logger,
      capabilities: this.#capabilities,
      endpoint: this.#endpoint,
      sender: this.#sender,
      registration: () => this.#registration,
      udpPort: () => this.#link.udpPort,
      changed: this.#publisher.changed,
    });
    this.#messages = new MessageDesk({
      plan: this.#plan,
      clock,
      endpoint: this.#endpoint,
      context: (wishes) => {
        const speaker = this.#speaker(wishes);
        return 'reason' in speaker ? speaker : this.#contexts.request(speaker.plan, speaker);
      },
      calledIdentity: (request) => (this.#called(request) ?? this.#identity)?.uri.toString() ?? '',
      deliver: (message) => this.events.emit('message', message),
    });
    putInTheWay(this.#endpoint, {
      accessNetworkInfo: account.accessNetworkInfo ?? null,
      trusts: (flow) => this.#trusts(flow),
    });
    this.#control = this.#createControl();
    this.#endpoint.onRequest = (request, transaction, flow) => this.#onRequest(request, transaction, flow);
    this.#endpoint.onStrayResponse = (response) => endStraySuccess(response, this.#endpoint, this.#sender);
    this.#endpoint.onClosed = (what, error) => {
      this.#link.lost(what, error);
      if (what === this.#registration?.flow) this.#registration.flowLost();
    };
  }

  get snapshot(): ImsSnapshot {
    return this.#publisher.current;
  }

  /** What is alive inside, for leak tests. */
  get usage(): SipEndpoint['usage'] & { readonly sessions: number; readonly messages: number } {
    return { ...this.#endpoint.usage, sessions: this.#sessions.size, messages: this.#messages.waiting };
  }

  async start(): Promise<void> {
    if (this.#stopped) throw new Error('the user agent was stopped');
    if (this.#planFailure || this.#started) return;
    await this.#link.open();
    this.#started = true;
    if (this.#link.up) await this.#registration?.register();
  }

  async register(): Promise<void> {
    if (this.#stopped || this.#planFailure) return;
    this.#started = this.#wanted = true;
    await this.#link.open();
    if (this.#link.up) await this.#registration?.register();
  }

  async unregister(): Promise<void> {
    this.#wanted = false;
    await this.#control?.unregister();
  }

  call(target: string, options: CallOptions = {}): string {
    const id = this.#endpoint.token(16);
    const refuse = (failure: Failure): string => {
      const local = options.identity ?? this.#identity?.uri.toString() ?? '';
      const call = { id, snapshot: failedCall(id, target, local, this.#options.clock.wallTime(), failure) };
      this.#calls.add(call);
      this.#calls.end(call);
      return id;
    };
    const uri = this.#plan && parseCallTarget(target, this.#plan.domain);
    if (!uri) return refuse({ reason: 'address-invalid' });
    const speaker = this.#speaker(options);
    if ('reason' in speaker) return refuse(speaker);
    if (this.#sessions.size >= MAX_CALLS)
      return refuse({ reason: 'call-failed', detail: `${MAX_CALLS} calls are enough` });
    try {
      const remote = { uri: uri.toString(), displayName: '' };
      const session = new OutgoingSession(id, this.#contexts.call(speaker.plan, speaker), uri, remote);
      this.#adopt(session);
      void session.dial();
    } catch (error) {
      return refuse(failureOfMedia(error));
    }
    return id;
  }

  sendMessage(target: string, body: string | Uint8Array, options: MessageOptions = {}): Promise<MessageOutcome> {
    return this.#messages.send(target, body, options);
  }

  async answer(callId: string): Promise<void> {
    await this.#incoming(callId).answer();
  }

  reject(callId: string, status = 603): Promise<void> {
    return attempt(() => {
      if (!(status >= 300 && status <= 699)) throw new Error(`${status} does not reject anything`);
      this.#incoming(callId).reject(status);
    });
  }

  hangup(callId: string): Promise<void> {
    return attempt(() => this.#session(callId).quit());
  }

  async hold(callId: string): Promise<void> {
    await this.#session(callId).hold();
  }

  async resume(callId: string): Promise<void> {
    await this.#session(callId).resume();
  }

  setMuted(callId: string, muted: boolean): void {
    this.#session(callId).setMuted(muted);
  }

  async sendDtmf(callId: string, tones: string): Promise<void> {
    if (!/^[0-9A-D*#]{1,64}$/i.test(tones)) throw new Error('tones are 0-9 A-D * #');
    await this.#session(callId).sendDtmf(tones.toUpperCase());
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const farewells = [...this.#sessions].map(
      (session) =>
        new Promise<void>((resolve) => {
          const { onEnded } = session;
          session.onEnded = () => {
            onEnded?.();
            resolve();
          };
          session.quit();
        }),
    );
    if (this.#control && this.#link.up) farewells.push(this.#control.unregister());
    await atMost(this.#options.clock, STOP_TIMEOUT, Promise.allSettled(farewells));
    for (const session of [...this.#sessions]) session.end('local');
    this.#messages.close();
    this.#publisher.flush(); // how the calls ended, before they go
    this.#control?.close();
    await this.#security?.close();
    this.#link.close();
    this.#calls.close();
    this.#endpoint.close();
    this.#publisher.close();
  }

  get #identity(): NameAddr | null {
    return this.#registration?.identity ?? this.#plan?.identity ?? null;
  }

  /** Who calls or writes now, or why nobody can. */
  #speaker({ identity: chosen, anonymous }: CallOptions): (Speaker & { readonly plan: AccountPlan }) | Failure {
    const plan = this.#plan;
    if (!plan || this.#stopped || !this.#link.up)
      return this.#link.snapshot.failure ?? { reason: 'not-registered', detail: 'not started' };
    if (this.#registration && !this.#registration.bound) return { reason: 'not-registered' };
    const identity = chosen === undefined ? this.#identity : this.#chosen(chosen);
    if (!identity) return { reason: 'not-registered', detail: `${chosen ?? ''} is not registered` };
    return { plan, identity, privacy: wishedPrivacy(this.#options.account, anonymous) };
  }

  /** An identity that a person chose; null if it is none of ours. */
  #chosen(identity: string): NameAddr | null {
    if (this.#registration) return this.#registration.identities.choose(identity);
    const own = this.#plan?.identity ?? null;
    return own?.uri.toString() === identity ? own : null;
  }

  /** The P-CSCF that we registered with, or are about to; without registration, a proxy that is configured by address. */
  #trusts(flow: Flow): boolean {
    const { address } = flow.remote;
    if (!this.#registration) return this.#plan?.proxies.some((proxy) => proxy.address === address) ?? false;
    return this.#registration.flow?.remote.address === address;
  }

  get #registration(): Registration | null {
    // Not there yet while it is being made.
    return (this.#control as RegistrationControl | null | undefined)?.registration ?? null;
  }

  #createControl(): RegistrationControl | null {
    const { account } = this.#options;
    const plan = this.#plan;
    if (!plan || account.register === false) return null;
    return new RegistrationControl({
      account,
      plan,
      algorithm: this.#credentials.algorithm,
      security: this.#security,
      endpoint: this.#endpoint,
      // Our own registration is no secret to the registrar.
      context: () => this.#contexts.request(plan, { privacy: [] }),
      contact: (flow) => this.#contexts.address(plan, flow),
      changed: this.#publisher.changed,
      onRegistered: () => this.#sessions.forEach((session) => session.leaveWill()),
    });
  }

  #adopt(session: InviteSession): void {
    this.#sessions.add(session);
    session.onEnded = () => {
      this.#sessions.delete(session);
      this.#calls.end(session);
    };
    this.#calls.add(session);
  }

  #onRequest(request: SipRequest, transaction: ServerTransaction | null, flow: Flow): void {
    routeRequest(request, transaction, flow, {
      sessions: () => this.#sessions,
      onCall: (invite, server, way) => this.#onCall(invite, server, way),
      onNotify: (notify, server) => this.#control?.receiveNotify(notify, server) ?? false,
      onMessage: (message, server, session) => this.#messages.receive(message, server, session),
      describe: (headers) => this.#capabilities.describeAll(headers),
      token: () => this.#endpoint.token(12),
    });
  }

  #onCall(invite: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    const refuse = (status: number): void =>
      transaction.respond(createResponse(invite, status, { toTag: this.#endpoint.token(12) }));
    if (!this.#plan || this.#stopped) return refuse(480);
    if (this.#sessions.size >= MAX_CALLS) return refuse(486);
    try {
      const session = new IncomingSession(
        this.#endpoint.token(16),
        this.#contexts.call(this.#plan, { identity: this.#called(invite) }),
        invite,
        transaction,
        flow,
      );
      this.#adopt(session);
      void session.ring();
    } catch (error) {
      this.#logger.log('error', 'call', 'an incoming call could not be taken', { error: String(error) });
      refuse(500);
    }
  }

  /** RFC 7315 §4.2: which of our identities was called; null: the network does not say, or says nonsense. */
  #called(invite: SipRequest): NameAddr | null {
    const called = calledIdentity(invite);
    return called === null ? null : this.#chosen(called);
  }

  #linkDown(failure: Failure): void {
    this.#messages.abort(failure);
    const reason = failure.reason.startsWith('companion-') ? failure.reason : 'call-lost';
    const detail = failure.detail === undefined ? {} : { detail: failure.detail };
    for (const session of [...this.#sessions]) session.abort({ reason, ...detail });
    this.#registration?.suspend(failure);
  }

  #incoming(callId: string): IncomingSession {
    const session = this.#session(callId);
    if (!(session instanceof IncomingSession)) throw new Error('this call goes out');
    return session;
  }

  #session(callId: string): InviteSession {
    for (const session of this.#sessions) if (session.id === callId) return session;
    throw new Error(`no call ${callId}`);
  }

  #build(): ImsSnapshot {
    return {
      link: this.#link.snapshot,
      registration: this.#registrationSnapshot(),
      calls: this.#calls.snapshots,
      history: this.#calls.history,
    };
  }

  #registrationSnapshot(): RegistrationSnapshot {
    if (this.#registration) return this.#registration.snapshot;
    return Object.freeze({ ...EMPTY_SNAPSHOT.registration, failure: this.#planFailure });
  }
}
