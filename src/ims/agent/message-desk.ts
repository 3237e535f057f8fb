import type { Clock } from '../../platform/clock.js';
import {
  failed,
  MessageReceiver,
  MessageSender,
  writeLetter,
  type MessageFailure,
  type MessageOptions,
  type MessageOutcome,
  type ReceivedMessage,
} from '../messaging/index.js';
import type { RequestContext } from '../request-context.js';
import type { InviteSession } from '../session/invite-session.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import { createResponse, type SipRequest } from '../sip/message.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import { parseCallTarget } from './call-target.js';
import type { AccountPlan } from './account-plan.js';

export interface MessageDeskOptions {
  /** Null: the account is none. */
  readonly plan: AccountPlan | null;
  readonly clock: Clock;
  readonly endpoint: SipEndpoint;
  /** How a message would leave now, or why it cannot. */
  readonly context: (options: MessageOptions) => RequestContext | MessageFailure;
  /** Which of our identities a request is for, as text. */
  readonly calledIdentity: (request: SipRequest) => string;
  readonly deliver: (message: ReceivedMessage) => void;
}

/** The messages of a user agent, out and in. */
export class MessageDesk {
  readonly #outbox = new MessageSender();
  readonly #inbox: MessageReceiver;
  #closed = false;

  constructor(private readonly options: MessageDeskOptions) {
    const { clock, endpoint, calledIdentity, deliver } = options;
    const { t1 } = endpoint.timers;
    this.#inbox = new MessageReceiver({
      clock,
      token: () => endpoint.token(16),
      memory: 2 * 64 * t1,
      calledIdentity,
      deliver,
    });
  }

  /** Messages that are not settled. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  send(target: string, body: string | Uint8Array, options: MessageOptions): Promise<MessageOutcome> {
    const { plan, endpoint, context } = this.options;
    const id = endpoint.token(16);
    const uri = plan && parseCallTarget(target, plan.domain);
    const letter = uri ? writeLetter(id, uri, body, options) : ({ reason: 'address-invalid' } as const);
    if ('reason' in letter) return Promise.resolve(failed(id, letter));
    return this.#outbox.send(letter, () => context(options));
  }

  /** @param session in whose dialog it came (RFC 3428 §2); null: it stands alone */
  receive(request: SipRequest, transaction: ServerTransaction, session: InviteSession | null): void {
    const { plan, endpoint } = this.options;
    if (!plan || this.#closed) transaction.respond(createResponse(request, 480, { toTag: endpoint.token() }));
    else if (session?.admits(request, transaction) !== false)
      this.#inbox.receive(request, transaction, session?.id ?? null);
  }

  /** Whatever is under way or waiting has failed. */
  abort(failure: MessageFailure): void {
    this.#outbox.abort(failure);
  }

  close(): void {
    this.#closed = true;
    this.abort({ reason: 'message-failed', detail: 'the user agent was stopped' });
  }
}
