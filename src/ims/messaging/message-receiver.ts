import type { Clock } from '../../platform/clock.js';
import { callingParty } from '../session/calling-party.js';
import { createResponse, type SipRequest } from '../sip/message.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import { TAKEN_TYPES, type ReceivedMessage } from './page-message.js';
import { readText } from './plain-text.js';

export interface MessageReceiverOptions {
  readonly clock: Clock;
  /** A fresh tag or id. */
  readonly token: () => string;
  /** ms that a sender may try again with a new transaction, elsewhere: 64*T1 after 64*T1. */
  readonly memory: number;
  /** Which of our identities a request is for, as text. */
  readonly calledIdentity: (request: SipRequest) => string;
  readonly deliver: (message: ReceivedMessage) => void;
}

/** Requests that were delivered and are remembered, at most. */
const MAX_REMEMBERED = 1024;

/** Takes MESSAGE requests whose type and size were judged before (RFC 3428 §7). */
export class MessageReceiver {
  /** What makes a request the same when it comes in another transaction, and when it came first. */
  readonly #delivered = new Map<string, number>();

  constructor(private readonly options: MessageReceiverOptions) {}

  /** @param callId the call in whose dialog it came; null: it stands alone */
  receive(request: SipRequest, transaction: ServerTransaction, callId: string | null): void {
    const { token, deliver } = this.options;
    const toTag = token();
    const read = readText(request.headers.get('Content-Type') ?? '', request.body);
    if ('status' in read) {
      const refusal = createResponse(request, read.status, { toTag, reason: read.why });
      if (read.status === 415)
        refusal.headers.set('Accept', TAKEN_TYPES.map((type) => `${type};charset=utf-8`).join(', '));
      return transaction.respond(refusal);
    }
    if (!this.#isRepeated(request)) deliver(this.#read(request, read.text, callId));
    transaction.respond(createResponse(request, 200, { toTag }));
  }

  /** Within one transaction, and while it lasts, others saw to that (RFC 3261 §8.2.2.2, §17.2.3). */
  #isRepeated(request: SipRequest): boolean {
    const now = this.options.clock.now();
    for (const [key, time] of this.#delivered) {
      if (now - time < this.options.memory && this.#delivered.size < MAX_REMEMBERED) break;
      this.#delivered.delete(key);
    }
    const key = `${request.callId ?? ''} ${request.fromTag ?? ''} ${request.cseq?.number ?? 0}`;
    if (this.#delivered.has(key)) return true;
    this.#delivered.set(key, now);
    return false;
  }

  #read(request: SipRequest, text: string, callId: string | null): ReceivedMessage {
    const { clock, token, calledIdentity } = this.options;
    const receivedAt = clock.wallTime();
    const date = Date.parse(request.headers.get('Date') ?? '');
    const sentAt = Number.isNaN(date) ? null : date;
    const { expires } = request;
    return Object.freeze({
      id: token(),
      from: callingParty(request),
      to: calledIdentity(request),
      contentType: request.contentType ?? TAKEN_TYPES[0] ?? '',
      text,
      receivedAt,
      sentAt,
      // §7: counted from Date, else from when it came.
      expiresAt: expires === null ? null : (sentAt ?? receivedAt) + expires * 1000,
      callId,
    });
  }
}
