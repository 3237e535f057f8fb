import type { Timer } from '../../platform/clock.js';
import { createInitialRequest } from '../initial-request.js';
import { Redirects } from '../redirects.js';
import type { ClientTransactionHandle } from '../sip/client-exchange.js';
import { earlyMediaAllowed } from '../private-headers/index.js';
import { parseSdp, printSdp, withDirection } from '../sdp/index.js';
import { Dialog } from '../sip/dialog.js';
import type { SipRequest, SipResponse } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import type { AuthOutcome } from '../sip/request-sender.js';
import type { Flow } from '../sip/transport/flow.js';
import type { Uri } from '../sip/uri.js';
import type { Party } from '../snapshot.js';
import { NO_ANSWER_TIMEOUT, type CallContext } from './call-context.js';
import { failureOfMedia, failureOfNetwork, failureOfResponse } from './call-failure.js';
import { describeCall } from './call-headers.js';
import { InviteSession } from './invite-session.js';
import { sessionDescriptionOf, setSessionDescription } from './sdp-body.js';

/** Forks whose early dialogs are kept. */
const MAX_FORKS = 32;

/** A call that we make. */
interface EarlyFork {
  readonly dialog: Dialog;
  /** The first that came. */
  sdp: string | null;
  /** By P-Early-Media; where the network says nothing, it is. */
  allowed: boolean;
  heard: boolean;
}

export class OutgoingSession extends InviteSession {
  readonly direction = 'out';
  readonly #target: Uri;
  readonly #callId: string;
  readonly #tag: string;
  readonly #early = new Map<string, EarlyFork>();
  #exchange: ClientTransactionHandle | null = null;
  /** That the INVITE went by. */
  #flow: Flow | null = null;
  #noAnswer: Timer | null = null;
  #offer = '';
  #cseq = 1;
  readonly #redirects: Redirects;
  #cancelled = false;

  constructor(id: string, context: CallContext, target: Uri, remote: Party) {
    super(id, context, 'dialling', remote, context.identity.uri.toString());
    this.#target = target;
    this.#redirects = new Redirects(target);
    this.#callId = context.endpoint.token(24);
    this.#tag = context.endpoint.token(12);
  }

