import type { NetworkError } from '../../net/network.js';
import type { Timer } from '../../platform/clock.js';
import { randomUint32 } from '../../platform/random.js';
import type { Failure } from '../failure.js';
import type { SipRequest, SipResponse } from '../sip/message.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow } from '../sip/transport/flow.js';
import type { Dialog, DialogRequest } from '../sip/dialog.js';
import type { SenderHandlers } from '../sip/request-sender.js';
import type { CallState } from '../snapshot.js';
import type { CallContext } from './call-context.js';
import { failureOfMedia } from './call-failure.js';
import { MediaError, type MediaIntent, type MediaSession, type SessionDescription } from './media-session.js';
import { sessionDescriptionOf, setSessionDescription } from './sdp-body.js';
import { SuccessResponder } from './success-responder.js';

/**
 * Who is changing the session. Only one side at a time may (RFC 3261 §14, RFC 6337 §2.3):
 *
 *            setHold: re-INVITE             re-INVITE or UPDATE arrives
 *   answering <----+  offering <------ idle ------> answering
 *      |           |     | 2xx: ACK      ^  ^           | 2xx (ACK for INVITE), 4xx
 *      +-----------+     | 491: rollback |  |           |
 *                        | 4xx: rollback |  |           |
 *                        +---------------+  +-----------+
 *   offering:  the peer's INVITE or offer gets 491
 *   answering: the peer's INVITE or offer gets 500 with Retry-After; ours waits
 */
type Turn = 'idle' | 'offering' | 'answering';

type Outcome = 'accepted' | 'glare' | 'gone' | { readonly rejected: SipResponse };

/** The call, as far as its renegotiation needs it. */
export interface RenegotiatedCall {
  readonly direction: 'out' | 'in';
  readonly state: CallState;
  readonly closing: boolean;
  readonly dialog: Dialog | null;
  readonly media: MediaSession;
  readonly context: CallContext;
  localHold: boolean;
  responder: SuccessResponder | null;
  respond(transaction: ServerTransaction, status: number, headers?: Readonly<Record<string, string>>): void;
  createSuccess(request: SipRequest, flow: Flow, body: SessionDescription | null): SipResponse;
  applyRemote(type: SessionDescription['type'], sdp: string): Promise<void>;
  send(made: DialogRequest, handlers: SenderHandlers, dialog: Dialog): void;
  sendAck(dialog: Dialog, invite: SipRequest): void;
  acknowledgementMissing(): void;
  lost(status: number | null, error?: NetworkError | null): void;
  fail(failure: Failure, by?: 'local' | 'network'): void;
}

/** re-INVITE and UPDATE of one call. */
export class Renegotiation {
  #turn: Turn = 'idle';
  #wanted = false;
  #stopped = false;
  /** The answer to our offer in a 2xx comes with the ACK. */
  #awaitsAnswer = false;
  #waiting: (() => void)[] = [];
  #pause: { readonly timer: Timer; readonly wake: () => void } | null = null;

  constructor(private readonly session: RenegotiatedCall) {}

