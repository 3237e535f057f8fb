import { NetworkError } from '../../net/network.js';
import { MMTEL_FEATURE } from '../session/call-headers.js';
import type { ClientTransactionHandle } from '../sip/client-exchange.js';
import { SecurityFailure } from '../security/index.js';
import type { SendOptions } from '../sip/endpoint.js';
import type { SipRequest, SipResponse } from '../sip/message.js';
import type { NameAddr } from '../sip/name-addr.js';
import type { AuthOutcome } from '../sip/request-sender.js';
import { targetOf, type Flow, type Target } from '../sip/transport/flow.js';
import type { SipUri } from '../sip/uri.js';
import { readBinding, type Binding } from './binding.js';
import { redirectTarget } from './redirect.js';
import { createRegister } from './register-request.js';
import { failureOfAttempt, failureOfRegister, troubleOf, type RegistrationFailure } from './registration-failure.js';
import type { RegistrationOptions } from './registration-options.js';
import type { RegistrationEvent } from './registration-table.js';
import { sameTarget, ServerSelection } from './server-selection.js';

/** What the 200 to a REGISTER tells, and where it came from. */
export interface Accepted {
  readonly binding: Binding;
  /** As it was sent, without feature tags. */
  readonly contact: NameAddr;
  readonly flow: Flow;
  /** It went over security associations, which come and go. */
  readonly secured: boolean;
}

export interface AttemptUser {
  /** @param trouble what went wrong, where something did */
  happen(event: RegistrationEvent, trouble?: RegistrationFailure): void;
  accept(accepted: Accepted): void;
}

/** Requests that 423, 420, 439 and 3xx can make of one attempt: who never has enough is not followed for ever. */
const MAX_FOLLOW_UPS = 4;

/** The REGISTER in flight: at most one, to one P-CSCF after the other, and what each answer means for the registration. */
export class RegistrationAttempt {
  #flow: Flow | null = null;
  #expires: number;
  #cseq = 0;
  #extensions: readonly string[];
  #followUps = 0;
  #removing = false;
  /** The REGISTER in flight has been challenged, and that was answered. */
  #challenged = false;
  /** The P-CSCF that is being asked, before security changes the way. */
  #asked: Target | null = null;
  readonly #servers = new ServerSelection();
  /** A redirection led where we are: it holds for once (RFC 3261 §21.3.3). */
  #detour = false;
  #exchange: ClientTransactionHandle | null = null;
  /** Counts what is sent: an answer to what was given up is not listened to. */
  #round = 0;

  constructor(
    private readonly options: RegistrationOptions,
    private readonly user: AttemptUser,
  ) {
    this.#expires = options.expires;
    const { instance, gruu, outbound } = options;
    const named = [...(gruu ? ['gruu'] : []), ...(outbound ? ['outbound'] : [])];
    this.#extensions = ['path', ...(instance === null ? [] : named)];
  }

  /** Of the last REGISTER that was sent. */
  get flow(): Flow | null {
    return this.#flow;
  }

  /** Something is on the wire, and waits for its answer. */
  get inFlight(): boolean {
    return this.#exchange !== null;
  }

