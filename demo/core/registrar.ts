import { createResponse, SipUri, type NameAddr, type SipRequest, type SipResponse } from '../../src/ims/sip/index.js';
import type { Flow } from '../../src/ims/sip/transport/flow.js';
import type { Clock } from '../../src/platform/clock.js';
import type { Logger } from '../../src/platform/logger.js';
import type { DigestVerifier } from './digest-verifier.js';
import { isSameDevice, MAX_BINDINGS, type Binding, type LocationService } from './location-service.js';
import type { Subscriber, Subscribers } from './subscribers.js';

export interface RegistrarOptions {
  readonly subscribers: Subscribers;
  readonly location: LocationService;
  readonly verifier: DigestVerifier;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A fresh To tag. */
  readonly tag: () => string;
  /** URI of this proxy for requests of a device on this flow: Service-Route (RFC 3608). */
  readonly serviceRoute: (flow: Flow) => string;
  /** Seconds. */
  readonly minExpires?: number;
  readonly maxExpires?: number;
}

const DEFAULT_EXPIRES = 600;

/** One contact of a REGISTER with the seconds it asks for. */
interface Wish {
  readonly contact: NameAddr;
  readonly uri: SipUri;
  readonly expires: number;
}

/** RFC 3261 §10.3, with Path, Service-Route and P-Associated-URI. */
export class Registrar {
  readonly #minExpires: number;
  readonly #maxExpires: number;

  constructor(private readonly options: RegistrarOptions) {
    this.#minExpires = options.minExpires ?? 30;
    this.#maxExpires = options.maxExpires ?? 3600;
  }

  register(request: SipRequest, flow: Flow): SipResponse {
    const { subscribers, verifier } = this.options;
    const addressOfRecord = request.to?.uri;
    // §10.3 step 5
    if (!(addressOfRecord instanceof SipUri) || addressOfRecord.address.toLowerCase() !== subscribers.domain)
      return this.#answer(request, 404);
    const owner = subscribers.find(addressOfRecord.userName ?? '');
    if (!owner) return this.#answer(request, 404);
    const verdict = verifier.verify(request, 'registrar');
    if (verdict.kind !== 'valid') {
      const response = this.#answer(request, 401);
      verifier.challenge(response, 'registrar', verdict.kind === 'challenge' && verdict.stale);
      return response;
    }
    // §10.3 step 4
    if (verdict.subscriber !== owner) return this.#answer(request, 403);
    return this.#bind(request, owner, flow);
  }

  #bind(request: SipRequest, owner: Subscriber, flow: Flow): SipResponse {
    const { location, logger } = this.options;
    const cseq = request.cseq?.number ?? 0;
    const callId = request.callId ?? '';
    const bindings = location.of(owner.user);
    const wishes = this.#wishes(request);
    if (wishes === null) return this.#answer(request, 400);
    // §10.3 steps 6 and 7: a request that was overtaken changes nothing.
    const overtaken = (binding: Binding): boolean => binding.callId === callId && binding.cseq >= cseq;
    if (wishes === '*') {
      if (bindings.some(overtaken)) return this.#answer(request, 500);
      location.replace(owner.user, []);
      return this.#success(request, owner, flow);
    }
    if (wishes.some(({ contact }) => bindings.some((b) => isSameDevice(b, contact) && overtaken(b))))
      return this.#answer(request, 500);
    if (wishes.some(({ expires }) => expires > 0 && expires < this.#minExpires)) {
      const response = this.#answer(request, 423);
      response.headers.set('Min-Expires', String(this.#minExpires));
      return response;
    }
    let next = [...bindings];
    for (const wish of wishes) {
      next = next.filter((binding) => !isSameDevice(binding, wish.contact));
      if (wish.expires > 0)
        next.unshift(
          this.#binding(wish, { user: owner.user, callId, cseq, path: request.headers.getAll('Path'), flow }),
        );
    }
    if (next.length > MAX_BINDINGS) return this.#answer(request, 503);
    location.replace(owner.user, next);
    if (wishes.length > 0) logger.log('info', 'core', `${owner.user}: ${next.length} registered`);
    return this.#success(request, owner, flow);
  }

  #binding(wish: Wish, rest: Omit<Binding, 'contact' | 'uri' | 'expiresAt'>): Binding {
    const seconds = Math.min(wish.expires, this.#maxExpires);
    return { contact: wish.contact, uri: wish.uri, expiresAt: this.options.clock.now() + seconds * 1000, ...rest };
  }

  /** What the Contacts ask for; null if one of them is no SIP URI. */
  #wishes(request: SipRequest): readonly Wish[] | '*' | null {
    if (request.contacts === '*') return '*';
    const wishes: Wish[] = [];
    for (const contact of request.contacts) {
      if (!(contact.uri instanceof SipUri)) return null;
      const own = contact.parameters.get('expires');
      // §10.2.1.1: a malformed expiry is 3600.
      const asked =
        typeof own === 'string' ? (/^\d{1,10}$/.test(own) ? Number(own) : 3600) : (request.expires ?? DEFAULT_EXPIRES);
      wishes.push({ contact, uri: contact.uri, expires: asked });
    }
    return wishes.length > MAX_BINDINGS ? null : wishes;
  }

  #success(request: SipRequest, owner: Subscriber, flow: Flow): SipResponse {
    const { location, clock, subscribers } = this.options;
    const response = this.#answer(request, 200);
    for (const binding of location.of(owner.user)) {
      const seconds = Math.max(1, Math.ceil((binding.expiresAt - clock.now()) / 1000));
      response.headers.append('Contact', binding.contact.withParameter('expires', String(seconds)).toString());
    }
    // RFC 3327 §5.3
    for (const path of request.headers.getAll('Path')) response.headers.append('Path', path);
    response.headers.append('Service-Route', `<${this.options.serviceRoute(flow)}>`);
    for (const identity of subscribers.publicIdentities(owner)) {
      const name = owner.displayName === undefined ? '' : `"${owner.displayName}" `;
      response.headers.append('P-Associated-URI', `${name}<${identity}>`);
    }
    response.headers.set('Date', new Date(clock.wallTime()).toUTCString());
    return response;
  }

  #answer(request: SipRequest, status: number): SipResponse {
    return createResponse(request, status, { toTag: this.options.tag() });
  }
}