  /** Resolves when the peer took the change. @throws Error if it refused, or the call ended */
  async setHold(hold: boolean): Promise<void> {
    this.#wanted = hold;
    while (this.session.localHold !== this.#wanted) {
      await this.#takeTurn();
      const glare = await this.#apply(this.#wanted).finally(() => {
        if (this.#turn === 'offering') this.#release();
      });
      if (glare) await this.#backOff();
    }
  }

  /** A re-INVITE or UPDATE of the peer. */
  async receive(request: SipRequest, transaction: ServerTransaction, flow: Flow): Promise<void> {
    const { session } = this;
    const offer = sessionDescriptionOf(request);
    const isInvite = request.method === 'INVITE';
    if (session.dialog?.state !== 'confirmed' && isInvite) return session.respond(transaction, 500, this.#retryAfter());
    if (!isInvite && offer === null) {
      // RFC 3311 §5.2: no offer, only a new target.
      session.dialog?.refreshTarget(request);
      transaction.respond(session.createSuccess(request, flow, null));
      return;
    }
    // RFC 3261 §14.2, RFC 3311 §5.2
    if (this.#turn === 'offering' || this.#awaitsAnswer || session.state !== 'active') {
      if (session.state === 'connecting' && !isInvite) return session.respond(transaction, 500, this.#retryAfter());
      return session.respond(transaction, session.closing ? 481 : 491);
    }
    if (this.#turn === 'answering' && !session.responder) return session.respond(transaction, 500, this.#retryAfter());
    // A new INVITE tells that the peer has our last 2xx, though its ACK was lost.
    session.responder?.stop();
    session.responder = null;
    this.#turn = 'answering';
    const done = await this.#answer(request, transaction, flow, offer);
    if (done) this.#release();
  }

  /** The ACK to our 2xx arrived. */
  async acknowledged(ack: SipRequest): Promise<void> {
    if (this.#awaitsAnswer) {
      const answer = sessionDescriptionOf(ack);
      try {
        if (answer === null) throw new MediaError('malformed', 'no answer in the ACK');
        await this.session.applyRemote('answer', answer);
      } catch (error) {
        this.session.fail(failureOfMedia(error), 'local');
      }
      this.#awaitsAnswer = false;
    }
    this.#release();
  }

  stop(): void {
    this.#stopped = true;
    this.#pause?.timer.cancel();
    this.#pause?.wake();
    this.#release();
  }

  get #intent(): MediaIntent {
    return { audio: this.session.localHold ? 'sendonly' : 'sendrecv' };
  }

  /** @returns true if nothing is waited for any more */
  async #answer(
    request: SipRequest,
    transaction: ServerTransaction,
    flow: Flow,
    offer: string | null,
  ): Promise<boolean> {
    const { session } = this;
    const { media, context } = session;
    let body: SessionDescription;
    try {
      if (offer === null) body = await media.createOffer(this.#intent);
      else {
        await session.applyRemote('offer', offer);
        body = await media.createAnswer(this.#intent);
      }
      await media.setLocalDescription(body);
    } catch (error) {
      await media.rollback().catch(() => undefined);
      session.respond(transaction, failureOfMedia(error).reason === 'not-acceptable' ? 488 : 500);
      return true;
    }
    if (session.closing) {
      session.respond(transaction, 481);
      return true;
    }
    session.dialog?.refreshTarget(request);
    const response = session.createSuccess(request, flow, body);
    if (request.method !== 'INVITE') {
      transaction.respond(response);
      return true;
    }
    this.#awaitsAnswer = offer === null;
    session.responder = new SuccessResponder(transaction, response, context.clock, context.endpoint.timers, () =>
      session.acknowledgementMissing(),
    );
    return false;
  }

  /** In our turn. @returns true if the peer wanted its turn at the same time: again, later */
  async #apply(hold: boolean): Promise<boolean> {
    const { session } = this;
    if (session.localHold === hold) return false;
    const outcome = await this.#offer(hold);
    if (this.#isStopped() || outcome === 'gone') throw new Error('the call ended');
    if (outcome === 'glare') return true;
    if (outcome !== 'accepted') {
      this.#wanted = session.localHold;
      throw new Error(`the other side refused: ${outcome.rejected.status} ${outcome.rejected.reason}`);
    }
    session.localHold = hold;
    session.context.changed();
    return false;
  }

  async #offer(hold: boolean): Promise<Outcome> {
    const { session } = this;
    try {
      const offer = await session.media.createOffer({ audio: hold ? 'sendonly' : 'sendrecv' });
      await session.media.setLocalDescription(offer);
      const outcome = this.#isStopped() ? 'gone' : await this.#reinvite(offer);
      if (outcome !== 'accepted' && !this.#isStopped()) await session.media.rollback();
      return outcome;
    } catch (error) {
      if (this.#isStopped()) return 'gone';
      await session.media.rollback().catch(() => undefined);
      throw error;
    }
  }

  #reinvite(offer: SessionDescription): Promise<Outcome> {
    const { session } = this;
    const { dialog } = session;
    if (!dialog) return Promise.resolve('gone');
    const made = dialog.createRequest('INVITE');
    session.context.describe(made.request.headers);
    setSessionDescription(made.request, offer.sdp);
    return new Promise((resolve) => {
      session.send(
        made,
        {
          onFinal: (response, request) => {
            const { status } = response;
            if (status < 300) {
              // §12.2.1.2, before the ACK: it goes to the new target already.
              dialog.refreshTarget(response);
              session.sendAck(dialog, request);
              void this.#accept(response).then(resolve);
            } else if (status === 491) resolve('glare');
            else if (status === 481 || status === 408) {
              // RFC 3261 §12.2.1.2: the peer knows nothing of this call any more.
              session.lost(status);
              resolve('gone');
            } else resolve({ rejected: response });
          },
          onFurtherSuccess: (_response, request) => session.sendAck(dialog, request),
          onFailure: (_reason, error) => {
            session.lost(null, error);
            resolve('gone');
          },
        },
        dialog,
      );
    });
  }

  async #accept(response: SipResponse): Promise<Outcome> {
    if (this.#stopped) return 'gone';
    const answer = sessionDescriptionOf(response);
    try {
      if (answer === null) throw new MediaError('malformed', 'no answer in the 2xx');
      await this.session.applyRemote('answer', answer);
      return 'accepted';
    } catch (error) {
      this.session.fail(failureOfMedia(error), 'local');
      return 'gone';
    }
  }

  /** RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms. */
  #backOff(): Promise<void> {
    const { clock, random } = this.session.context;
    const draw = randomUint32(random);
    const delay = this.session.direction === 'out' ? 2100 + 10 * (draw % 191) : 10 * (draw % 201);
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#pause = null;
        resolve();
      };
      if (this.#stopped) resolve();
      else this.#pause = { timer: clock.setTimeout(delay, wake), wake };
    });
  }

  /** RFC 3261 §14.2: 0 to 10 s. */
  #retryAfter(): Readonly<Record<string, string>> {
    return { 'Retry-After': String(randomUint32(this.session.context.random) % 11) };
  }

  /** Waits until nobody negotiates, and makes it our turn in the same instant. @throws Error if the call ended */
  async #takeTurn(): Promise<void> {
    while (this.#turn !== 'idle' && !this.#isStopped())
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isStopped()) throw new Error('the call ended');
    this.#turn = 'offering';
  }

  /** Nothing may follow our BYE: it would make the BYE's CSeq the lower one, should that be lost once. */
  #isStopped(): boolean {
    return this.#stopped || this.session.closing;
  }

  #release(): void {
    this.#turn = 'idle';
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
