import { Subscription, type Notification } from '../../events/index.js';
import type { RequestContext } from '../../request-context.js';
import type { SipRequest } from '../../sip/message.js';
import type { ServerTransaction } from '../../sip/transaction/server-transaction.js';
import type { Uri } from '../../sip/uri.js';
import { parseReginfo, REGINFO_TYPE, type RegistrationInfo } from './reginfo.js';
import { RegistrationStates } from './registration-states.js';

export interface RegEventOptions {
  readonly context: () => RequestContext;
  /** The default public identity (TS 24.229 §5.1.1.3). */
  readonly resource: Uri;
  readonly onChange: (registrations: readonly RegistrationInfo[]) => void;
}

/** TS 24.229 §5.1.1.3: seconds asked for. */
const EXPIRES = 600_000;

/** Watches what the network thinks of our own registration (RFC 3680). */
export class RegEvent {
  readonly #subscription: Subscription;
  readonly #states = new RegistrationStates();

  constructor(private readonly options: RegEventOptions) {
    this.#subscription = new Subscription({
      context: options.context,
      event: 'reg',
      accept: [REGINFO_TYPE],
      resource: options.resource,
      expires: EXPIRES,
      forks: 'one', // RFC 3680 §4.9
      onNotify: (notification) => this.#onNotify(notification),
      onState: (state, cause) =>
        options.context().logger.log('debug', 'reg-event', state, cause === null ? {} : { ...cause }),
    });
  }

  start(): void {
    this.#subscription.start();
  }

  owns(request: SipRequest): boolean {
    return this.#subscription.owns(request);
  }

  receive(request: SipRequest, transaction: ServerTransaction): void {
    this.#subscription.receive(request, transaction);
  }

  /** Whether others are registered for our identities too: then the network goes on telling what becomes of them. */
  get shared(): boolean {
    const active = this.#states.registrations.flatMap(({ contacts }) =>
      contacts.filter(({ state }) => state === 'active').map(({ uri }) => uri),
    );
    return new Set(active).size > 1;
  }

  /** Takes the subscription down. Resolves when the notifier has answered, or nobody did. */
  stop(): Promise<void> {
    return this.#subscription.stop();
  }

  close(): void {
    this.#subscription.close();
  }

  #onNotify({ request, first }: Notification): void {
    if (first) this.#states.reset();
    const document = request.contentType === REGINFO_TYPE ? parseReginfo(request.body) : null;
    if (!document) {
      const { logger } = this.options.context();
      if (request.body.length > 0) logger.log('warn', 'reg-event', 'a document that is none was left out');
      return;
    }
    const applied = this.#states.apply(document);
    if (applied === 'discarded') return;
    // RFC 3680 §5.2: something was missed.
    if (applied === 'gap') this.#subscription.refresh();
    this.options.onChange(this.#states.registrations);
  }
}
