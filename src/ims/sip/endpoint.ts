import type { Network, NetworkError, Will } from '../../net/network.js';
import type { Clock } from '../../platform/clock.js';
import { silentLogger, type Logger } from '../../platform/logger.js';
import { randomToken, type Random } from '../../platform/random.js';
import type { Capabilities } from './capabilities.js';
import {
  ClientExchange,
  type ClientTransactionHandle,
  type ExchangeHost,
  type ExchangeOptions,
  type RequestHandlers,
} from './client-exchange.js';
import { judgeSupport } from './judge-support.js';
import { createResponse, SipRequest, type SipResponse } from './message.js';
import type { FailedParse } from './parse-failure.js';
import { printMessage } from './print.js';
import { redact } from './redact.js';
import { RFC_3261_TIMERS, type TimerValues } from './timers.js';
import type { ServerMachine, ServerTransaction } from './transaction/server-transaction.js';
import { TransactionLayer } from './transaction/transaction-layer.js';
import { flowName, type ClientTls, type Flow, type SipTransport, type Target } from './transport/flow.js';
import type { KeepAliveTerms, KeepAliveUser } from './transport/keep-alive.js';
import { locate } from './transport/locate.js';
import { ResponseChannel } from './transport/response-channel.js';
import { TransportLayer, type ListeningPoint, type SipListenOptions } from './transport/transport-layer.js';
import { SipUri, type Uri } from './uri.js';
import { decodeUtf8 } from './utf8.js';
import { createRejection, type Verdict } from './verdict.js';
import { MAGIC_COOKIE, Via } from './via.js';

/** One message on the wire, as `UserAgentEvents.trace` has it. */
export interface WireTrace {
  /** `Clock.wallTime()` */
  readonly time: number;
  readonly direction: 'in' | 'out' | 'dropped';
  readonly transport: string;
  readonly local: string;
  readonly remote: string;
  /** Credentials redacted. */
  readonly text: string;
  readonly note?: string;
}

export interface SipEndpointOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
  readonly trace?: (entry: WireTrace) => void;
  readonly timers?: TimerValues;
  /** New requests are judged by it, and refused here (405, 416, 420, 482 ...). Absent: form alone is judged. */
  readonly capabilities?: Capabilities;
  /** Client side of TLS. */
  readonly tls?: ClientTls;
}

export interface SendOptions extends ExchangeOptions {
  /** Send on this flow and nowhere else. */
  readonly flow?: Flow;
  /** Send to this place and nowhere else. Ignored if `flow` is given. */
  readonly target?: Target;
  /** Resolve this URI instead of the first Route or the Request-URI. */
  readonly nextHop?: Uri;
  /** Where to go when the next hop has no address: the proxy that we registered with. */
  readonly fallback?: Target;
  /** Overrules the transport that RFC 3263 would choose. */
  readonly transport?: SipTransport;
}

/** A request that went out without a transaction. */
export interface SentRequest {
  /** Sends the same octets again: the ACK to a 2xx that came again. */
  repeat(): void;
}

/** Transport and transactions for a transaction user: a user agent, or a proxy and registrar. */
export class SipEndpoint {
  /** New requests but CANCEL; the ACK to a 2xx comes with `transaction` null. */
  onRequest: ((request: SipRequest, transaction: ServerTransaction | null, flow: Flow) => void) | null = null;
  /** Responses that no exchange wants: late ones, and 2xx of forks where `onFurtherSuccess` is not given. */
  onStrayResponse: ((response: SipResponse, flow: Flow) => void) | null = null;
  /** Adds to a request what its way asks for, before Via: ACK to a 2xx too, CANCEL and other ACKs not. */
  onOutgoing: ((request: SipRequest, flow: Flow) => void) | null = null;
  /** Adds to a response what its way asks for. */
  onAnswer: ((response: SipResponse, request: SipRequest, flow: Flow) => void) | null = null;
  /** Tells whether a message may have come that way; others are dropped without a word. */
  admits: ((message: SipRequest | SipResponse, flow: Flow) => boolean) | null = null;
  /** A connection or a listening socket is gone. Not called by {@link close}. */
  onClosed: ((what: Flow | ListeningPoint, error: NetworkError | null) => void) | null = null;

  readonly timers: TimerValues;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #network: Network;
  readonly #logger: Logger;
  readonly #trace: ((entry: WireTrace) => void) | undefined;
  readonly #transport: TransportLayer;
  readonly #transactions: TransactionLayer;
  readonly #capabilities: Capabilities | undefined;
  readonly #exchanges = new Set<ClientExchange>();
  readonly #host: ExchangeHost;
  #closed = false;

