import type { Timer } from '../../platform/clock.js';
import type { Unsubscribe } from '../../platform/emitter.js';
import type { Failure } from '../failure.js';
import type { SendOptions, SentRequest } from '../sip/endpoint.js';
import { Dialog, type DialogRequest } from '../sip/dialog.js';
import { createResponse, type SipRequest, type SipResponse } from '../sip/message.js';
import type { SenderHandlers } from '../sip/request-sender.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow } from '../sip/transport/flow.js';
import type { CallQuality, CallSnapshot, CallState, Party } from '../snapshot.js';
import type { CallContext } from './call-context.js';
import { failureOfMedia, failureOfNetwork } from './call-failure.js';
import type { MediaSession, SessionDescription } from './media-session.js';
import { CallWill } from './call-will.js';
import { Renegotiation } from './renegotiation.js';
import { putsOnHold, setSessionDescription } from './sdp-body.js';
import { mayFollow } from './session-state.js';
import type { SuccessResponder } from './success-responder.js';

/** Longest time that a call shows as ending, ms. */
const ENDING_LIMIT = 3000;

/** ACKs kept for 2xx that come again: those of forks and of the last re-INVITEs. */
const MAX_ACKS = 8;

/** Received keys that are remembered. */
const MAX_DIGITS = 256;

export type EndedBy = 'local' | 'remote' | 'network';

/** One call: what both directions have in common once a dialog may exist. */
export abstract class InviteSession {
  abstract readonly direction: 'out' | 'in';
  readonly media: MediaSession;
  readonly startedAt: number;
  dialog: Dialog | null = null;
  localHold = false;
  /** Our 2xx to an INVITE that waits for its ACK. */
  responder: SuccessResponder | null = null;
  /** Called once, when the call is over and nothing of it runs any more. */
  onEnded: (() => void) | null = null;

  #state: CallState;
  #remoteHold = false;
  #muted = false;
  #digits = '';
  #digitsReceived = '';
  #answeredAt: number | null = null;
  #endedAt: number | null = null;
  #endedBy: EndedBy | null = null;
  #failure: Failure | null = null;
  #quality: CallQuality | null = null;
  readonly #renegotiation: Renegotiation;
  protected readonly will: CallWill;
  readonly #unsubscribe: readonly Unsubscribe[];
  #patience: Timer | null = null;
  readonly #acks = new Map<string, Promise<SentRequest>>();

