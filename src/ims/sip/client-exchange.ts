import { NetworkError } from '../../net/network.js';
import type { Clock, Timer } from '../../platform/clock.js';
import { createResponse, type SipRequest, type SipResponse } from './message.js';
import { printMessage } from './print.js';
import type { ClientFailure, ClientTransaction, ClientTransactionUser } from './transaction/client-transaction.js';
import { createCancel } from './transaction/derived-requests.js';
import type { TransactionLayer } from './transaction/transaction-layer.js';
import type { Flow, Target } from './transport/flow.js';

export interface RequestHandlers {
  /** @param request as it went on the wire, with Via */
  onProvisional?(response: SipResponse, request: SipRequest): void;
  onFinal(response: SipResponse, request: SipRequest): void;
  /** No final response: nobody answered in time, or no target could be reached. */
  onFailure(reason: ClientFailure, error: NetworkError | null): void;
  /** INVITE: a 2xx after the first, retransmitted or of another fork. Default: the endpoint's `onStrayResponse`. */
  onFurtherSuccess?(response: SipResponse, request: SipRequest): void;
}

export interface ClientTransactionHandle {
  /** INVITE: ends it by CANCEL as soon as the RFC allows (§9.1). Harmless afterwards. @param reason RFC 3326 value */
  cancel(reason?: string): void;
  /** Forgets it: no handler is called any more. For shutting down. */
  abandon(): void;
}

/** What the exchange needs of the endpoint. */
export interface ExchangeHost {
  readonly clock: Clock;
  readonly transactions: TransactionLayer;
  /** ms after CANCEL when a missing final response is no longer waited for. */
  readonly giveUpAfterCancel: number;
  addVia(request: SipRequest, flow: Flow): void;
  flowTo(target: Target, connectTimeout?: number): Promise<Flow>;
  strayResponse(response: SipResponse, flow: Flow): void;
  done(exchange: ClientExchange): void;
  /** Peers that did not take a large request by TCP: they are not asked again. */
  readonly datagramOnly: Set<string>;
}

/** RFC 3261 §18.1.1: what a datagram may hold when the path MTU is unknown. */
export const MAX_DATAGRAM_REQUEST = 1300;
/** Wait for TCP when only the size of the request asks for it, ms. */
const SIZE_SWITCH_TIMEOUT = 3000;
/** Peers remembered as being without TCP. */
const MAX_DATAGRAM_ONLY = 64;

/** How one exchange is sent. */
export interface ExchangeOptions {
  /** Fills in what depends on the way (Contact), on the copy that is sent, before each attempt. */
  readonly prepare?: (request: SipRequest, flow: Flow) => void;
  /** RFC 3428 §8: what is too large for a datagram goes by a congestion controlled transport or not at all. */
  readonly congestionSafe?: boolean;
}

type Outcome = 'done' | 'timeout' | NetworkError;

/**
 * One request until its final response, over as many targets as it takes: RFC 3263 §4.3 goes on to the
 * next one after a transport failure, a time-out or a 503, each with a branch of its own.
 */
export class ClientExchange implements ClientTransactionHandle {
  #transaction: ClientTransaction | null = null;
  #flow: Flow | null = null;
  #provisional = false;
  /** Why the connection of this attempt is gone. */
  #lost: NetworkError | null = null;
  #cancelled: { readonly reason: string | undefined } | null = null;
  #cancelTimer: Timer | null = null;
  #finished = false;
  #abandoned = false;

  constructor(
    private readonly host: ExchangeHost,
    private readonly request: SipRequest,
    private readonly handlers: RequestHandlers,
    private readonly options: ExchangeOptions = {},
  ) {}

