import { createResponse, NameAddr, parseUri, SipUri, TelUri, type SipRequest } from '../../src/ims/sip/index.js';
import type { SendOptions, SipEndpoint } from '../../src/ims/sip/endpoint.js';
import type { ServerTransaction } from '../../src/ims/sip/transaction/server-transaction.js';
import type { Flow } from '../../src/ims/sip/transport/flow.js';
import type { Clock } from '../../src/platform/clock.js';
import type { DigestVerifier } from './digest-verifier.js';
import { Forwarding, type Branch } from './forwarding.js';
import type { LocationService } from './location-service.js';
import type { OwnRoute } from './own-route.js';
import type { Subscriber, Subscribers } from './subscribers.js';

export interface ProxyOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly subscribers: Subscribers;
  readonly location: LocationService;
  readonly verifier: DigestVerifier;
  readonly route: OwnRoute;
}

/** Requests that may be under way at once. */
const MAX_FORWARDINGS = 1000;
/** RFC 3261 §16.6 step 4, RFC 6665 §4.3: a dialog may begin. */
const DIALOG_FORMING: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);
/** What users of this core may send to each other outside of dialogs. */
const FORWARDED: ReadonlySet<string> = new Set([
  'INVITE',
  'MESSAGE',
  'OPTIONS',
  'REFER',
  'SUBSCRIBE',
  'NOTIFY',
  'INFO',
]);

/** RFC 3261 §16: a stateful, record-routing, forking proxy for the users of one domain. */
export class Proxy {
  /** Requests under way, by what makes them one (RFC 3261 §16.3 step 4). */
  readonly #underWay = new Map<string, Forwarding>();

  constructor(private readonly options: ProxyOptions) {}

  get size(): number {
    return this.#underWay.size;
  }

