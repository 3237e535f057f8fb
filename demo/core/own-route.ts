import { NameAddr, SipUri, type SipRequest } from '../../src/ims/sip/index.js';
import type { Flow, SipTransport } from '../../src/ims/sip/transport/flow.js';
import type { Endpoint } from '../../src/net/network.js';
import type { KeyedToken } from './keyed-token.js';

/** Our own URIs in Route, Record-Route and Service-Route. */
export class OwnRoute {
  readonly #points = new Map<SipTransport, Endpoint>();

  constructor(
    private readonly domain: string,
    private readonly token: KeyedToken,
  ) {}

  /** Takes a listening point as one of ours. */
  add(transport: SipTransport, local: Endpoint): void {
    this.#points.set(transport, local);
  }

  /** For requests from the device at the other end of `flow`. */
  serviceRoute(flow: Flow): string {
    return ownUri(null, flow.sentBy, flow.transport).toString();
  }

  /**
   * RFC 3261 §16.4: takes our own URIs off the Route.
   * @returns `dialog` if one of them was given out by {@link record} for this Call-ID
   */
  preprocess(request: SipRequest): 'none' | 'ours' | 'dialog' {
    let result: 'none' | 'ours' | 'dialog' = 'none';
    const proof = this.#proof(request);
    const note = (uri: SipUri): void => {
      if (uri.user === proof) result = 'dialog';
      else if (result === 'none') result = 'ours';
    };
    // §16.4: a strict router put our Record-Route into the Request-URI.
    if (request.requestUri instanceof SipUri && request.requestUri.user === proof && this.isOurs(request.requestUri)) {
      const routes = request.headers.getAll('Route');
      const last = NameAddr.parse(routes.pop() ?? '');
      note(request.requestUri);
      if (last) {
        request.requestUri = last.uri;
        request.headers.set('Route', ...routes);
      }
    }
    for (
      let top = request.routes[0];
      top && top.uri instanceof SipUri && this.isOurs(top.uri);
      top = request.routes[0]
    ) {
      note(top.uri);
      request.headers.removeFirst('Route');
    }
    return result;
  }

  /** RFC 3261 §16.6 step 4; two URIs where the transports differ (RFC 5658). */
  record(request: SipRequest, out: Flow): void {
    const proof = this.#proof(request);
    const into = this.#incomingPoint(request);
    const incoming = into === null ? null : ownUri(proof, into, into.transport).toString();
    const outgoing = ownUri(proof, out.sentBy, out.transport).toString();
    if (incoming !== null) request.headers.prepend('Record-Route', `<${incoming}>`);
    if (incoming !== outgoing) request.headers.prepend('Record-Route', `<${outgoing}>`);
  }

  isOurs(uri: SipUri): boolean {
    if (uri.address.toLowerCase() === this.domain && uri.port === null) return uri.user === null;
    const port = uri.port ?? 5060;
    return [...this.#points.values()].some((point) => point.address === uri.address && point.port === port);
  }

  /** The point that requests like this one come to: of the transport in the topmost Via. */
  #incomingPoint(request: SipRequest): (Endpoint & { readonly transport: SipTransport }) | null {
    const wanted = request.via?.transport.toLowerCase();
    for (const [transport, point] of this.#points) if (transport === wanted) return { ...point, transport };
    return null;
  }

  /** User part that only we can have written, for this Call-ID only. */
  #proof(request: SipRequest): string {
    return this.token.of(`dialog ${request.callId ?? ''}`);
  }
}

function ownUri(user: string | null, at: Endpoint, transport: SipTransport): SipUri {
  const parameters = new Map<string, string | null>(transport === 'udp' ? [] : [['transport', transport]]);
  return new SipUri({ user, host: at.address, port: at.port, parameters: parameters.set('lr', null) });
}