  /** @param ways flows or targets, best first */
  async run(ways: Promise<readonly (Flow | Target)[]>): Promise<void> {
    let last: NetworkError | null = null;
    let rest: (Flow | Target)[] = [];
    try {
      rest = [...(await ways)];
    } catch (error) {
      last = asNetworkError(error);
    }
    let timedOut = false;
    let bySize: Target | null = null;
    let judged: Flow | null = null;
    for (let way = rest.shift(); way && !this.#isAbandoned(); way = rest.shift()) {
      let flow: Flow;
      try {
        flow = isFlow(way) ? way : await this.host.flowTo(way, ...(way === bySize ? [SIZE_SWITCH_TIMEOUT] : []));
      } catch (error) {
        last = asNetworkError(error);
        if (way === bySize) this.#noteDatagramOnly(way);
        if (way === bySize && this.options.congestionSafe) last = withoutStream(last);
        continue;
      }
      if (flow !== judged && this.#isTooLargeFor(flow)) {
        judged = flow;
        bySize = { transport: 'tcp', address: flow.remote.address, port: flow.remote.port };
        if (this.options.congestionSafe) rest.unshift(bySize);
        else rest.unshift(...(this.#isDatagramOnly(bySize) ? [flow] : [bySize, flow]));
        continue;
      }
      if (this.#isAbandoned()) return;
      // Nothing was sent yet: nothing is to be cancelled on the wire.
      if (this.#isCancelled()) return this.#finish(createResponse(this.request, 487), this.request);
      const outcome = await this.#attempt(flow, rest.length === 0);
      if (outcome === 'done') return;
      timedOut = outcome === 'timeout';
      last = outcome === 'timeout' ? null : outcome;
      if (this.#isCancelled()) break;
    }
    this.#fail(timedOut ? 'timeout' : 'transport', last);
  }

  cancel(reason?: string): void {
    if (this.#cancelled || this.#finished || this.request.method !== 'INVITE') return;
    this.#cancelled = { reason };
    // §9.1: no CANCEL before a provisional response.
    if (this.#provisional) this.#sendCancel();
  }

  abandon(): void {
    this.#abandoned = true;
    this.#cancelTimer?.cancel();
    this.#transaction?.terminate();
    this.host.done(this);
  }

  /** A connection is gone. @param error why, where somebody said so */
  flowClosed(flow: Flow, error: NetworkError | null): void {
    if (this.#flow !== flow) return;
    this.#lost = error;
    this.#transaction?.transportError();
  }

  #attempt(flow: Flow, lastTarget: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const request = this.request.clone();
      this.options.prepare?.(request, flow);
      this.host.addVia(request, flow);
      let sendError: NetworkError | null = null;
      this.#lost = null;
      const user: ClientTransactionUser = {
        onResponse: (response) => {
          if (this.#abandoned) return;
          if (response.status < 200) this.#provisionalResponse(response, request);
          else if (this.#finished) this.#furtherSuccess(response, request, flow);
          else if (response.status === 503 && !lastTarget && !this.#cancelled) {
            resolve(new NetworkError('refused', '503 Service Unavailable'));
          } else {
            this.#finish(response, request);
            resolve('done');
          }
        },
        onFailure: (reason) =>
          resolve(
            reason === 'timeout'
              ? 'timeout'
              : (sendError ?? this.#lost ?? new NetworkError('reset', 'the connection was lost')),
          ),
        onTerminated: () => {
          if (this.#finished && this.#transaction === transaction) this.host.done(this);
        },
      };
      const send = (octets: Uint8Array): void =>
        flow.send(octets, (error) => {
          sendError = error;
          transaction.transportError();
        });
      const transaction = this.host.transactions.createClient(request, { reliable: flow.reliable, send }, user);
      this.#flow = flow;
      this.#transaction = transaction;
      transaction.start();
    });
  }

  #provisionalResponse(response: SipResponse, request: SipRequest): void {
    if (this.#finished) return;
    this.#provisional = true;
    if (this.#cancelled && !this.#cancelTimer) this.#sendCancel();
    this.handlers.onProvisional?.(response, request);
  }

  #furtherSuccess(response: SipResponse, request: SipRequest, flow: Flow): void {
    if (this.handlers.onFurtherSuccess) this.handlers.onFurtherSuccess(response, request);
    else this.host.strayResponse(response, flow);
  }

  #sendCancel(): void {
    const invite = this.#transaction;
    const flow = this.#flow;
    if (!invite || !flow || this.#finished) return;
    // The top Via is that of the INVITE; the method makes it a transaction of its own.
    const cancel = createCancel(invite.request);
    if (this.#cancelled?.reason !== undefined) cancel.headers.set('Reason', this.#cancelled.reason);
    const ignore = (): void => undefined;
    const user: ClientTransactionUser = { onResponse: ignore, onFailure: ignore, onTerminated: ignore };
    const channel = {
      reliable: flow.reliable,
      send: (octets: Uint8Array): void => flow.send(octets, () => transaction.transportError()),
    };
    const transaction = this.host.transactions.createClient(cancel, channel, user);
    transaction.start();
    // §9.1: an RFC 2543 peer may never send the 487.
    this.#cancelTimer = this.host.clock.setTimeout(this.host.giveUpAfterCancel, () => {
      if (this.#finished) return;
      invite.terminate();
      this.#finish(createResponse(invite.request, 487), invite.request);
    });
  }

  #finish(response: SipResponse, request: SipRequest): void {
    this.#end();
    this.handlers.onFinal(response, request);
  }

  #fail(reason: ClientFailure, error: NetworkError | null): void {
    if (this.#finished || this.#abandoned) return;
    this.#end();
    this.handlers.onFailure(reason, error);
  }

  // Methods, since these change while others are waited for.
  #isAbandoned(): boolean {
    return this.#abandoned;
  }

  #isCancelled(): boolean {
    return this.#cancelled !== null;
  }

  #end(): void {
    this.#finished = true;
    this.#cancelTimer?.cancel();
    this.#cancelTimer = null;
    if (!this.#transaction || this.#transaction.state === 'terminated') this.host.done(this);
  }

  /** RFC 3261 §18.1.1: a large request goes by a congestion controlled transport, and by UDP if the peer has none. */
  #isTooLargeFor(flow: Flow): boolean {
    if (flow.transport !== 'udp') return false;
    const request = this.request.clone();
    this.options.prepare?.(request, flow);
    this.host.addVia(request, flow);
    return printMessage(request).length > MAX_DATAGRAM_REQUEST;
  }

  #isDatagramOnly({ address, port }: Target): boolean {
    return this.host.datagramOnly.has(`${address} ${port}`);
  }

  #noteDatagramOnly({ address, port }: Target): void {
    if (this.host.datagramOnly.size >= MAX_DATAGRAM_ONLY) this.host.datagramOnly.clear();
    this.host.datagramOnly.add(`${address} ${port}`);
  }
}

function isFlow(way: Flow | Target): way is Flow {
  return 'remote' in way;
}

function withoutStream(cause: NetworkError): NetworkError {
  return new NetworkError('too-large', `too large for UDP, and by TCP ${cause.reason}: ${cause.message}`, cause);
}

function asNetworkError(error: unknown): NetworkError {
  return error instanceof NetworkError ? error : new NetworkError('internal', String(error));
}
