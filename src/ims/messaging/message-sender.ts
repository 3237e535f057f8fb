import type { RequestIdentity } from '../initial-request.js';
import { Redirects } from '../redirects.js';
import type { RequestContext } from '../request-context.js';
import type { ClientTransactionHandle } from '../sip/client-exchange.js';
import type { SipResponse } from '../sip/message.js';
import type { AuthOutcome, SenderHandlers } from '../sip/request-sender.js';
import { SipUri, type Uri } from '../sip/uri.js';
import { createMessage, type Letter } from './letter.js';
import { failureOfAnswer, failureOfSilence } from './message-failure.js';
import type { MessageFailure, MessageOutcome } from './page-message.js';

/** Messages that wait for their turn or their answer, at most. */
const MAX_WAITING = 128;

/** How a message would leave at that moment, or why it cannot. */
type Way = () => RequestContext | MessageFailure;

interface Job {
  readonly letter: Letter;
  readonly way: Way;
  readonly settle: (outcome: MessageOutcome) => void;
  exchange: ClientTransactionHandle | null;
}

/** Sends messages, to each recipient one after the other (RFC 3428 §8: no overlapping transactions to one URI). */
export class MessageSender {
  /** By recipient; the first of each is under way. */
  readonly #lines = new Map<string, Job[]>();
  #waiting = 0;

  /** Messages that are not settled, for leak tests. */
  get waiting(): number {
    return this.#waiting;
  }

  send(letter: Letter, way: Way): Promise<MessageOutcome> {
    return new Promise((settle) => {
      if (this.#waiting >= MAX_WAITING) {
        settle(failed(letter.id, { reason: 'message-failed', detail: `${MAX_WAITING} messages are waiting` }));
        return;
      }
      this.#waiting++;
      const key = recipient(letter.to);
      const line = this.#lines.get(key) ?? [];
      this.#lines.set(key, line);
      line.push({ letter, way, settle, exchange: null });
      if (line.length === 1) this.#next(key, line);
    });
  }

  /** Whatever is under way or waiting has failed. */
  abort(failure: MessageFailure): void {
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    this.#waiting = 0;
    for (const { letter, settle, exchange } of lines.flat()) {
      exchange?.abandon();
      settle(failed(letter.id, failure));
    }
  }

  #next(key: string, line: Job[]): void {
    for (let job = line[0]; job; job = line[0]) {
      const context = job.way();
      if (!('reason' in context)) {
        this.#dispatch(key, line, job, context);
        return;
      }
      this.#leave(line, failed(job.letter.id, context));
    }
    if (this.#lines.get(key) === line) this.#lines.delete(key);
  }

  #dispatch(key: string, line: Job[], job: Job, context: RequestContext): void {
    const { id, to } = job.letter;
    const { endpoint, sender, target: edge } = context;
    const redirects = new Redirects(to);
    const done = (outcome: MessageOutcome): void => {
      this.#leave(line, outcome);
      this.#next(key, line);
    };
    const attempt = (target: Uri, ids: RequestIdentity): void => {
      const handlers: SenderHandlers = {
        onFinal: (response, sent, auth) => {
          const next = redirects.next(response);
          if (next) attempt(next, { ...ids, cseq: (sent.cseq?.number ?? ids.cseq) + 1 });
          else done(outcomeOf(id, response, auth));
        },
        onFailure: (_reason, error) => done(failed(id, failureOfSilence(error))),
      };
      const options = { ...(edge ? { target: edge } : {}), congestionSafe: true };
      job.exchange = sender.send(createMessage(job.letter, context, target, ids), handlers, options);
    };
    attempt(to, { to, tag: endpoint.token(12), callId: endpoint.token(24), cseq: 1 });
  }

  #leave(line: Job[], outcome: MessageOutcome): void {
    this.#waiting--;
    line.shift()?.settle(outcome);
  }
}

/** RFC 3428 §4: a 202 comes from who may deliver it later. */
function outcomeOf(id: string, response: SipResponse, auth: AuthOutcome): MessageOutcome {
  const { status } = response;
  if (status > 299 || auth === 'response-invalid') return failed(id, failureOfAnswer(response, auth));
  return Object.freeze({ id, state: status === 202 ? 'accepted' : 'delivered', status });
}

export function failed(id: string, failure: MessageFailure): MessageOutcome {
  return Object.freeze({ id, state: 'failed', failure: Object.freeze(failure) });
}

function recipient(uri: Uri): string {
  return (uri instanceof SipUri ? uri.addressOfRecord : uri).toString();
}