  /** Makes the offer and sends the INVITE. */
  async dial(): Promise<void> {
    try {
      const remote = await this.#firstHop();
      const offer = await this.media.createOffer({ audio: 'sendrecv', ...(remote === undefined ? {} : { remote }) });
      this.#offer = offer.sdp;
      // The INVITE need not wait for it: what is asked of the media next comes after it.
      this.media.setLocalDescription(offer).catch((error: unknown) => this.fail(failureOfMedia(error), 'local'));
    } catch (error) {
      this.end('local', failureOfMedia(error));
      return;
    }
    if (this.closing) return;
    this.#noAnswer = this.context.clock.setTimeout(NO_ANSWER_TIMEOUT, () =>
      this.fail({ reason: 'no-answer', detail: `nobody answered in ${NO_ANSWER_TIMEOUT / 1000} s` }),
    );
    this.#invite(this.#target);
  }

  /** Where the INVITE will go, if registration did not tell: our offer names an address of the same family. */
  async #firstHop(): Promise<string | undefined> {
    const { target, routes, endpoint } = this.context;
    if (target) return undefined;
    const hop = (routes[0] === undefined ? null : NameAddr.parse(routes[0])?.uri) ?? this.#target;
    const found = await endpoint.locate(hop).catch(() => []);
    return found[0]?.address;
  }

  override quit(): void {
    if (this.closing) return;
    if (this.dialog) return this.bye();
    this.#cancelled = true;
    if (!this.#exchange) return this.end('local');
    this.beginEnding();
    this.#exchange.cancel();
  }

  override end(...how: Parameters<InviteSession['end']>): void {
    this.#noAnswer?.cancel();
    super.end(...how);
  }

  #invite(target: Uri): void {
    const { context } = this;
    const ids = { to: this.#target, tag: this.#tag, callId: this.#callId, cseq: this.#cseq };
    const invite = createInitialRequest(context, 'INVITE', target, ids);
    describeCall(invite.headers);
    setSessionDescription(invite, this.#offer);
    this.#exchange = context.sender.send(
      invite,
      {
        onProvisional: (response, request) => this.#onProvisional(response, request),
        onFinal: (response, request, auth) => this.#onFinal(response, request, auth),
        onFurtherSuccess: (response, request) => this.#onFurtherSuccess(response, request),
        onFailure: (_reason, error) => this.end('network', this.#cancelled ? null : failureOfNetwork(error)),
      },
      {
        ...(context.target ? { target: context.target } : {}),
        prepare: (request, flow) => {
          this.#flow = flow;
          request.headers.set('Contact', context.contact(flow));
        },
      },
    );
  }

  #onProvisional(response: SipResponse, request: SipRequest): void {
    if (this.#flow && !this.closing && !this.dialog) this.will.leaveCancel(request, this.#flow);
    if (response.status === 100 || this.closing || this.dialog) return;
    const tag = response.toTag ?? '';
    let fork: EarlyFork | undefined = this.#early.get(tag);
    const dialog = fork ? null : Dialog.ofCaller(response);
    if (dialog && this.#early.size < MAX_FORKS)
      this.#early.set(tag, (fork = { dialog, sdp: null, allowed: true, heard: false }));
    const sdp = sessionDescriptionOf(response);
    if (fork) {
      fork.sdp ??= sdp;
      fork.allowed = earlyMediaAllowed(response) ?? fork.allowed;
      if (fork.allowed && fork.sdp !== null && !fork.heard) return this.#hear(fork, fork.sdp);
      if (!fork.allowed && fork.sdp !== null && fork.heard) return this.#silence(fork, fork.sdp);
    }
    // RFC 5009 §8: what may not be heard is as if nothing came, and we make the ring-back ourselves.
    const silenced = fork !== undefined && !fork.allowed && fork.sdp !== null;
    if (response.status === 180 || silenced) this.advance('ringing-out');
  }

  /** Not reliable, so no answer yet (RFC 3261 §13.2.1): only a view of what it will be. */
  #hear(fork: EarlyFork, sdp: string): void {
    fork.heard = true;
    this.applyRemote('pranswer', sdp).then(
      () => void this.advance('early-media'),
      () => undefined,
    );
  }

  /** RFC 5009 §8: `inactive` revokes what was allowed before. What was agreed on stays, nothing of it is heard or sent. */
  #silence(fork: EarlyFork, sdp: string): void {
    fork.heard = false;
    const parsed = parseSdp(sdp);
    if (!parsed.ok) return;
    this.media
      .setRemoteDescription({ type: 'pranswer', sdp: printSdp(withDirection(parsed.session, 'inactive')) })
      .then(
        () => void this.advance('ringing-out'),
        () => undefined,
      );
  }

  #onFinal(response: SipResponse, request: SipRequest, auth: AuthOutcome): void {
    this.#noAnswer?.cancel();
    this.#cseq = request.cseq?.number ?? this.#cseq;
    const { status } = response;
    if (status < 300) return void this.#answered(response, request);
    if (this.ended) return;
    if (this.#cancelled) return this.end('local');
    const next = this.#redirects.next(response);
    if (next) {
      this.#cseq++;
      return this.#invite(next);
    }
    // 487 without CANCEL of ours: somebody else ended it.
    this.end('remote', failureOfResponse(response, auth));
  }

  async #answered(response: SipResponse, request: SipRequest): Promise<void> {
    const fork = this.#early.get(response.toTag ?? '');
    const dialog = fork?.dialog ?? Dialog.ofCaller(response);
    if (!dialog) return this.end('network', { reason: 'call-failed', detail: 'a 200 without Contact or tags' });
    dialog.confirm(response);
    this.sendAck(dialog, request);
    if (this.closing) {
      // RFC 3261 §9.1: CANCEL and 200 crossed on the way.
      this.dialog = dialog;
      return this.sendBye(dialog);
    }
    this.dialog = dialog;
    this.#early.clear();
    this.leaveWill();
    this.advance('connecting');
    const answer = sessionDescriptionOf(response) ?? fork?.sdp ?? null;
    try {
      if (answer === null) throw new Error('a 200 without answer');
      await this.applyRemote('answer', answer);
    } catch (error) {
      return this.fail(
        answer === null ? { reason: 'not-acceptable', detail: 'no answer in the 200' } : failureOfMedia(error),
        'local',
      );
    }
    this.advance('active');
  }

  /** RFC 3261 §13.2.2.4: each 2xx gets its ACK; a second callee gets BYE too. */
  #onFurtherSuccess(response: SipResponse, request: SipRequest): void {
    if (this.dialog && response.toTag === this.dialog.remoteTag) return this.sendAck(this.dialog, request);
    const dialog = Dialog.ofCaller(response);
    if (!dialog) return;
    this.sendAck(dialog, request);
    // Its 2xx may come again: one BYE is enough.
    if (this.#extra.has(dialog.key) || this.#extra.size >= MAX_FORKS) return;
    this.#extra.add(dialog.key);
    this.sendBye(dialog, false);
  }

  readonly #extra = new Set<string>();
}