  protected constructor(
    readonly id: string,
    readonly context: CallContext,
    state: CallState,
    readonly remote: Party,
    readonly localIdentity: string,
    peerAddress = context.target?.address,
  ) {
    this.#state = state;
    this.startedAt = context.clock.wallTime();
    this.media = context.media.create(id, peerAddress, context.dtx);
    this.#renegotiation = new Renegotiation(this);
    this.will = new CallWill(context, id);
    this.#unsubscribe = [
      this.media.events.on('quality', (quality) => {
        this.#quality = Object.freeze({ ...quality });
        context.changed();
      }),
      this.media.events.on('dtmf', ({ tone }) => {
        this.#digitsReceived = (this.#digitsReceived + tone).slice(-MAX_DIGITS);
        context.changed();
      }),
      this.media.events.on('failure', (error) => this.fail(failureOfMedia(error), 'local')),
    ];
  }

  get state(): CallState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Over, or about to be: no new negotiation makes sense. */
  get closing(): boolean {
    return this.#state === 'ended' || this.#state === 'ending';
  }

  get snapshot(): CallSnapshot {
    return Object.freeze({
      id: this.id,
      direction: this.direction,
      state: this.#state,
      remote: this.remote,
      local: this.localIdentity,
      startedAt: this.startedAt,
      answeredAt: this.#answeredAt,
      endedAt: this.#endedAt,
      localHold: this.localHold,
      remoteHold: this.#remoteHold,
      muted: this.#muted,
      digitsSent: this.#digits,
      digitsReceived: this.#digitsReceived,
      endedBy: this.#endedBy,
      failure: this.#failure,
      quality: this.#quality,
    });
  }

  /** Ends it by CANCEL, BYE or a refusal, whichever its state asks for. */
  abstract quit(): void;

  hold(): Promise<void> {
    return this.#setHold(true);
  }

  resume(): Promise<void> {
    return this.#setHold(false);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.media.setMuted(muted);
    this.context.changed();
  }

  async sendDtmf(tones: string): Promise<void> {
    if (this.#state !== 'active' && this.#state !== 'early-media') throw new Error(`no DTMF while ${this.#state}`);
    this.#digits += tones;
    this.context.changed();
    await this.media.sendDtmf(tones);
  }

  /** Whether a request is in order within the dialog; else it is refused. */
  admits(request: SipRequest, transaction: ServerTransaction): boolean {
    const dialog = this.ended ? null : this.dialog;
    // RFC 3261 §12.2.2
    if (dialog?.acceptCSeq(request) === true) return true;
    this.respond(transaction, dialog ? 500 : 481);
    return false;
  }

  /** A request within the dialog, ACK apart. */
  receive(request: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    if (!this.admits(request, transaction)) return;
    switch (request.method) {
      case 'BYE':
        this.respond(transaction, 200);
        this.onBye();
        return;
      case 'INVITE':
      case 'UPDATE':
        void this.#renegotiation.receive(request, transaction, flow).then(() => this.leaveWill());
        return;
      default: {
        const response = createResponse(request, 200);
        this.context.describe(response.headers);
        transaction.respond(response);
      }
    }
  }

  receiveAck(ack: SipRequest): void {
    if (!this.responder?.acknowledge(ack)) return;
    this.responder = null;
    if (this.#state === 'ending' && this.dialog) this.sendBye(this.dialog);
    else void this.onAcknowledged(ack);
    this.leaveWill();
  }

  /** No ACK within 64*T1. RFC 3261 §13.3.1.4: BYE. */
  acknowledgementMissing(): void {
    this.responder = null;
    if (this.#state === 'ending' && this.dialog) this.sendBye(this.dialog);
    else this.lost(null);
  }

  /** Ends it from whatever state, with a reason for the person. */
  fail(failure: Failure, by: EndedBy = 'network'): void {
    if (this.closing) return;
    this.#failure = Object.freeze(failure);
    this.#endedBy = by;
    this.quit();
  }

  /** The network is gone: nothing can be sent. */
  abort(failure: Failure): void {
    this.#failure ??= Object.freeze(failure);
    this.end('network');
  }

  /** @param failure null: ended the way a person wanted */
  end(by: EndedBy, failure: Failure | null = null): void {
    if (this.ended) return;
    this.#endedBy ??= by;
    this.#failure ??= failure && Object.freeze(failure);
    this.#endedAt = this.context.clock.wallTime();
    this.#state = 'ended';
    if (this.dialog) this.dialog.state = 'terminated';
    this.will.withdraw();
    this.#patience?.cancel();
    this.responder?.stop();
    this.responder = null;
    this.#renegotiation.stop();
    for (const off of this.#unsubscribe) off();
    this.media.close().catch(() => undefined);
    this.onEnded?.();
    this.context.changed();
  }

  /** BYE from the peer. */
  protected onBye(): void {
    this.end('remote');
  }

  /** The ACK to our 2xx came. */
  protected async onAcknowledged(ack: SipRequest): Promise<void> {
    await this.#renegotiation.acknowledged(ack);
  }

  /** Moves on as the diagram allows. @returns false if the diagram has no such arrow */
  advance(state: CallState): boolean {
    if (!mayFollow(this.#state, state)) return false;
    this.#state = state;
    if (state === 'connecting' || state === 'active') this.#answeredAt ??= this.context.clock.wallTime();
    this.context.changed();
    return true;
  }

  /** Sends BYE, and is over when it was answered or given up. */
  bye(): void {
    const dialog = this.dialog;
    if (!dialog || this.ended) return this.end('local');
    if (!this.beginEnding()) return;
    // RFC 3261 §15: the called must not send BYE before the ACK or its time-out.
    if (this.responder) return;
    this.sendBye(dialog);
  }

  /** CANCEL or BYE goes out. A person waits for its answer for a moment only; the transactions go on without the call. */
  protected beginEnding(): boolean {
    this.#endedBy ??= 'local';
    if (!this.advance('ending')) return false;
    const limit = this.responder ? 64 * this.context.endpoint.timers.t1 : ENDING_LIMIT;
    this.#patience = this.context.clock.setTimeout(limit, () => this.end('local'));
    return true;
  }

  /** @param over whether the call itself ends by it; false for the BYE to an extra fork */
  sendBye(dialog: Dialog, over = true): void {
    const done = (): void => {
      if (over) this.end('local');
    };
    // Whatever the answer: RFC 3261 §15.1.1 calls the session over.
    this.send(dialog.createRequest('BYE'), { onFinal: done, onFailure: done }, dialog);
  }

  /** Sends within a dialog; the challenge gets the next CSeq. */
  send(made: DialogRequest, handlers: SenderHandlers, dialog: Dialog): void {
    const nextCSeq = (): number => {
      const number = dialog.nextCSeq();
      this.leaveWill();
      return number;
    };
    this.context.sender.send(made.request, handlers, { ...this.way(made), nextCSeq });
    this.leaveWill();
  }

  /** Something has changed of what the BYE would be, or of the way that it would go: it is left anew. */
  leaveWill(): void {
    const { dialog } = this;
    // RFC 3261 §15: the called has to wait for the ACK.
    if (this.closing || dialog?.state !== 'confirmed' || this.responder) return;
    void this.will.leaveBye(dialog, (made) => this.way(made));
  }

  way(made: Pick<DialogRequest, 'nextHop'>): SendOptions {
    const { target } = this.context;
    return {
      nextHop: made.nextHop,
      ...(target ? { fallback: target } : {}),
      prepare: (request, flow) => {
        if (request.method !== 'BYE' && request.method !== 'ACK')
          request.headers.set('Contact', this.context.contact(flow));
      },
    };
  }

  /** RFC 3261 §13.2.2.4: the ACK to a 2xx, and the same again for every copy of the 2xx. */
  sendAck(dialog: Dialog, invite: SipRequest): void {
    const key = `${dialog.key} ${invite.cseq?.number ?? 0}`;
    const before = this.#acks.get(key);
    if (before) {
      before.then(
        (sent) => sent.repeat(),
        () => this.#acks.delete(key),
      );
      return;
    }
    const ack = dialog.createAck(invite);
    const sent = this.context.endpoint.sendRequest(ack.request, this.way(ack));
    sent.catch(() => this.#acks.delete(key));
    this.#acks.set(key, sent);
    if (dialog === this.dialog) this.leaveWill();
    for (const oldest of this.#acks.keys()) if (this.#acks.size > MAX_ACKS) this.#acks.delete(oldest);
  }

  /** An answer without a body. */
  respond(transaction: ServerTransaction, status: number, headers: Readonly<Record<string, string>> = {}): void {
    const toTag = this.dialog?.localTag ?? this.context.endpoint.token();
    const response = createResponse(transaction.request, status, { toTag });
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    transaction.respond(response);
  }

  /** A 2xx or reliable 1xx to INVITE or UPDATE, with all that belongs into it. */
  createSuccess(request: SipRequest, flow: Flow, body: SessionDescription | null, status = 200): SipResponse {
    const response = createResponse(request, status, { toTag: this.dialog?.localTag ?? this.context.endpoint.token() });
    response.headers.set('Contact', this.context.contact(flow));
    this.context.describe(response.headers);
    if (body) setSessionDescription(response, body.sdp);
    return response;
  }

  /** Applies a description of the peer and notes whether it puts us on hold. @throws MediaError */
  async applyRemote(type: SessionDescription['type'], sdp: string): Promise<void> {
    await this.media.setRemoteDescription({ type, sdp });
    const hold = putsOnHold(sdp);
    if (hold === this.#remoteHold) return;
    this.#remoteHold = hold;
    this.context.changed();
  }

  /** Ends with BYE because of a network failure in mid-call. */
  lost(status: number | null, error: Parameters<typeof failureOfNetwork>[0] = null): void {
    const detail = status === null ? (failureOfNetwork(error).detail ?? '') : `${status} to a request within the call`;
    this.fail({ reason: 'call-lost', detail, ...(status === null ? {} : { status }) });
  }

  async #setHold(hold: boolean): Promise<void> {
    if (this.#state !== 'active') throw new Error(`cannot ${hold ? 'hold' : 'resume'} a call that is ${this.#state}`);
    await this.#renegotiation.setHold(hold);
  }
}
