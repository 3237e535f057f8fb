import type { Timer } from '../../platform/clock.js';
import { Dialog } from '../sip/dialog.js';
import type { SipRequest } from '../sip/message.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow } from '../sip/transport/flow.js';
import { NO_ANSWER_TIMEOUT, type CallContext } from './call-context.js';
import { failureOfMedia } from './call-failure.js';
import { callingParty } from './calling-party.js';
import { InviteSession } from './invite-session.js';
import { MediaError, type SessionDescription } from './media-session.js';
import { sessionDescriptionOf } from './sdp-body.js';
import { SuccessResponder } from './success-responder.js';

/** A call that somebody makes to us. */
export class IncomingSession extends InviteSession {
  readonly direction = 'in';
  /** False until the offer was found acceptable: nobody is to be bothered by a call that cannot be. */
  visible = false;
  /** Another device of ours took the call: it is not missed. */
  answeredElsewhere = false;
  #noAnswer: Timer | null = null;
  #reminder: Timer | null = null;
  readonly #offer: string | null;

  constructor(
    id: string,
    context: CallContext,
    private readonly invite: SipRequest,
    private readonly transaction: ServerTransaction,
    private readonly flow: Flow,
  ) {
    const called = context.identity.uri.toString();
    super(id, context, 'ringing-in', callingParty(invite), called, flow.remote.address);
    this.#offer = sessionDescriptionOf(invite);
    this.dialog = Dialog.ofCalled(invite, context.endpoint.token(12));
  }

  /** Looks at the offer and rings. */
  async ring(): Promise<void> {
    const { transaction } = this;
    if (!this.dialog) return this.#refuse(400);
    transaction.onCancel = (cancel) => {
      this.answeredElsewhere = isAnsweredElsewhere(cancel);
      this.#stopRinging(487, 'remote');
    };
    try {
      if (this.#offer !== null) await this.applyRemote('offer', this.#offer);
    } catch (error) {
      if (this.ended) return;
      return this.#refuse(error instanceof MediaError && error.reason === 'malformed' ? 400 : 488);
    }
    if (this.ended) return;
    this.visible = true;
    this.#alert();
    // RFC 3261 §13.3.1: an Expires that passes unanswered is 487, our own patience is 480.
    const expires = this.invite.expires;
    const own = expires === null || expires * 1000 > NO_ANSWER_TIMEOUT;
    const wait = own ? NO_ANSWER_TIMEOUT : expires * 1000;
    this.#noAnswer = this.context.clock.setTimeout(wait, () => this.#stopRinging(own ? 480 : 487, 'network'));
    this.context.changed();
  }

  /** @throws Error if it does not ring any more, or the media cannot be had */
  async answer(): Promise<void> {
    if (this.state !== 'ringing-in' || !this.visible) throw new Error(`cannot answer a call that is ${this.state}`);
    this.advance('connecting');
    this.#noAnswer?.cancel();
    this.#reminder?.cancel();
    let body: SessionDescription;
    try {
      body = await (this.#offer === null
        ? this.media.createOffer({ audio: 'sendrecv' })
        : this.media.createAnswer({ audio: 'sendrecv' }));
      await this.media.setLocalDescription(body);
    } catch (error) {
      if (!this.closing) {
        const failure = failureOfMedia(error);
        this.respond(this.transaction, failure.reason === 'not-acceptable' ? 488 : 480);
        this.end('local', failure);
      }
      throw error;
    }
    if (this.closing || !this.dialog) return;
    this.dialog.state = 'confirmed';
    this.transaction.onCancel = null;
    this.will.withdraw();
    const { clock, endpoint } = this.context;
    const response = this.createSuccess(this.invite, this.flow, body);
    this.responder = new SuccessResponder(this.transaction, response, clock, endpoint.timers, () =>
      this.acknowledgementMissing(),
    );
  }

  reject(status: number): void {
    if (this.state !== 'ringing-in') throw new Error(`cannot reject a call that is ${this.state}`);
    this.respond(this.transaction, status);
    this.end('local');
  }

  override quit(): void {
    if (this.closing) return;
    if (this.dialog?.state === 'confirmed') return this.bye();
    this.respond(this.transaction, this.state === 'connecting' ? 480 : 603);
    this.end('local');
  }

  override end(...how: Parameters<InviteSession['end']>): void {
    this.#noAnswer?.cancel();
    this.#reminder?.cancel();
    super.end(...how);
  }

  /** RFC 3261 §15.1.2: BYE before our final response ends the INVITE too. */
  protected override onBye(): void {
    if (this.dialog?.state === 'early') this.respond(this.transaction, 487);
    super.onBye();
  }

  protected override async onAcknowledged(ack: SipRequest): Promise<void> {
    if (this.state !== 'connecting') return super.onAcknowledged(ack);
    if (this.#offer === null) {
      const answer = sessionDescriptionOf(ack);
      try {
        if (answer === null) throw new MediaError('malformed', 'no answer in the ACK');
        await this.applyRemote('answer', answer);
      } catch (error) {
        return this.fail(failureOfMedia(error), 'local');
      }
    }
    this.advance('active');
  }

  #stopRinging(status: number, by: 'remote' | 'network'): void {
    if (this.ended || this.dialog?.state !== 'early') return;
    this.respond(this.transaction, status);
    this.end(by);
  }

  /** RFC 3261 §13.3.1.1: said again every minute, so that no proxy on the way gives up. */
  #alert(): void {
    this.transaction.respond(this.createSuccess(this.invite, this.flow, null, 180));
    if (this.dialog) this.will.leaveRefusal(this.invite, this.dialog.localTag, this.flow);
    this.#reminder = this.context.clock.setTimeout(60_000, () => this.#alert());
  }

  #refuse(status: number): void {
    this.respond(this.transaction, status);
    this.end('local');
  }
}

/** RFC 3326 §2: a proxy that forked the call cancels the other branches with the code of the one that won. */
function isAnsweredElsewhere(cancel: SipRequest): boolean {
  return cancel.headers.rawValues('Reason').some((value) => /\bSIP\b[^,]*;\s*cause\s*=\s*200\b/i.test(value));
}