  constructor(options: SipEndpointOptions) {
    this.#network = options.network;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#logger = options.logger ?? silentLogger;
    this.#trace = options.trace;
    this.#capabilities = options.capabilities;
    this.timers = options.timers ?? RFC_3261_TIMERS;
    this.#transactions = new TransactionLayer(options.clock, this.timers);
    this.#transport = new TransportLayer(
      options.network,
      options.clock,
      {
        onMessage: (message, flow, form) => this.#receive(message, flow, form),
        onMalformed: (failure, flow) => this.#receiveMalformed(failure, flow),
        onClosed: (what, error) => this.#lost(what, error),
        onWire: (direction, octets, flow, note) => this.#record(direction, octets, flow, note),
      },
      options.tls,
    );
    this.#host = {
      clock: options.clock,
      transactions: this.#transactions,
      giveUpAfterCancel: 64 * this.timers.t1,
      addVia: (request, flow) => {
        this.onOutgoing?.(request, flow);
        const via = this.#via(flow);
        // RFC 6223 §4.2.1: who registers is willing to keep the flow.
        const kept = request.method === 'REGISTER' ? via.withParameter('keep', null) : via;
        request.headers.prepend('Via', kept.toString());
      },
      flowTo: (target, timeout) => this.#transport.flowTo(target, timeout),
      strayResponse: (response, flow) => this.onStrayResponse?.(response, flow),
      done: (exchange) => void this.#exchanges.delete(exchange),
      datagramOnly: new Set(),
    };
  }

  /** Messages taken in, sent, and thrown away as malformed. */
  get counters(): { readonly received: number; readonly sent: number; readonly malformed: number } {
    return this.#transport.counters;
  }

  /** What is alive, for leak tests. */
  get usage(): { readonly transactions: number; readonly exchanges: number; readonly sockets: number } {
    return { transactions: this.#transactions.size, exchanges: this.#exchanges.size, sockets: this.#transport.size };
  }

  /** @throws NetworkError */
  listen(options: SipListenOptions): Promise<ListeningPoint> {
    return this.#transport.listen(options);
  }

  /** The places that `uri` leads to, best first (RFC 3263). @throws NetworkError */
  async locate(uri: Uri, transport?: SipTransport): Promise<Target[]> {
    if (!(uri instanceof SipUri)) return [];
    return locate(uri, this.#network, this.#random, transport);
  }

  /** An open flow to a target, or a new one. @throws NetworkError */
  flowTo(target: Target): Promise<Flow> {
    return this.#transport.flowTo(target);
  }

  /** Ports for security associations, and what goes over them. */
  get protection(): Pick<TransportLayer, 'openProtected' | 'protect' | 'unprotect'> {
    return this.#transport;
  }

  /** Keeps a flow alive until it is told to stop; a connection that fails is closed. @returns what stops it */
  keepAlive(flow: Flow, terms: KeepAliveTerms, user: KeepAliveUser): () => void {
    const keeper = this.#transport.kept.add({ ...terms, flow, random: this.#random, user });
    return () => this.#transport.kept.release(keeper);
  }

  /** Sends `request` (a copy with our Via on top) in a client transaction and follows it to the end. */
  request(request: SipRequest, handlers: RequestHandlers, options: SendOptions = {}): ClientTransactionHandle {
    const exchange = new ClientExchange(this.#host, request, handlers, options);
    this.#exchanges.add(exchange);
    void exchange.run(this.#ways(request, options));
    return exchange;
  }

  /** Sends a copy of `request` without a transaction: ACK to a 2xx. @throws NetworkError when no way leads there */
  async sendRequest(request: SipRequest, options: SendOptions = {}): Promise<SentRequest> {
    let last: unknown;
    for (const way of await this.#ways(request, options)) {
      try {
        const flow = 'remote' in way ? way : await this.#transport.flowTo(way);
        const copy = request.clone();
        options.prepare?.(copy, flow);
        this.#host.addVia(copy, flow);
        const octets = printMessage(copy);
        flow.send(octets);
        return { repeat: () => flow.send(octets) };
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /**
   * Leaves `request` to be sent on a flow when we are gone without {@link close}, where the network can do that.
   *
   * @param request a CANCEL has its Via
   */
  leaveWill(will: Omit<Will, 'data'>, request: SipRequest, flow: Flow): void {
    if (this.#closed) return;
    const copy = request.clone();
    if (!copy.via) this.#host.addVia(copy, flow);
    flow.leaveWill({ ...will, data: printMessage(copy) });
  }

  /** The same of a response to `request`, which came by `flow`. */
  leaveAnswer(will: Omit<Will, 'data'>, response: SipResponse, request: SipRequest, flow: Flow): void {
    if (this.#closed) return;
    const channel = new ResponseChannel(this.#transport, request, flow, () => undefined);
    channel.leaveWill({ ...will, data: printMessage(response) });
  }

  /** The flow that `request` would go by first. @throws NetworkError when no way leads there */
  async flowFor(request: SipRequest, options: SendOptions = {}): Promise<Flow | null> {
    const [way] = await this.#ways(request, options);
    return !way || 'remote' in way ? (way ?? null) : this.#transport.flowTo(way);
  }

  /** Nothing of this name is to be sent any more, also of what an earlier page of this device has left. */
  dropWill(name: string): void {
    this.#network.dropWill?.(name);
  }

  /** A fresh tag, Call-ID part or branch. */
  token(length = 16): string {
    return randomToken(this.#random, length);
  }

  /** Ends every transaction without a word and closes every socket. */
  close(): void {
    this.#closed = true;
    for (const exchange of [...this.#exchanges]) exchange.abandon();
    this.#transactions.clear();
    this.#transport.close();
  }

  async #ways(request: SipRequest, options: SendOptions): Promise<readonly (Flow | Target)[]> {
    if (options.flow) return [options.flow];
    if (options.target) return [options.target];
    const hop = options.nextHop ?? request.routes[0]?.uri ?? request.requestUri;
    try {
      const targets = await this.locate(hop, options.transport);
      if (targets.length > 0 || !options.fallback) return targets;
    } catch (error) {
      if (!options.fallback) throw error;
    }
    return [options.fallback];
  }

  #via(flow: Flow): Via {
    const parameters = new Map<string, string | null>([['branch', `${MAGIC_COOKIE}${this.token(24)}`]]);
    // TS 24.229 §5.1.1.2.2: not over security associations, where answers come to the port that Via names.
    if (!flow.protectedBy) parameters.set('rport', null);
    return new Via(flow.transport.toUpperCase(), flow.sentBy.address, flow.sentBy.port, parameters);
  }

  #receive(message: SipRequest | SipResponse, flow: Flow, form: Verdict): void {
    if (this.#closed || this.admits?.(message, flow) === false) return;
    if (message instanceof SipRequest) this.#receiveRequest(message, flow, form);
    else if (!this.#transactions.receiveResponse(message)) this.onStrayResponse?.(message, flow);
  }

  #receiveRequest(request: SipRequest, flow: Flow, form: Verdict): void {
    const holder: { machine: ServerMachine | null } = { machine: null };
    const channel = new ResponseChannel(
      this.#transport,
      request,
      flow,
      () => holder.machine?.transportError(),
      (response) => this.onAnswer?.(response, request, flow),
    );
    const answer = (response: SipResponse): void => channel.send(printMessage(response));
    if (form.kind === 'reject') {
      // What it lacks may be what a transaction is found by: no state, the client repeats itself.
      if (request.method !== 'ACK') answer(createRejection(request, form, { toTag: this.token() }));
      return;
    }
    const match = this.#transactions.receiveRequest(request, channel);
    if (match.kind === 'stray-ack') this.onRequest?.(request, null, flow);
    // RFC 3261 §21.5.4: stateless, so that a flood takes no memory.
    if (match.kind === 'overload') answer(createResponse(request, 503, { toTag: this.token() }));
    if (match.kind !== 'new') return;
    const transaction = (holder.machine = match.transaction);
    const refusal = this.#refuse(request, transaction);
    if (refusal) transaction.respond(refusal);
    else if (request.method === 'CANCEL') this.#cancel(request, transaction);
    else if (this.onRequest) this.onRequest(request, transaction, flow);
    else transaction.respond(createResponse(request, 503, { toTag: this.token() }));
  }

  /** What a request deserves by our capabilities alone. */
  #refuse(request: SipRequest, transaction: ServerTransaction): SipResponse | null {
    if (!this.#capabilities) return null;
    const verdict = judgeSupport(request, this.#capabilities);
    if (verdict.kind === 'reject') return createRejection(request, verdict, { toTag: this.token() });
    // RFC 3261 §8.2.2.2: a fork that joined again.
    const merged = this.#capabilities.role === 'endpoint' && this.#transactions.isMerged(transaction);
    return merged ? createResponse(request, 482, { toTag: this.token() }) : null;
  }

  /** RFC 3261 §9.2. */
  #cancel(cancel: SipRequest, transaction: ServerTransaction): void {
    const invite = this.#transactions.findCancelled(cancel);
    const toTag = this.token();
    if (!invite) {
      transaction.respond(createResponse(cancel, 481, { toTag }));
      return;
    }
    transaction.respond(createResponse(cancel, 200, { toTag }));
    if (invite.state === 'proceeding') invite.onCancel?.(cancel);
  }

  #receiveMalformed(failure: FailedParse, flow: Flow): void {
    this.#logger.log('warn', 'sip', 'malformed message dropped', {
      reason: failure.reason,
      from: flowName(flow.remote),
    });
    if (!failure.partial || this.#closed) return;
    const channel = new ResponseChannel(this.#transport, failure.partial, flow, () => undefined);
    channel.send(printMessage(createResponse(failure.partial, failure.status, { toTag: this.token() })));
  }

  #lost(what: Flow | ListeningPoint, error: NetworkError | null): void {
    if (this.#closed) return;
    for (const exchange of [...this.#exchanges]) if ('remote' in what) exchange.flowClosed(what, error);
    this.onClosed?.(what, error);
  }

  #record(direction: WireTrace['direction'], octets: Uint8Array, flow: Flow, note?: string): void {
    if (!this.#trace) return;
    this.#trace({
      time: this.#clock.wallTime(),
      direction,
      transport: flow.transport,
      local: flowName(flow.local),
      remote: flowName(flow.remote),
      text: redact(decodeUtf8(octets)),
      ...(note === undefined ? {} : { note }),
    });
  }
}
