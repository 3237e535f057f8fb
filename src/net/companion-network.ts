import { fromBase64, toBase64 } from '../platform/base64.js';
import {
  CloseCode,
  endpointPath,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  type TrafficClass,
} from '../../companion/protocol/version.js';
import type { Clock, Timer } from '../platform/clock.js';
import { Emitter, type Unsubscribe } from '../platform/emitter.js';
import { CompanionLink } from './companion/companion-link.js';
import { CompanionIpsec } from './companion/companion-ipsec.js';
import { CompanionListener } from './companion/companion-listener.js';
import { probeCompanion, type Presence } from './companion/companion-probe.js';
import { CompanionStream } from './companion/companion-stream.js';
import { CompanionUdpSocket } from './companion/companion-udp.js';
import type { ProbeFetch, WebSocketFactory } from './companion/web-socket-like.js';
import {
  NetworkError,
  type ConnectOptions,
  type DnsQuery,
  type DnsRecord,
  type HttpRequest,
  type HttpResponse,
  type InterfaceAddress,
  type ListenOptions,
  type Network,
  type NetworkErrorReason,
  type UdpOptions,
} from './network.js';

export type { Presence } from './companion/companion-probe.js';
export type { ProbeFetch, WebSocketFactory, WebSocketLike } from './companion/web-socket-like.js';

/**
 *  idle ──open──▶ connecting ──hello──▶ connected ──socket gone──▶ lost ─┐
 *                  ▲   │                    └──revoked──▶ unpaired        │
 *                  │   ├─▶ absent ─┐                        ▲ │          │
 *                  │   ├─▶ refused ┤ back-off               │ │ pair,     │ back-off
 *                  │   └─▶ unpaired ────────────────────────┘ │ setToken  │
 *                  └───────────────┴──────────────────────────┴──────────┘
 *  any ──close──▶ closed
 */
export type CompanionState =
  'idle' | 'connecting' | 'connected' | 'unpaired' | 'refused' | 'absent' | 'lost' | 'closed';

export interface CompanionEvents {
  state: {
    readonly state: CompanionState;
    /** Why it is not connected. */
    readonly error: NetworkError | null;
    /** Ms until the next attempt; null: none is planned. */
    readonly retryIn: number | null;
  };
  /** A new token, for the page to keep. */
  paired: { readonly token: string };
}

export interface CompanionNetworkOptions {
  /** `ws://127.0.0.1:PORT`, or `wss:` for a companion elsewhere. */
  readonly url: string;
  readonly token?: string;
  readonly trafficClass: TrafficClass;
  readonly clock: Clock;
  /** Default: the global WebSocket. */
  readonly webSocket?: WebSocketFactory;
  /** Default: the global fetch. */
  readonly fetch?: ProbeFetch;
  /** Ms for the WebSocket to open, the browser's question to the person included. Default 60000. */
  readonly openTimeout?: number;
}

const FIRST_RETRY = 250;
const LAST_RETRY = 8000;
const DEFAULT_OPEN_TIMEOUT = 60000;
const HELLO_TIMEOUT = 10000;

/**
 * The network of this machine through the companion, over one WebSocket of one class of traffic.
 * It connects at the first call or by {@link open}, and again by itself whenever the companion comes
 * back; sockets of a lost link are closed with reason `companion-lost`.
 */
