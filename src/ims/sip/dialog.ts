import { Headers } from './headers.js';
import { SipRequest, type SipMessage, type SipResponse } from './message.js';
import { NameAddr } from './name-addr.js';
import { SipUri, type Uri } from './uri.js';

export type DialogState = 'early' | 'confirmed' | 'terminated';

interface DialogParts {
  readonly callId: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localCSeq: number;
  readonly remoteCSeq: number | null;
  readonly routeSet: readonly NameAddr[];
  readonly remoteTarget: Uri;
  readonly state: DialogState;
}

/** A request made within a dialog, and where it goes. */
export interface DialogRequest {
  readonly request: SipRequest;
  /** To be resolved by RFC 3263: first hop of the route set, else the remote target. */
  readonly nextHop: Uri;
}

/** The relation of two user agents (RFC 3261 §12): tags, sequence numbers, routes, target. */
export class Dialog {
  readonly callId: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly localTag: string;
  /** Empty if the peer is of RFC 2543 and made none (§12.1.1). */
  readonly remoteTag: string;
  state: DialogState;
  #localCSeq: number;
  #remoteCSeq: number | null;
  #routeSet: readonly NameAddr[];
  #remoteTarget: Uri;

  private constructor(parts: DialogParts) {
    this.callId = parts.callId;
    this.local = parts.local;
    this.remote = parts.remote;
    this.localTag = parts.localTag;
    this.remoteTag = parts.remoteTag;
    this.state = parts.state;
    this.#localCSeq = parts.localCSeq;
    this.#remoteCSeq = parts.remoteCSeq;
    this.#routeSet = parts.routeSet;
    this.#remoteTarget = parts.remoteTarget;
  }

  /**
   * §12.1.2: of the caller, from a 101-299 with a To tag. Null if the response cannot make one (no tag of ours).
   * RFC 2543 §6.13 peers send no Contact: they are asked for where the INVITE went.
   */
  static ofCaller(response: SipResponse): Dialog | null {
    const { from, to, callId, cseq } = response;
    const remoteTarget = firstContact(response) ?? to?.uri;
    if (!from?.tag || !to || callId === null || !cseq || !remoteTarget) return null;
    return new Dialog({
      callId,
      local: from,
      remote: to,
      localTag: from.tag,
      remoteTag: to.tag ?? '',
      localCSeq: cseq.number,
      remoteCSeq: null,
      routeSet: response.recordRoutes.reverse(),
      remoteTarget,
      state: response.status < 200 ? 'early' : 'confirmed',
    });
  }

  /** §12.1.1: of the called, from the INVITE and the tag that our responses carry. Without a Contact, From is asked for. */
  static ofCalled(request: SipRequest, localTag: string): Dialog | null {
    const { from, to, callId, cseq } = request;
    const remoteTarget = firstContact(request) ?? from?.uri;
    if (!from || !to || callId === null || !cseq || !remoteTarget) return null;
    return new Dialog({
      callId,
      local: to.withParameter('tag', localTag),
      remote: from,
      localTag,
      remoteTag: from.tag ?? '',
      localCSeq: 0,
      remoteCSeq: cseq.number,
      routeSet: request.recordRoutes,
      remoteTarget,
      state: 'early',
    });
  }

  /**
   * RFC 6665 §4.4.1: of the subscriber, made by the first NOTIFY of each notifier, which may come before the answer
   * to its SUBSCRIBE. Null without a Contact.
   *
   * @param localCSeq of the SUBSCRIBE
   */
  static ofSubscriber(notify: SipRequest, localCSeq: number): Dialog | null {
    const { from, to, callId, cseq } = notify;
    const remoteTarget = firstContact(notify);
    if (!from?.tag || !to?.tag || callId === null || !cseq || !remoteTarget) return null;
    return new Dialog({
      callId,
      local: to,
      remote: from,
      localTag: to.tag,
      remoteTag: from.tag,
      localCSeq,
      remoteCSeq: null,
      routeSet: notify.recordRoutes,
      remoteTarget,
      state: 'confirmed',
    });
  }

  /** Key of a dialog, the same for requests and responses of both directions. */
  static key(callId: string, localTag: string, remoteTag: string): string {
    return `${callId}\n${localTag}\n${remoteTag}`;
  }

  get key(): string {
    return Dialog.key(this.callId, this.localTag, this.remoteTag);
  }

  get remoteTarget(): Uri {
    return this.#remoteTarget;
  }

  /** The sequence number for the next request of ours, ACK and CANCEL apart. */
  nextCSeq(): number {
    this.#localCSeq = this.#localCSeq >= 0x7fff_fffe ? 1 : this.#localCSeq + 1;
    return this.#localCSeq;
  }

  /** §13.2.2.4: a 2xx sets the route set anew; the route set never changes afterwards. */
  confirm(response: SipResponse): void {
    if (this.state !== 'early') return;
    this.state = 'confirmed';
    this.#routeSet = response.recordRoutes.reverse();
    this.refreshTarget(response);
  }

  /** §12.2.1.2, §12.2.2: Contact of a target refresh request that was accepted, or of its 2xx. */
  refreshTarget(message: SipMessage): void {
    const target = firstContact(message);
    if (target) this.#remoteTarget = target;
  }

  /** §12.2.2. @returns false if the number is lower than one seen before: 500 */
  acceptCSeq(request: SipRequest): boolean {
    const number = request.cseq?.number ?? 0;
    if (this.#remoteCSeq !== null && number < this.#remoteCSeq) return false;
    this.#remoteCSeq = number;
    return true;
  }

  /** §12.2.1.1. Via and Contact are to come. */
  createRequest(method: string): DialogRequest {
    return this.#create(method, this.nextCSeq());
  }

  /** The BYE for who may have to send it instead of us: it comes after all that we have sent, and takes no number. */
  createFarewell(): DialogRequest {
    return this.#create('BYE', this.#localCSeq + 1);
  }

  /** §13.2.2.4: the ACK to a 2xx has the number of its INVITE, and its credentials (§22.1). */
  createAck(invite: SipRequest): DialogRequest {
    const ack = this.#create('ACK', invite.cseq?.number ?? 0);
    for (const name of ['Authorization', 'Proxy-Authorization']) {
      const values = invite.headers.rawValues(name);
      if (values.length > 0) ack.request.headers.set(name, ...values);
    }
    return ack;
  }

  /** The ACK to a 2xx whose INVITE is forgotten. */
  createAckFor(response: SipResponse): DialogRequest {
    return this.#create('ACK', response.cseq?.number ?? 0);
  }

  #create(method: string, number: number): DialogRequest {
    const first = this.#routeSet[0]?.uri;
    const strict = first instanceof SipUri && !first.looseRouting;
    const routes = this.#routeSet.map((route) => route.toString());
    let requestUri = this.#remoteTarget;
    if (strict) {
      // §12.2.1.1: a strict router wants itself in the Request-URI and the target at the end of the Route.
      requestUri = first.with({ headers: null }).withParameter('method', undefined);
      routes.shift();
      routes.push(new NameAddr(this.#remoteTarget).toString());
    }
    const headers = new Headers([['Max-Forwards', '70']]);
    for (const route of routes) headers.append('Route', route);
    headers.append('From', this.local.toString());
    headers.append('To', this.remote.toString());
    headers.append('Call-ID', this.callId);
    headers.append('CSeq', `${number} ${method}`);
    return { request: new SipRequest(method, requestUri, headers), nextHop: first ?? this.#remoteTarget };
  }
}

function firstContact(message: SipMessage): Uri | null {
  const { contacts } = message;
  return contacts === '*' ? null : (contacts[0]?.uri ?? null);
}