  close(): void {
    for (const forwarding of this.#underWay.values()) forwarding.abandon();
    this.#underWay.clear();
  }

  handle(received: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    const request = received.clone();
    const refuse = (status: number): void => transaction.respond(this.#answer(received, status));
    const routed = this.options.route.preprocess(request);
    if (received.toTag !== null) {
      // Only who was given our Record-Route may pass: this proxy is no relay for strangers.
      if (routed !== 'dialog') return refuse(481);
      return this.#forward(request, transaction, [{ request, options: this.#wayTo(request) }]);
    }
    const caller = this.#authenticate(received, transaction, flow);
    if (caller === null) return;
    this.#assertIdentity(request, caller);
    this.#toUser(request, transaction, refuse);
  }

  /** ACK to a 2xx (RFC 3261 §13.2.2.4): travels alone. */
  handleAck(received: SipRequest): void {
    const request = received.clone();
    if (this.options.route.preprocess(request) !== 'dialog' || !decrementMaxForwards(request)) return;
    this.options.endpoint.sendRequest(request, this.#wayTo(request)).catch(() => undefined);
  }

  /** A device that registered is reached the way it came, as a browser or a NAT lets nobody else in. */
  #wayTo(request: SipRequest): SendOptions {
    const uri = request.requestUri;
    const flow = request.routes.length === 0 && uri instanceof SipUri ? this.options.location.flowTo(uri) : null;
    return flow ? { flow } : {};
  }

  #toUser(request: SipRequest, transaction: ServerTransaction, refuse: (status: number) => void): void {
    const { subscribers, location, route } = this.options;
    const uri = request.requestUri;
    if (uri instanceof SipUri && uri.address.toLowerCase() !== subscribers.domain && !route.isOurs(uri))
      return refuse(404);
    const name = uri instanceof SipUri ? uri.userName : uri instanceof TelUri ? uri.number : null;
    if (name === null || name === '') return refuse(request.method === 'OPTIONS' ? 200 : 404);
    const callee = subscribers.find(name);
    if (!callee) return refuse(404);
    if (!FORWARDED.has(request.method)) return refuse(405);
    const bindings = location.of(callee.user);
    if (bindings.length === 0) return refuse(480);
    const branches = bindings.map((binding): Branch => {
      const copy = request.clone();
      copy.requestUri = binding.uri;
      for (const path of [...binding.path].reverse()) copy.headers.prepend('Route', path);
      // TS 24.229 §5.4.3.3: the device learns which of its identities was called.
      copy.headers.set('P-Called-Party-ID', `<${uri.toString()}>`);
      return {
        request: copy,
        options: binding.path.length === 0 && !binding.flow.closed ? { flow: binding.flow } : {},
      };
    });
    this.#forward(request, transaction, branches);
  }

  #forward(request: SipRequest, transaction: ServerTransaction, branches: readonly Branch[]): void {
    const { endpoint, clock, route } = this.options;
    const key = loopKey(request);
    // §16.3 step 4: it came back to us unchanged.
    if (this.#underWay.has(key)) return transaction.respond(this.#answer(request, 482));
    if (this.#underWay.size >= MAX_FORWARDINGS) return transaction.respond(this.#answer(request, 503));
    const recordRoute = DIALOG_FORMING.has(request.method) && request.toTag === null;
    for (const branch of branches) decrementMaxForwards(branch.request);
    const forwarding = new Forwarding(endpoint, clock, transaction, () => this.#underWay.delete(key));
    this.#underWay.set(key, forwarding);
    forwarding.start(
      branches.map((branch) => ({
        ...branch,
        options: {
          ...branch.options,
          ...(recordRoute ? { prepare: (copy: SipRequest, out: Flow): void => route.record(copy, out) } : {}),
        },
      })),
    );
  }

  /** A device that is registered on this flow is who it says (TS 33.203: the P-CSCF trusts its associations); others are asked. */
  #authenticate(request: SipRequest, transaction: ServerTransaction, flow: Flow): Subscriber | null {
    const { location, subscribers, verifier } = this.options;
    const user = location.userAt(flow);
    const known = user === null ? null : subscribers.find(user);
    if (known) return known;
    const verdict = verifier.verify(request, 'proxy');
    if (verdict.kind === 'valid') return verdict.subscriber;
    const response = this.#answer(request, 407);
    verifier.challenge(response, 'proxy', verdict.kind === 'challenge' && verdict.stale);
    transaction.respond(response);
    return null;
  }

  /** RFC 3325 §5: what the sender says of itself is replaced by what we know. */
  #assertIdentity(request: SipRequest, caller: Subscriber): void {
    const identities = this.options.subscribers.publicIdentities(caller);
    const preferred = NameAddr.parse(request.headers.get('P-Preferred-Identity') ?? '');
    const chosen = identities.find((identity) => identity === preferred?.uri.toString()) ?? identities[0];
    request.headers.delete('P-Preferred-Identity');
    request.headers.delete('P-Asserted-Identity');
    request.headers.delete('Proxy-Authorization');
    const uri = chosen === undefined ? null : parseUri(chosen);
    if (uri) request.headers.set('P-Asserted-Identity', new NameAddr(uri, caller.displayName ?? null).toString());
  }

  #answer(request: SipRequest, status: number): ReturnType<typeof createResponse> {
    const response = createResponse(request, status, { toTag: this.options.endpoint.token() });
    if (status === 405) response.headers.set('Allow', [...FORWARDED, 'ACK', 'BYE', 'CANCEL', 'REGISTER'].join(', '));
    return response;
  }
}

/** §16.6 step 3. @returns false if it may go no further */
function decrementMaxForwards(request: SipRequest): boolean {
  const left = request.maxForwards ?? 71;
  request.headers.set('Max-Forwards', String(Math.max(0, left - 1)));
  return left > 0;
}

/** Fields of RFC 3261 §16.6 step 8 that tell a loop from a spiral. */
function loopKey(request: SipRequest): string {
  const { headers } = request;
  const parts = [
    request.method,
    request.requestUri.toString(),
    request.callId,
    request.cseq?.number,
    request.fromTag,
    request.toTag,
  ];
  return [...parts, headers.getAll('Route').join(), headers.get('Proxy-Authorization')].join('\n');
}