export class CompanionNetwork implements Network {
  readonly kind = 'companion';
  readonly ipsec = new CompanionIpsec((use) => this.#with(use));
  readonly #events = new Emitter<CompanionEvents>();
  readonly #webSocket: WebSocketFactory;
  readonly #fetch: ProbeFetch;
  #token: string | undefined;
  #state: CompanionState = 'idle';
  #error: NetworkError | null = null;
  #link: CompanionLink | null = null;
  #opening: Promise<CompanionLink> | null = null;
  #abandon: ((error: NetworkError) => void) | null = null;
  #retry: Timer | null = null;
  #nextRetry = FIRST_RETRY;

  constructor(private readonly options: CompanionNetworkOptions) {
    this.#token = options.token;
    this.#webSocket = options.webSocket ?? ((url, protocols) => new WebSocket(url, [...protocols]));
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
  }

  get state(): CompanionState {
    return this.#state;
  }

  /** Open sockets, for leak tests. */
  get openSockets(): number {
    return this.#link?.openChannels ?? 0;
  }

  /** Datagrams dropped on this side because the WebSocket was congested, since it was opened. */
  get droppedDatagrams(): number {
    return this.#link?.outbox.droppedDatagrams ?? 0;
  }

  on<K extends keyof CompanionEvents>(type: K, listener: (event: CompanionEvents[K]) => void): Unsubscribe {
    return this.#events.on(type, listener);
  }

  /** Connects now. @throws NetworkError `companion-absent`, `-unpaired`, `-refused`, `-lost`, `closed` */
  async open(): Promise<void> {
    this.#retry?.cancel();
    if (this.#state !== 'closed') await this.#connectNow();
    else throw this.#failure();
  }

  /** Looks for a companion without disturbing anything. */
  probe(): Promise<Presence> {
    return probeCompanion(this.options.url, this.#fetch);
  }

  /**
   * Pairs this page by the code that a person reads from the companion.
   * @returns the token, also emitted as `paired`; keep it for this origin
   * @throws NetworkError `companion-unpaired` (wrong code), `companion-absent`, `companion-refused`
   */
  async pair(code: string): Promise<string> {
    if (this.#state === 'closed') throw this.#failure();
    const link = await this.#openLink();
    try {
      const token = await link.call('pair', { code }, (result) => result.token);
      this.#events.emit('paired', { token });
      this.setToken(token);
      return token;
    } finally {
      link.close();
    }
  }

  /** Uses another token from now on, and connects with it unless there is a connection. */
  setToken(token: string): void {
    this.#token = token;
    if (this.#state === 'connected' || this.#state === 'closed') return;
    this.open().catch(() => undefined);
  }

  bindUdp(options: UdpOptions): Promise<CompanionUdpSocket> {
    return this.#with((link) =>
      link.call('udp.bind', options, ({ channel, local }) => new CompanionUdpSocket(link, channel, local)),
    );
  }

  connect(options: ConnectOptions): Promise<CompanionStream> {
    return this.#with(async (link) => {
      const [stream, pinned] = await link.call(
        'tcp.connect',
        options,
        ({ channel, local, remote, secure, pinned = false }) =>
          [new CompanionStream(link, channel, local, remote, secure), pinned] as const,
      );
      if (!options.tls?.pins || pinned) return stream;
      stream.close();
      throw new NetworkError('tls-pinned', 'The companion is too old to know pins');
    });
  }

  listen(options: ListenOptions): Promise<CompanionListener> {
    return this.#with((link) =>
      link.call('tcp.listen', options, ({ channel, local }) => new CompanionListener(link, channel, local)),
    );
  }

  resolve(query: DnsQuery): Promise<readonly DnsRecord[]> {
    return this.#with((link) => link.call('dns.resolve', query, ({ records }) => records));
  }

  http({ body, ...request }: HttpRequest): Promise<HttpResponse> {
    if (request.tls?.pins) return Promise.reject(new NetworkError('unsupported', 'Pins are for connections'));
    const params = body === undefined ? request : { ...request, body: toBase64(body) };
    return this.#with(async (link) => {
      const response = await link.call('http.request', params, (result) => result);
      const octets = fromBase64(response.body);
      if (!octets) throw new NetworkError('internal', 'The companion sent a body that is not base64');
      return { ...response, body: octets };
    });
  }

  interfaces(): Promise<readonly InterfaceAddress[]> {
    return this.#with((link) => link.call('interfaces', {}, ({ interfaces }) => interfaces));
  }

  localAddressFor(remote: string): Promise<string> {
    return this.#with((link) => link.call('localAddressFor', { remote }, ({ address }) => address));
  }

  dropWill(name: string): void {
    this.#link?.tell('will.drop', { name });
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#retry?.cancel();
    const error = new NetworkError('closed', 'The network is closed');
    this.#enter('closed', error, null);
    this.#abandon?.(error);
    this.#link?.close();
    this.#link = null;
  }

  async #with<T>(use: (link: CompanionLink) => Promise<T>): Promise<T> {
    if (this.#link) return this.#whileOpen(use(this.#link));
    if (this.#state !== 'idle' && this.#state !== 'connecting') throw this.#failure();
    return this.#whileOpen(use(await this.#connectNow()));
  }

  /** What fails because we closed says so. */
  async #whileOpen<T>(result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      if (this.#state === 'closed') throw this.#failure();
      throw error;
    }
  }

  #connectNow(): Promise<CompanionLink> {
    if (this.#link) return Promise.resolve(this.#link);
    this.#opening ??= this.#connect().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #connect(): Promise<CompanionLink> {
    this.#enter('connecting', null, null);
    let link: CompanionLink | null = null;
    try {
      link = await this.#openLink();
      await this.#hello(link);
      if (this.#state === 'closed') throw this.#failure();
    } catch (cause) {
      link?.close();
      const error = cause instanceof NetworkError ? cause : new NetworkError('internal', 'Unexpected failure', cause);
      if (this.#state !== 'closed') this.#fail(error);
      throw error;
    }
    this.#link = link;
    this.#nextRetry = FIRST_RETRY;
    link.onGone = (code) => this.#onGone(code);
    link.keepAlive();
    this.#enter('connected', null, null);
    return link;
  }

  #hello(link: CompanionLink): Promise<void> {
    const timer = this.options.clock.setTimeout(HELLO_TIMEOUT, () => link.close());
    const token = this.#token === undefined ? {} : { token: this.#token };
    return link
      .call('hello', { version: PROTOCOL_VERSION, ...token }, ({ maxMessage }) => {
        link.maxMessage = maxMessage;
      })
      .finally(() => timer.cancel());
  }

  /** An open WebSocket, before `hello`. */
  #openLink(): Promise<CompanionLink> {
    return new Promise((resolve, reject) => {
      const { url, trafficClass, clock, openTimeout = DEFAULT_OPEN_TIMEOUT } = this.options;
      const target = new URL(endpointPath(trafficClass), url).href;
      let socket;
      try {
        socket = this.#webSocket(target, [SUBPROTOCOL]);
      } catch (cause) {
        // Mixed content, or a policy of the page.
        return reject(new NetworkError('companion-refused', 'The browser does not allow this connection', cause));
      }
      socket.binaryType = 'arraybuffer';
      const link = new CompanionLink(socket, clock);
      const stop = (error: NetworkError): void => {
        timer.cancel();
        this.#abandon = null;
        link.onGone = null;
        reject(error);
        link.close();
      };
      const timer = clock.setTimeout(openTimeout, () =>
        stop(new NetworkError('companion-absent', 'The companion did not answer')),
      );
      this.#abandon = stop;
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('open', () => {
        timer.cancel();
        this.#abandon = null;
        link.onGone = null;
        resolve(link);
      });
      link.onGone = () => {
        timer.cancel();
        this.#abandon = null;
        this.#whyNot().then(reject, reject);
      };
    });
  }

  /** Why the WebSocket did not open: a browser tells the page nothing, so ask `/health`. */
  async #whyNot(): Promise<NetworkError> {
    const presence = await this.probe();
    if (presence.found === 'absent') {
      return new NetworkError('companion-absent', 'No companion answers, or the browser keeps this page from asking');
    }
    if (presence.found === 'unknown') {
      return new NetworkError('companion-unpaired', 'The companion does not know this page');
    }
    const versions = `it speaks version ${presence.protocol}, this page version ${PROTOCOL_VERSION}`;
    return new NetworkError('companion-refused', `The companion refused the connection (${versions})`);
  }

  #fail(error: NetworkError): void {
    const state = STATE_OF[error.reason] ?? 'lost';
    if (state === 'unpaired') this.#enter(state, error, null);
    else this.#retryAfter(state, error);
  }

  #onGone(code: number): void {
    this.#link = null;
    if (this.#state === 'closed') return;
    if (code === CloseCode.unpaired) this.#fail(new NetworkError('companion-unpaired', 'The pairing was taken back'));
    else this.#fail(new NetworkError('companion-lost', 'The connection to the companion is gone'));
  }

  #retryAfter(state: CompanionState, error: NetworkError): void {
    const delay = this.#nextRetry;
    this.#nextRetry = Math.min(LAST_RETRY, 2 * delay);
    this.#retry?.cancel();
    this.#retry = this.options.clock.setTimeout(delay, () => {
      this.#connectNow().catch(() => undefined);
    });
    this.#enter(state, error, delay);
  }

  #enter(state: CompanionState, error: NetworkError | null, retryIn: number | null): void {
    this.#state = state;
    this.#error = error;
    this.#events.emit('state', { state, error, retryIn });
  }

  #failure(): NetworkError {
    return this.#error ?? new NetworkError('companion-lost', 'There is no connection to the companion');
  }
}

const STATE_OF: Partial<Record<NetworkErrorReason, CompanionState>> = {
  'companion-absent': 'absent',
  'companion-unpaired': 'unpaired',
  'companion-refused': 'refused',
  'companion-lost': 'lost',
};
