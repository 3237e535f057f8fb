import { anyAddress } from '../../net/ip-address.js';
import { NetworkError } from '../../net/network.js';
import type { Clock, Timer } from '../../platform/clock.js';
import type { Random } from '../../platform/random.js';
import type { Failure } from '../failure.js';
import { backOff } from '../back-off.js';
import { failureOfNetwork } from '../session/call-failure.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { Flow } from '../sip/transport/flow.js';
import type { ListeningPoint } from '../sip/transport/transport-layer.js';
import type { LinkSnapshot } from '../snapshot.js';

export interface LinkOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly random: Random;
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly changed: () => void;
  /** The sockets are there (again). */
  readonly onUp: () => void;
  /** The sockets are gone; the link tries to open them again by itself. */
  readonly onDown: (failure: Failure) => void;
}

/**
 * Our listening sockets, and with them the way to the network:
 *
 *   idle -> connecting -> connected -> lost -> connecting ...
 *               |  ^                     ^
 *               v  | retry               |
 *          unpaired, lost ---------------+
 */
export class Link {
  #state: LinkSnapshot['state'] = 'idle';
  #failure: Failure | null = null;
  #udp: ListeningPoint | null = null;
  #tcp: ListeningPoint | null = null;
  /** The same port of the other address family. */
  #six: readonly ListeningPoint[] = [];
  #failures = 0;
  #retry: Timer | null = null;
  #closed = false;

  constructor(private readonly options: LinkOptions) {}

  get snapshot(): LinkSnapshot {
    return Object.freeze({ state: this.#state, failure: this.#failure });
  }

  get up(): boolean {
    return this.#state === 'connected';
  }

  /** Local port of the UDP socket, for Contact. */
  get udpPort(): number | null {
    return this.#udp?.local.port ?? null;
  }

  /** Resolves when this attempt ended, well or not. */
  async open(): Promise<void> {
    if (this.#closed || this.#state === 'connecting' || this.up) return;
    this.#retry?.cancel();
    this.#retry = null;
    this.#enter('connecting', null);
    const { endpoint, address, port } = this.options;
    const where = address === undefined ? {} : { address };
    try {
      this.#udp = await endpoint.listen({ transport: 'udp', ...where, ...(port === undefined ? {} : { port }) });
    } catch (error) {
      return this.#down(error instanceof NetworkError ? error : null);
    }
    try {
      // RFC 3261 §18.2.1: who listens on UDP listens on TCP too; large requests come that way. Where it is
      // forbidden (firewall, companion), the connections that we open still work.
      this.#tcp = await endpoint.listen({ transport: 'tcp', ...where, port: this.#udp.local.port });
    } catch {
      this.#tcp = null;
    }
    if (address === undefined) await this.#listenByIpv6(this.#udp.local.port);
    if (this.#isClosed()) return;
    this.#failures = 0;
    this.#enter('connected', null);
    this.options.onUp();
  }

  /** From the endpoint: a socket is gone. */
  lost(what: Flow | ListeningPoint, error: NetworkError | null): void {
    if (what !== this.#udp || this.#closed) return;
    this.#udp = null;
    this.#tcp?.close();
    this.#tcp = null;
    this.#closeSix();
    this.#down(error);
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    this.#udp = this.#tcp = null;
    this.#six = [];
    this.#enter('idle', null);
  }

  /** Who names no address is reached by both families, where the host has both. */
  async #listenByIpv6(port: number): Promise<void> {
    const { endpoint } = this.options;
    const listen = (transport: 'udp' | 'tcp'): Promise<ListeningPoint> =>
      endpoint.listen({ transport, address: anyAddress(6), port });
    const points = await Promise.allSettled([listen('udp'), listen('tcp')]);
    this.#six = points.flatMap((point) => (point.status === 'fulfilled' ? [point.value] : []));
  }

  #closeSix(): void {
    for (const point of this.#six) point.close();
    this.#six = [];
  }

  #down(error: NetworkError | null): void {
    if (this.#closed) return;
    this.#failures++;
    const { clock, random } = this.options;
    const wait = backOff(this.#failures, random, true);
    this.#retry = clock.setTimeout(wait, () => void this.open());
    const cause = error
      ? failureOfNetwork(error)
      : ({ reason: 'server-unreachable', detail: 'the socket was closed' } as const);
    const failure = { ...cause, retryAfter: wait };
    this.#enter(cause.reason === 'companion-unpaired' ? 'unpaired' : 'lost', failure);
    this.options.onDown(failure);
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #enter(state: LinkSnapshot['state'], failure: Failure | null): void {
    this.#state = state;
    this.#failure = failure && Object.freeze(failure);
    this.options.changed();
  }
}
