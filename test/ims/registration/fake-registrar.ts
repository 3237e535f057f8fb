import { digestResponse } from '../../../src/ims/auth/index.js';
import { parseChallenges } from '../../../src/ims/auth/challenge.js';
import { SipEndpoint } from '../../../src/ims/sip/endpoint.js';
import { createResponse, type SipRequest, type SipResponse } from '../../../src/ims/sip/message.js';
import type { Network } from '../../../src/net/network.js';
import type { Clock } from '../../../src/platform/clock.js';
import { FakeNotifier } from '../events/fake-notifier.js';
import { SeededRandom } from '../../platform/seeded-random.js';

/** Where a network element stands: a simulated world, or this machine. */
export interface Ground {
  readonly clock: Clock;
  host(address: string): Network;
}

/** A registrar for tests: digest MD5, one user, and whatever a test wants it to say instead. */
export class FakeRegistrar {
  readonly endpoint: SipEndpoint;
  /** Takes the SUBSCRIBEs. */
  readonly notifier: FakeNotifier;
  readonly network: Network;
  readonly requests: SipRequest[] = [];
  password = 'secret';
  /** Algorithms offered, in the order of the header fields. */
  algorithms = ['MD5'];
  expires = 3600;
  minimum = 0;
  /** Answers instead of the registrar; null: the registrar goes on. */
  override: ((request: SipRequest) => SipResponse | null) | null = null;
  /** Put into the 200. */
  extra: readonly (readonly [string, string])[] = [];
  nonce = 'n1';
  readonly used = new Set<string>();
  silent = false;
  /** The password that rspauth is made with, and a new nonce told beside it; null: no Authentication-Info. */
  proof: string | null = null;

  constructor(ground: Ground, address: string) {
    this.network = ground.host(address);
    this.endpoint = new SipEndpoint({
      network: this.network,
      clock: ground.clock,
      random: new SeededRandom(5),
    });
    this.notifier = new FakeNotifier(this.endpoint, address);
    this.endpoint.onRequest = (request, transaction) => {
      if (!transaction || this.silent) return;
      if (request.method === 'SUBSCRIBE') return this.notifier.receive(request, transaction);
      this.requests.push(request);
      transaction.respond(this.override?.(request) ?? this.#serve(request));
    };
  }

  async listen(address: string): Promise<void> {
    for (const transport of ['udp', 'tcp'] as const) await this.endpoint.listen({ transport, address, port: 5060 });
  }

  challenge(request: SipRequest, stale = false): SipResponse {
    const response = createResponse(request, 401, { toTag: 'r' });
    for (const algorithm of this.algorithms) {
      response.headers.append(
        'WWW-Authenticate',
        `Digest realm="ims.test", nonce="${this.nonce}", qop="auth", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
      );
    }
    return response;
  }

  #serve(request: SipRequest): SipResponse {
    const credentials = parseChallenges(request.headers.rawValues('Authorization'))[0]?.parameters;
    const get = (name: string): string => credentials?.get(name) ?? '';
    if (get('response') === '') return this.challenge(request);
    if (get('nonce') !== this.nonce) return this.challenge(request, true);
    const algorithm = get('algorithm');
    const expected = digestResponse({
      hash: algorithm === 'SHA-256' || algorithm === 'SHA-512-256' ? algorithm : 'MD5',
      session: false,
      username: get('username'),
      realm: 'ims.test',
      password: this.password,
      method: request.method,
      uri: get('uri'),
      nonce: this.nonce,
      qop: 'auth',
      cnonce: get('cnonce'),
      nc: get('nc'),
      body: request.body,
    });
    const use = `${get('nonce')} ${get('nc')}`;
    if (get('response') !== expected || this.used.has(use)) return this.challenge(request);
    this.used.add(use);
    const response = this.accept(request);
    if (this.proof !== null) this.#prove(response, get, this.proof);
    return response;
  }

  /** RFC 7616 §3.5. */
  #prove(response: SipResponse, get: (name: string) => string, password: string): void {
    const rspauth = digestResponse({
      hash: 'MD5',
      session: false,
      username: get('username'),
      realm: 'ims.test',
      password,
      method: '',
      uri: get('uri'),
      nonce: get('nonce'),
      qop: 'auth',
      cnonce: get('cnonce'),
      nc: get('nc'),
      body: response.body,
    });
    this.nonce = 'n2';
    response.headers.set(
      'Authentication-Info',
      `nextnonce="n2", qop=auth, rspauth="${rspauth}", cnonce="${get('cnonce')}", nc=${get('nc')}`,
    );
  }

  /** The registrar's answer to who is known. */
  accept(request: SipRequest): SipResponse {
    const asked = request.expires ?? this.expires;
    if (asked > 0 && asked < this.minimum) {
      const brief = createResponse(request, 423, { toTag: 'r' });
      brief.headers.set('Min-Expires', String(this.minimum));
      return brief;
    }
    const response = createResponse(request, 200, { toTag: 'r' });
    const contact = request.headers.get('Contact') ?? '';
    response.headers.append('Contact', '<sip:alice@192.0.2.77>;expires=11');
    if (asked > 0)
      response.headers.append('Contact', contact.replace(/;expires=\d+/, `;expires=${Math.min(asked, this.expires)}`));
    for (const [name, value] of this.extra) response.headers.append(name, value);
    return response;
  }
}