  /** @param current P-CSCF that we are registered with: asked first */
  begin(current: Target | null): void {
    this.#followUps = 0;
    this.#removing = false;
    this.#servers.begin();
    // TS 24.229 §5.1.1.4.1: a re-registration goes the way of the registration.
    if (current && !this.#detour) this.#servers.insist(current);
    this.#detour = false;
    this.#send();
  }

  /** The same attempt goes on, with what {@link AttemptUser.happen} told. */
  again(): void {
    this.#send();
  }

  /** Takes the binding away. */
  remove(current: Target | null): void {
    this.#removing = true;
    this.#servers.begin();
    if (current) this.#servers.insist(current);
    this.#send();
  }

  giveUp(): void {
    this.#round++;
    this.#exchange?.abandon();
    this.#exchange = null;
  }

  /** Forgets the way: the network is gone. */
  forgetFlow(): void {
    this.#flow = null;
  }

  #send(): void {
    const round = ++this.#round;
    const way = this.#servers.next();
    if (way) return this.#sendTo(way, round);
    this.#locate(
      () => this.options.locate(),
      (targets) => {
        this.#servers.offer(targets);
        const first = this.#servers.next();
        if (first) this.#sendTo(first, round);
        else this.#failed(failureOfAttempt(new NetworkError('dns', 'no P-CSCF was found')), false);
      },
      (error) => this.#failed(failureOfAttempt(error), false),
    );
  }

  #sendTo(target: Target, round: number): void {
    const { options } = this;
    this.#asked = target;
    const expires = this.#removing ? 0 : this.#expires;
    const request = createRegister(options, ++this.#cseq, expires);
    options.describe(request.headers);
    request.headers.set('Supported', this.#extensions.join(', '));
    let sent: Omit<Accepted, 'binding'> | null = null;
    this.#challenged = false;
    this.#exchange = options.sender.send(
      request,
      {
        onChallenge: () => {
          this.#challenged = true;
          this.user.happen('challenged');
        },
        onFinal: (response, last, auth) => {
          this.#cseq = last.cseq?.number ?? this.#cseq;
          if (round === this.#round) this.#onFinal(response, last, auth, sent, expires);
        },
        onFailure: (_reason, error) => {
          if (round !== this.#round) return;
          this.#exchange = null;
          if (this.#removing) return this.user.happen('removed');
          options.security?.failed(!(error instanceof SecurityFailure));
          this.#forgetNonces();
          if (error instanceof SecurityFailure && error.again && this.#followUps < MAX_FOLLOW_UPS) {
            this.#followUps++;
            this.#servers.insist(target);
            return this.user.happen('adjust');
          }
          this.#failed(failureOfAttempt(error), true);
        },
      },
      {
        target,
        ...(options.security ? { secure: (copy, challenge) => this.#secure(copy, challenge, target) } : {}),
        nextCSeq: () => ++this.#cseq,
        prepare: (copy, flow) => {
          options.will.withdraw();
          this.#flow = flow;
          sent = { flow, contact: this.#contactOn(flow), secured: flow.protectedBy !== null };
          copy.headers.set('Contact', `${sent.contact.toString()};${MMTEL_FEATURE};expires=${expires}`);
          this.user.happen('sent');
        },
      },
    );
  }

  async #secure(request: SipRequest, challenge: SipResponse | null, target: Target): Promise<SendOptions> {
    const { security } = this.options;
    const way = { target, transport: target.transport };
    return (await security?.secure(request, challenge, this.#flow, way)) ?? {};
  }

  #contactOn(flow: Flow): NameAddr {
    const { instance } = this.options;
    const contact = this.options.contact(flow);
    if (instance === null) return contact;
    const named = contact.withParameter('+sip.instance', `<${instance}>`);
    // RFC 5626 §4.2.1
    return this.#extensions.includes('outbound') ? named.withParameter('reg-id', '1') : named;
  }

  /** TS 24.229 §5.1.1.2.2: what begins anew in clear has no credentials, which were to go protected. */
  #forgetNonces(): void {
    if (this.options.security) this.options.sender.forget();
  }

  #onFinal(
    response: SipResponse,
    last: SipRequest,
    auth: AuthOutcome,
    sent: Omit<Accepted, 'binding'> | null,
    expires: number,
  ): void {
    this.#exchange = null;
    if (this.#removing) return this.user.happen('removed');
    const { options } = this;
    const { security } = options;
    if (security?.refused(response, this.#flow) && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      if (this.#asked) this.#servers.insist(this.#asked);
      return this.user.happen('adjust');
    }
    const unagreed = response.status < 300 && sent ? security?.unagreed(sent.flow) : null;
    if (unagreed) {
      security?.failed(false);
      this.#forgetNonces();
      return this.#failed(failureOfAttempt(unagreed), true);
    }
    if (response.status < 300 && auth !== 'response-invalid' && sent) {
      const binding = readBinding(response, sent.contact, expires);
      if (binding.expires > 0) {
        void options.will.leave(last, sent.flow);
        return this.user.accept({ binding, ...sent });
      }
      return this.#failed(troubleOf('the registrar holds no binding of ours', { after: null, local: false }), true);
    }
    if (this.#followUps < MAX_FOLLOW_UPS && this.#adjust(response, expires)) {
      this.#followUps++;
      if (this.#asked) this.#servers.insist(this.#asked);
      return this.user.happen('adjust');
    }
    const elsewhere = redirectTarget(response, this.#flow?.transport ?? null);
    if (elsewhere && this.#followUps < MAX_FOLLOW_UPS) {
      this.#followUps++;
      return this.#redirect(elsewhere);
    }
    security?.failed(false);
    const byPassword = this.#challenged && !/algorithm="?AKAv/i.test(last.headers.rawValues('Authorization').join());
    this.#failed(failureOfRegister(response, auth, options.algorithm !== null, byPassword), true);
  }

  /** The same server, asked otherwise. @returns whether that can help */
  #adjust({ status, headers }: SipResponse, expires: number): boolean {
    if (status === 423) {
      const minimum = Number(headers.get('Min-Expires'));
      // RFC 3261 §10.2.8; a registrar that asks for less than it was given does not mean it.
      if (!(minimum > expires && minimum <= 0xffff_ffff)) return false;
      this.#expires = minimum;
      return true;
    }
    // RFC 3261 §8.1.3.5; RFC 5626 §4.2.1: 439, the first hop cannot keep a flow.
    const unsupported = status === 420 ? headers.getAll('Unsupported') : status === 439 ? ['outbound'] : [];
    const rest = this.#extensions.filter((tag) => !unsupported.some((other) => other.toLowerCase() === tag));
    if (rest.length === this.#extensions.length) return false;
    this.#extensions = rest;
    return true;
  }

  #redirect(elsewhere: SipUri): void {
    this.#round++;
    this.#locate(
      () => this.options.locateUri(elsewhere),
      (targets) => {
        this.#detour = true;
        this.#servers.offer(targets);
        this.user.happen('redirected');
      },
      (error) => this.#failed(failureOfAttempt(error), false),
    );
  }

  /** @param asked whether this was a P-CSCF: then the next one may do better */
  #failed(trouble: RegistrationFailure, asked: boolean): void {
    const servers = this.#servers;
    const last = trouble.retry === false ? 'refused' : 'deferred';
    if (!asked || !trouble.elsewhere) return this.user.happen(last, trouble);
    if (servers.more) return this.user.happen('next-server', trouble);
    if (servers.located) return this.user.happen(last, trouble);
    // The P-CSCF that we were registered with: others are asked before this is a failure.
    const lost = this.#flow && targetOf(this.#flow);
    this.#round++;
    this.#locate(
      () => this.options.locate(),
      (targets) => {
        servers.offer(targets.filter((target) => !lost || !sameTarget(target, lost)));
        this.user.happen(servers.more ? 'next-server' : last, trouble);
      },
      () => this.user.happen(last, trouble),
    );
  }

  /** Asks DNS, and goes on unless something else came in between. */
  #locate(
    where: () => Promise<readonly Target[]>,
    found: (targets: readonly Target[]) => void,
    failed: (error: NetworkError) => void,
  ): void {
    const round = this.#round;
    where().then(
      (targets) => {
        if (round === this.#round) found(targets);
      },
      (error: unknown) => {
        if (round !== this.#round) return;
        failed(error instanceof NetworkError ? error : new NetworkError('internal', String(error)));
      },
    );
  }
}
