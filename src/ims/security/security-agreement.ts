import { canonicalIp } from '../../net/ip-address.js';
import { NetworkError, type Network } from '../../net/network.js';
import { MAX_TIMER, type Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import type { Random } from '../../platform/random.js';
import { maskedKeys, type KeyAgreement } from '../auth/aka/index.js';
import { parseChallenges } from '../auth/challenge.js';
import type { SendOptions, SipEndpoint } from '../sip/endpoint.js';
import type { Headers } from '../sip/headers.js';
import type { SipRequest, SipResponse } from '../sip/message.js';
import type { Flow } from '../sip/transport/flow.js';
import type { SipUri } from '../sip/uri.js';
import type { SecuritySnapshot } from '../snapshot.js';
import { chooseMechanism } from './choice.js';
import type { Ipsec3gpp } from './ipsec-parameters.js';
import { securityClient } from './offer.js';
import { keyed, type PlainAgreement } from './plain-agreement.js';
import type { SecurityPolicy } from './policy.js';
import { ProtectedPorts, type PreparedEnds } from './protected-ports.js';
import { mismatch, SecurityFailure } from './security-failure.js';
import { SecuritySet, type SecuritySetHost } from './security-set.js';
import { tlsTarget } from './tls-target.js';

export interface SecurityAgreementOptions {
  readonly policy: SecurityPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Pick<Network, 'ipsec' | 'localAddressFor'>;
  readonly endpoint: Pick<SipEndpoint, 'protection' | 'timers' | 'locate'>;
  readonly logger: Logger;
  /** P-CSCFs of the account, or its domain: names for the certificate, where tls is agreed on. */
  readonly names: readonly SipUri[];
  /** Ours, if it is not to be found by the route to the P-CSCF. */
  readonly localAddress?: string;
  /** CK and IK of the last challenge that was answered. */
  keys(): KeyAgreement | null;
}

/** TS 24.229 §5.1.1.5.1: reg-await-auth, ms. */
const REG_AWAIT_AUTH = 240_000;
/** TS 24.229 §5.1.1.5.1: an association outlives the registration by that, ms. */
const GRACE = 30_000;
/** Sets of earlier registrations that still finish their transactions. */
const MAX_RETIRED = 4;

/**
 * Security agreement with the P-CSCF (RFC 3329, TS 33.203 §7, TS 24.229 §5.1.1) along the registration:
 *
 *           REGISTER, Security-Client      401, Security-Server           200
 *   nothing ------------------------> offered ------------> temporary set -----> set in force
 *      ^                                                        |                  |  |
 *      |                     failure, reg-await-auth            v                  |  | re-registration: the same
 *      +--------------------------------------------------------+ <----------------+  | again; the old set is retired,
 *                                            lifetime, de-registration                +-- and goes after 64*T1
 */
export class SecurityAgreement {
  readonly #host: SecuritySetHost;
  readonly #ports: ProtectedPorts;
  #offered: PreparedEnds | null = null;
  #temporary: SecuritySet | null = null;
  #current: SecuritySet | null = null;
  #plain: PlainAgreement | null = null;
  #retired: SecuritySet[] = [];
  /** Settles when the ports of earlier agreements are free again: an account may name the next one's. */
  #leaving: Promise<void> = Promise.resolve();
  /** The network made no agreement, and the policy lets it. */
  #without = false;
  /** A NAT is between. */
  #translated = false;

  constructor(private readonly options: SecurityAgreementOptions) {
    this.#host = options;
    this.#ports = new ProtectedPorts(options.endpoint, options.random);
  }

  /** What is in force; null: nothing. */
  get snapshot(): SecuritySnapshot | null {
    if (this.#current) {
      const { integrity, encryption } = this.#current.theirs;
      return Object.freeze({ mechanism: 'ipsec-3gpp', algorithm: integrity, encryption });
    }
    const { name = null, route = null } = this.#plain ?? {};
    const { integrity = null, encryption = null } = (route && name === 'ipsec-man' && this.options.policy.manual) || {};
    return name && Object.freeze({ mechanism: name, algorithm: integrity, encryption });
  }

  /** Associations of whatever age, for leak tests. */
  get sets(): number {
    return this.#retired.length + (this.#current ? 1 : 0) + (this.#temporary ? 1 : 0);
  }

  /**
   * Before each REGISTER of a registration, the first and the answers to challenges: fills in the headers, and says
   * where it goes.
   *
   * @param challenge what is being answered; null: the first attempt
   * @param flow of that challenge
   * @param way where the request would go by itself
   * @throws NetworkError, SecurityFailure: it must not be sent
   */
  async secure(
    request: SipRequest,
    challenge: SipResponse | null,
    flow: Flow | null,
    way: SendOptions,
  ): Promise<SendOptions> {
    const { headers } = request;
    if (this.#without) return {};
    // RFC 3329 §2.3.1, §2.6
    for (const name of ['Supported', 'Require', 'Proxy-Require']) addTag(headers, name);
    if (!challenge || !flow) {
      await this.#offer(way);
      return this.#describe(request, way);
    }
    const keys = this.#keysFor(challenge);
    // TS 24.229 §5.1.1.5.3: what cannot be believed, and what is out of step, makes no associations: a new offer.
    if (!keys && challengesAka(challenge)) {
      await this.#offer(way);
      return this.#describe(request, way);
    }
    // The answer over the temporary set was not taken, and a set is made once.
    if (this.#temporary) throw new SecurityFailure(mismatch('challenged again'), 'challenged again');
    return this.#agree(request, challenge, flow, keys);
  }

  /** RFC 3329 §2.3.1: on every other request towards who agreed. */
  describe(request: SipRequest, flow: Flow): void {
    const { method, headers } = request;
    // TS 24.229 §5.1.1.5.1: not in ACK and CANCEL, which nobody may refuse. REGISTER has its own.
    if (method === 'ACK' || method === 'CANCEL' || method === 'REGISTER') return;
    const verify = this.#verifyFor(flow);
    if (verify.length === 0) return;
    headers.set('Security-Verify', ...verify);
    for (const name of ['Require', 'Proxy-Require']) addTag(headers, name);
  }

  /** While associations are in force, nothing but what comes over them is from the network. */
  admits(message: SipRequest | SipResponse, flow: Flow): boolean {
    const route = this.#current?.route ?? this.#plain?.route?.route;
    if (flow.protectedBy || !route) return true;
    if (!('status' in message)) return false;
    // An answer in clear to what went protected is forged.
    return message.via?.port !== route.serverPort;
  }

  /** Why a 200 to a REGISTER that came by `flow` is worth nothing; null: it came after an agreement, and by what it made. */
  unagreed(flow: Flow): SecurityFailure | null {
    const ofSets = this.#temporary !== null || this.#current !== null || this.#plain?.route != null;
    const plain = this.#plain !== null && this.#isFrom(this.#plain, { target: flow.remote });
    const agreed = ofSets ? flow.protectedBy !== null : plain || this.#without || this.options.policy.optional === true;
    return agreed ? null : new SecurityFailure(mismatch('registered without one'), 'registered without one');
  }

  /** 200 to a REGISTER. @param expires seconds; 0: de-registered */
  registered(expires: number): void {
    const next = this.#temporary;
    if (expires === 0) return void this.release();
    if (next) {
      if (this.#current) this.#retire(this.#current);
      this.#current = next;
      this.#temporary = null;
    }
    this.#withdrawOffer();
    this.#current?.expireIn(Math.min(expires * 1000 + GRACE, MAX_TIMER), () => (this.#current = null));
  }

  /** A REGISTER came to nothing. @param lost whether the P-CSCF did not answer at all */
  failed(lost: boolean): void {
    this.#withdrawOffer();
    if (this.#temporary) void this.#temporary.remove();
    this.#temporary = null;
    // TS 24.229 §5.1.1.4.1: who gets no answer over the associations starts anew without them.
    if (lost && this.#current) {
      this.#retire(this.#current);
      this.#current = null;
    }
    if (lost) this.#dropPlain();
  }

  /**
   * 494 (RFC 3329 §2.3.1), and 420 or 421 where it is about the agreement.
   *
   * @param flow of that response
   * @returns whether another REGISTER can help
   */
  refused(response: SipResponse, flow: Flow | null): boolean {
    const unsupported = response.headers.getAll('Unsupported').some((tag) => tag.toLowerCase() === 'sec-agree');
    if (response.status === 420 && unsupported && this.options.policy.optional) {
      this.#without = true;
      return true;
    }
    if (response.status !== 494) return false;
    const verified = this.#current !== null || this.#temporary !== null || this.#plain !== null;
    this.failed(true);
    // What we verified is not what the server said, or it knows us no more: from the start.
    if (verified) return true;
    const server = response.headers.getAll('Security-Server');
    const chosen = chooseMechanism(server, this.#policy);
    // Associations need keys, which come with a challenge only.
    if (!chosen || chosen.name === 'ipsec-3gpp' || !flow) return false;
    this.#plain = { name: chosen.name, verify: server, flow, route: null };
    return true;
  }

  /** Takes everything away. */
  async release(): Promise<void> {
    this.#withdrawOffer();
    const sets = [this.#temporary, this.#current, ...this.#retired];
    this.#dropPlain();
    this.#temporary = this.#current = null;
    // The next P-CSCF, or the same one on another day, is asked again.
    this.#without = this.#translated = false;
    this.#retired = [];
    await Promise.all([this.#leaving, ...sets.map((set) => set?.remove())]);
  }

  /** The same at the end of the user agent. */
  async close(): Promise<void> {
    await this.release();
    this.#ports.close();
  }

  async #offer(way: SendOptions): Promise<void> {
    this.#withdrawOffer();
    const plain = this.#plain;
    if (plain && !plain.route && this.#isFrom(plain, way)) {
      // RFC 3329 §2.4: what cannot be put in force is an agreement no more.
      this.#plain = null;
      this.#plain = await this.#keyed(plain);
    }
    if (!this.options.policy.mechanisms.includes('ipsec-3gpp')) return;
    this.#offered = await this.#ports.prepare(await this.#localAddress(way));
  }

  async #localAddress(way: SendOptions): Promise<string> {
    const { localAddress, network, endpoint } = this.options;
    if (this.#current) return this.#current.ours.address;
    if (localAddress !== undefined) return localAddress;
    const target = way.target ?? (way.nextHop ? (await endpoint.locate(way.nextHop, way.transport))[0] : undefined);
    if (!target) throw new NetworkError('dns', 'the P-CSCF has no address');
    return network.localAddressFor(target.address);
  }

  /** Security-Client, and Security-Verify of what is in force; the way is that of what is in force. */
  async #describe(request: SipRequest, way: SendOptions): Promise<SendOptions> {
    const { headers } = request;
    headers.set('Security-Client', securityClient(this.#policy, this.#offered).join(', '));
    // What one P-CSCF agreed on is nothing to another one.
    const plain = this.#plain && this.#isFrom(this.#plain, way) ? this.#plain : null;
    headers.set('Security-Verify', ...(this.#current?.verify ?? plain?.verify ?? []));
    const target = this.#current?.target ?? plain?.route?.target;
    if (target) return { target };
    return plain?.name === 'tls' && way.transport !== 'tls' ? this.#byTls(plain.flow.remote.address) : {};
  }

  #isFrom({ flow }: PlainAgreement, way: { readonly target?: { readonly address: string } }): boolean {
    return flow.remote.address === way.target?.address;
  }

  async #byTls(address: string): Promise<SendOptions> {
    return { target: await tlsTarget(this.options.endpoint, this.options.names, address) };
  }

  async #agree(
    request: SipRequest,
    challenge: SipResponse,
    flow: Flow,
    keys: KeyAgreement | null,
  ): Promise<SendOptions> {
    const { policy, logger } = this.options;
    const server = challenge.headers.getAll('Security-Server');
    const agreed = this.#plain && this.#isFrom(this.#plain, { target: flow.remote }) ? this.#plain : null;
    // RFC 3329 §2.6: the list comes with 421 and 494. A challenge after them has none, and what was agreed on stands.
    if (server.length === 0 && agreed) {
      request.headers.set('Security-Verify', ...agreed.verify);
      return this.#wayOf(agreed);
    }
    if (server.length === 0 && policy.optional) {
      this.#without = true;
      for (const name of ['Security-Client', 'Security-Verify']) request.headers.delete(name);
      for (const name of ['Supported', 'Require', 'Proxy-Require']) removeTag(request.headers, name);
      return {};
    }
    const chosen = chooseMechanism(server, this.#policy);
    if (!chosen)
      throw new SecurityFailure(mismatch(server.length === 0 ? 'none is offered' : 'none in common'), 'none');
    request.headers.set('Security-Verify', ...server);
    logger.log('info', 'security', `agreed on ${chosen.name}`);
    if (chosen.name === 'ipsec-3gpp') {
      // TS 33.203 annex M. In the other modes no packet would be what its checksum says, and nobody would answer.
      if (chosen.ipsec.mode !== 'UDP-enc-tun' && this.#isTranslated(challenge)) {
        const again = !this.#translated && this.options.policy.modes === undefined;
        this.#translated = true;
        throw new SecurityFailure(mismatch('a NAT is between, and the mode is not UDP-enc-tun'), 'NAT', again);
      }
      return this.#associate(chosen.ipsec, flow, keys, server);
    }
    const { name } = chosen;
    const route = agreed?.name === name ? agreed.route : null;
    if (!route) this.#dropPlain();
    this.#plain = await this.#keyed({ name, verify: server, flow, route });
    return this.#wayOf(this.#plain);
  }

  /** Where what was agreed on leads. */
  async #wayOf({ name, route, flow }: PlainAgreement): Promise<SendOptions> {
    if (route) return { target: route.target };
    return name === 'tls' && flow.transport !== 'tls' ? this.#byTls(flow.remote.address) : {};
  }

  /** TS 33.203 annex M: which mode it is where a NAT is between is the P-CSCF's to choose. */
  get #policy(): SecurityPolicy {
    const { policy } = this.options;
    return this.#translated ? { modes: ['trans', 'UDP-enc-tun'], ...policy } : policy;
  }

  /** Whether the P-CSCF saw the request come from another address than ours (RFC 3261 §18.2.1). */
  #isTranslated({ via }: SipResponse): boolean {
    const seen = via?.received;
    return seen != null && this.#offered !== null && canonicalIp(seen) !== canonicalIp(this.#offered.address);
  }

  async #associate(
    ipsec: Ipsec3gpp,
    flow: Flow,
    keys: KeyAgreement | null,
    verify: readonly string[],
  ): Promise<SendOptions> {
    const ours = this.#offered;
    if (!keys || !ours) throw new SecurityFailure(mismatch('ipsec-3gpp without AKA keys'), 'no keys');
    // RFC 4169 §2.2: what AKAv2 agreed on is used masked.
    const pair = keys.version === 2 ? maskedKeys(keys.hash, keys.ik, keys.ck) : keys;
    const peer = { address: flow.remote.address, transport: flow.transport };
    const set = await SecuritySet.establish(this.#host, ours, peer, ipsec, pair, verify);
    this.#offered = null;
    this.#temporary = set;
    set.expireIn(REG_AWAIT_AUTH, () => (this.#temporary = null));
    return { target: set.target };
  }

  #retire(set: SecuritySet): void {
    this.#retired.push(set);
    const forget = (): void => void (this.#retired = this.#retired.filter((other) => other !== set));
    // What was begun over it may end over it.
    set.expireIn(64 * this.options.endpoint.timers.t1, forget);
    if (this.#retired.length > MAX_RETIRED) void this.#retired.shift()?.remove();
  }

  async #keyed(plain: PlainAgreement): Promise<PlainAgreement> {
    if (!plain.route) await this.#leaving;
    return keyed(plain, this.options);
  }

  #dropPlain(): void {
    const { route } = this.#plain ?? {};
    if (route) this.#leaving = Promise.all([this.#leaving, route.remove()]).then(() => undefined);
    this.#plain = null;
  }

  #withdrawOffer(): void {
    this.#offered?.client.close();
    this.#offered = null;
  }

  #verifyFor(flow: Flow): readonly string[] {
    const route = flow.protectedBy;
    if (route) {
      const sets = [this.#current, this.#temporary, ...this.#retired];
      const set = sets.find((each) => each?.route.clientPort === route.clientPort);
      return set?.verify ?? this.#plain?.verify ?? [];
    }
    return this.#plain?.flow.remote.address === flow.remote.address ? this.#plain.verify : [];
  }

  /** Keys of exactly this challenge: those of another one would make associations with nobody. */
  #keysFor(challenge: SipResponse): KeyAgreement | null {
    const keys = this.options.keys();
    const nonces = parseChallenges(challenge.headers.rawValues('WWW-Authenticate')).map((c) =>
      c.parameters.get('nonce'),
    );
    return keys && nonces.includes(keys.nonce) ? keys : null;
  }
}

const TAG = 'sec-agree';

function addTag(headers: Headers, name: string): void {
  if (!headers.getAll(name).some((tag) => tag.toLowerCase() === TAG))
    headers.set(name, [...headers.getAll(name), TAG].join(', '));
}

function removeTag(headers: Headers, name: string): void {
  headers.set(name, ...headers.getAll(name).filter((tag) => tag.toLowerCase() !== TAG));
}

function challengesAka(response: SipResponse): boolean {
  return parseChallenges(response.headers.rawValues('WWW-Authenticate')).some((challenge) =>
    /^AKAv[12]-/i.test(challenge.parameters.get('algorithm') ?? ''),
  );
}
