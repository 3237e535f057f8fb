import { NetworkError } from '../../net/network.js';
import type { Account } from '../account.js';
import { LastWill } from '../registration/last-will.js';
import { RegEvent } from '../registration/reg-event/reg-event.js';
import { Registration } from '../registration/registration.js';
import type { RequestContext } from '../request-context.js';
import type { SecurityAgreement } from '../security/index.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { SipRequest } from '../sip/message.js';
import type { NameAddr } from '../sip/name-addr.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow, Target } from '../sip/transport/flow.js';
import type { SipUri } from '../sip/uri.js';
import { atMost } from './at-most.js';
import { DEFAULT_EXPIRES, type AccountPlan } from './account-plan.js';

export interface RegistrationControlOptions {
  readonly account: Account;
  readonly plan: AccountPlan;
  /** What we can answer challenges with; null: nothing. */
  readonly algorithm: string | null;
  readonly security: SecurityAgreement | null;
  readonly endpoint: SipEndpoint;
  /** Of stand-alone requests as they would leave now. */
  readonly context: () => RequestContext;
  /** Our address on a flow. */
  readonly contact: (flow: Flow) => NameAddr;
  readonly changed: () => void;
  /** With each 200. */
  readonly onRegistered: () => void;
}

/** ms that the notifier has to take the end of our subscription. */
const FAREWELL = 1000;

/** The registration of an account and what hangs on it: the reg event. */
export class RegistrationControl {
  readonly registration: Registration;
  #regEvent: RegEvent | null = null;
  /** The one before: its last NOTIFY may be on its way. */
  #formerRegEvent: RegEvent | null = null;
  #stopKeepAlive: (() => void) | null = null;

  constructor(private readonly options: RegistrationControlOptions) {
    const { account, algorithm, endpoint, plan } = options;
    const { clock, random, logger, sender } = options.context();
    const callId = endpoint.token(24);
    this.registration = new Registration({
      clock,
      random,
      logger,
      sender,
      domain: plan.domain,
      identity: plan.identity,
      privateIdentity: plan.privateIdentity,
      algorithm,
      security: options.security,
      expires: account.expires ?? DEFAULT_EXPIRES,
      callId,
      will: new LastWill({
        name: `${plan.identity.uri.toString()} ${account.instanceId ?? callId}`,
        endpoint,
        sender,
      }),
      tag: endpoint.token(12),
      instance: account.instanceId ?? null,
      gruu: account.gruu !== false,
      outbound: account.outbound !== false,
      locate: () => this.#locate(plan.proxies.length > 0 ? plan.proxies : [plan.domain]),
      locateUri: (uri) => endpoint.locate(uri),
      contact: options.contact,
      describe: (headers) => options.context().describe(headers),
      changed: options.changed,
      onRegistered: (initial) => this.#onRegistered(initial),
      onUnregistered: () => {
        this.#endRegEvent();
        this.#endKeepAlive();
      },
    });
  }

  /** @returns whether it was for us */
  receiveNotify(request: SipRequest, transaction: ServerTransaction): boolean {
    const owner = [this.#regEvent, this.#formerRegEvent].find((regEvent) => regEvent?.owns(request));
    owner?.receive(request, transaction);
    return owner != null;
  }

  /**
   * Takes the binding away. TS 24.229 §5.1.1.6.1: our subscription to the reg event ends before, where others of this
   * user keep theirs; where it is the only one it ends with the registration, and nothing is to be sent about it.
   */
  async unregister(): Promise<void> {
    const regEvent = this.#regEvent;
    if (this.registration.state === 'registered' && regEvent?.shared === true) {
      this.#regEvent = null;
      this.#formerRegEvent = regEvent;
      await atMost(this.options.context().clock, FAREWELL, regEvent.stop());
      regEvent.close();
    }
    await this.registration.unregister();
  }

  close(): void {
    this.#endRegEvent();
    this.#endKeepAlive();
    this.registration.close();
  }

  /** TS 24.229 §5.1.1.3: who is registered watches what becomes of it. */
  #onRegistered(initial: boolean): void {
    const { account, context } = this.options;
    const { registration } = this;
    this.#keepAlive();
    this.options.onRegistered();
    if (!initial && this.#regEvent) return;
    this.#endRegEvent();
    // A registrar that names no identities is none of an IMS, and may send our SUBSCRIBE to ourselves.
    const wanted = account.regEvent ?? (registration.binding?.associatedUris.length ?? 0) > 0;
    if (!wanted) return;
    this.#regEvent = new RegEvent({
      context,
      resource: registration.identity.uri,
      onChange: (registrations) => registration.note(registrations),
    });
    this.#regEvent.start();
  }

  /** Each 200 says anew how the flow is to be kept. */
  #keepAlive(): void {
    const { registration } = this;
    const { binding, boundFlow } = registration;
    this.#endKeepAlive();
    if (!binding || !boundFlow) return;
    const { logger } = this.options.context();
    this.#stopKeepAlive = this.options.endpoint.keepAlive(boundFlow, binding.keepAlive, {
      onAlive: (mapped) => logger.log('debug', 'registration', 'the flow is alive', { ...mapped }),
      onFailed: (why) => {
        logger.log('warn', 'registration', 'the flow failed', { why });
        registration.flowLost();
      },
    });
  }

  #endKeepAlive(): void {
    this.#stopKeepAlive?.();
    this.#stopKeepAlive = null;
  }

  #endRegEvent(): void {
    if (!this.#regEvent) return;
    this.#regEvent.close();
    this.#formerRegEvent = this.#regEvent;
    this.#regEvent = null;
  }

  /** Every place of every proxy, in their order; what one of them cannot tell, the next may. @throws NetworkError */
  async #locate(proxies: readonly SipUri[]): Promise<readonly Target[]> {
    const { endpoint, plan } = this.options;
    const targets: Target[] = [];
    let failure: NetworkError | null = null;
    for (const proxy of proxies) {
      try {
        targets.push(...(await endpoint.locate(proxy, plan.transport ?? undefined)));
      } catch (error) {
        failure ??= error instanceof NetworkError ? error : new NetworkError('internal', String(error));
      }
    }
    if (targets.length === 0 && failure) throw failure;
    return targets;
  }
}
