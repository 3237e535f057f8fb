import { ipFamily } from '../../../net/ip-address.js';
import {
  NetworkError,
  type Endpoint,
  type ListenOptions,
  type Network,
  type StreamConnection,
  type StreamListener,
} from '../../../net/network.js';
import { judgeForm } from '../judge-form.js';
import { SipRequest, type SipResponse } from '../message.js';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { FailedParse } from '../parse-failure.js';
import { parseMessage } from '../parse.js';
import type { Verdict } from '../verdict.js';
import type { ClientTls, Flow, SipTransport, Target } from './flow.js';
import { KeepAliveSet } from './keep-alive-set.js';
import { ProtectedRoutes, type ProtectedRoute } from './protected-route.js';
import { noteSource } from './response-route.js';
import { StreamFlow, type MessageFrame, type StreamFlowUser } from './stream-flow.js';
import { isStun } from './stun.js';
import { UdpFlow, UdpPoint } from './udp-point.js';

/** A socket that takes requests. */
export interface ListeningPoint {
  readonly transport: SipTransport;
  readonly local: Endpoint;
  readonly closed: boolean;
  close(): void;
}

export interface SipListenOptions {
  readonly transport: SipTransport;
  readonly address?: string;
  readonly port?: number;
  /** TLS server certificate and key, PEM. */
  readonly tls?: NonNullable<ListenOptions['tls']>;
}

export interface TransportUser {
  /** @param form a request that breaks the form of a message is to be answered so */
  onMessage(message: SipRequest | SipResponse, flow: Flow, form: Verdict): void;
  onMalformed(failure: FailedParse, flow: Flow): void;
  /** A connection ended, or a listening socket was lost. */
  onClosed(flow: Flow | ListeningPoint, error: NetworkError | null): void;
  /** Octets on the wire, for the trace. `note` says why they were dropped. */
  onWire(direction: 'in' | 'out' | 'dropped', octets: Uint8Array, flow: Flow, note?: string): void;
}

/** Connections at most; more from outside are refused. */
const MAX_CONNECTIONS = 512;
/** ms for a connection from outside to say something whole. */
const FIRST_WORD_TIMEOUT = 32_000;

/** RFC 3261 §18: sockets, connections and what is in flight on them. */
export class TransportLayer {
  readonly #udp = new Set<UdpPoint>();
  readonly #listeners = new Map<StreamListener, ListeningPoint>();
  readonly #streams = new Map<string, StreamFlow>();
  readonly #greetings = new Map<StreamFlow, Timer>();
  readonly #connecting = new Map<string, Promise<StreamFlow>>();
  readonly #routes = new ProtectedRoutes();
  readonly #protectedListeners = new Set<ListeningPoint>();
  readonly kept: KeepAliveSet;
  /** Messages taken in, sent, and thrown away as malformed. */
  readonly counters = { received: 0, sent: 0, malformed: 0 };
  #closed = false;

  constructor(
    private readonly network: Network,
    private readonly clock: Clock,
    private readonly user: TransportUser,
    private readonly tls: ClientTls = {},
  ) {
    this.kept = new KeepAliveSet(clock);
  }

  /** Open sockets, for leak tests. */
  get size(): number {
    return this.#udp.size + this.#listeners.size + this.#streams.size;
  }

  /** @throws NetworkError */
  async listen(options: SipListenOptions): Promise<ListeningPoint> {
    return options.transport === 'udp' ? this.#listenUdp(options) : this.#listenStream(options);
  }

  /** The flow to a target: an open connection is used again. @throws NetworkError */
  async flowTo(target: Target, connectTimeout?: number): Promise<Flow> {
    if (this.#closed) throw new NetworkError('closed', 'the transport layer is closed');
    const protection = this.#routes.to(target);
    if (protection) return this.#protectedFlow(target.transport, protection, connectTimeout);
    if (target.transport === 'udp') {
      const family = ipFamily(target.address) ?? 4;
      const point =
        [...this.#udp].find((p) => p.family === family && !p.routes) ??
        (await this.#listenUdp({ transport: 'udp' }, family));
      return point.flowTo({ address: target.address, port: target.port });
    }
    return this.#streamTo(target, streamKey(target.transport, target), connectTimeout, null);
  }

  /** Where a datagram to `remote` leaves that answers what came by `flow`. */
  answering(flow: UdpFlow, remote: Endpoint): Flow {
    const protection = this.#routes.to(remote);
    const point = protection && this.#protectedPoint(protection.localPort);
    return point ? point.flowFrom(remote) : flow.to(remote);
  }

  /**
   * Opens a port that only takes what comes over security associations: UDP, and TCP where requests are to come.
   *
   * @throws NetworkError
   */
  async openProtected(transport: 'udp' | 'tcp', local: Endpoint): Promise<ListeningPoint> {
    return transport === 'udp'
      ? this.#listenUdp({ transport, ...local }, undefined, this.#routes)
      : this.#listenStream({ transport, ...local }, this.#routes);
  }

  /** The associations of `route` are in force: what is for that peer goes over them. */
  protect(route: ProtectedRoute): void {
    this.#routes.add(route);
  }

  /** They will not be for long: nothing is sent over them any more, and their connections end. */
  unprotect(route: ProtectedRoute): void {
    this.#routes.remove(route);
    for (const flow of [...this.#streams.values()]) {
      const by = flow.protectedBy;
      if (by?.clientPort === route.clientPort && by.peerClientPort === route.peerClientPort) flow.close();
    }
  }

  close(): void {
    this.#closed = true;
    this.kept.close();
    for (const point of [...this.#udp, ...this.#listeners.values()]) point.close();
    for (const flow of [...this.#streams.values()]) flow.close();
    this.#udp.clear();
    this.#listeners.clear();
    this.#streams.clear();
  }

  async #protectedFlow(
    transport: SipTransport,
    { route, localPort, port }: { route: ProtectedRoute; localPort: number; port: number },
    timeout: number | undefined,
  ): Promise<Flow> {
    const point = this.#protectedPoint(localPort);
    if (!point) throw new NetworkError('closed', 'the protected port is closed');
    const remote = { address: route.address, port };
    if (transport === 'udp') return point.flowTo(remote);
    if (transport === 'tls') throw new NetworkError('unsupported', 'TLS does not run over security associations');
    // A connection from the peer's client port is used from our side too; else ours, one for each set. One in clear to a
    // port that is protected now is not.
    const inbound = this.#streams.get(streamKey(transport, remote));
    if (inbound?.protectedBy === route) return inbound;
    const key = `${streamKey(transport, remote)} from ${localPort}`;
    return this.#streamTo({ transport, ...remote }, key, timeout, {
      address: point.local.address,
      port: localPort,
      route,
    });
  }

  #protectedPoint(port: number): UdpPoint | undefined {
    return [...this.#udp].find((point) => point.routes !== null && point.local.port === port);
  }

  #streamTo(
    target: Target,
    key: string,
    timeout: number | undefined,
    from: (Endpoint & { readonly route: ProtectedRoute }) | null,
  ): Promise<StreamFlow> {
    const open = this.#streams.get(key);
    if (open) return Promise.resolve(open);
    return this.#connecting.get(key) ?? this.#connect(target, key, timeout, from);
  }

  async #listenUdp(
    options: SipListenOptions,
    family?: 4 | 6,
    routes: ProtectedRoutes | null = null,
  ): Promise<UdpPoint> {
    const { address, port } = options;
    const wanted = family ?? (address === undefined ? 4 : (ipFamily(address) ?? 4));
    const socket = await this.network.bindUdp({
      ...(address === undefined ? {} : { address }),
      ...(port === undefined ? {} : { port }),
      family: wanted,
    });
    const point = new UdpPoint(socket, this.network, (octets, flow) => this.#sent(octets, flow), routes);
    if (this.#closed) {
      point.close();
      throw new NetworkError('closed', 'the transport layer is closed');
    }
    this.#udp.add(point);
    socket.onMessage = (data, from) => {
      const flow = point.flowFrom(from);
      if (routes && !flow.protectedBy) this.user.onWire('dropped', data, flow, 'clear text to a protected port');
      else this.#receiveDatagram(data, flow);
    };
    socket.onClose = (error) => {
      point.closed = true;
      if (this.#udp.delete(point)) this.user.onClosed(point, error);
    };
    return point;
  }

  async #listenStream(options: SipListenOptions, routes: ProtectedRoutes | null = null): Promise<ListeningPoint> {
    const { address, port, tls, transport } = options;
    const listener = await this.network.listen({
      ...(address === undefined ? {} : { address }),
      ...(port === undefined ? {} : { port }),
      ...(tls === undefined ? {} : { tls }),
    });
    const point = {
      transport,
      local: listener.local,
      closed: false,
      close: () => {
        point.closed = true;
        listener.close();
      },
    };
    if (this.#closed) {
      point.close();
      throw new NetworkError('closed', 'the transport layer is closed');
    }
    this.#listeners.set(listener, point);
    if (routes) this.#protectedListeners.add(point);
    listener.onConnection = (connection) => {
      const route = routes?.between(connection.local.port, connection.remote) ?? null;
      if (routes && !route) connection.close();
      else this.#accept(connection, route);
    };
    listener.onClose = (error) => {
      point.closed = true;
      this.#protectedListeners.delete(point);
      if (this.#listeners.delete(listener)) this.user.onClosed(point, error);
    };
    return point;
  }

  #connect(
    target: Target,
    key: string,
    timeout: number | undefined,
    from: (Endpoint & { readonly route: ProtectedRoute }) | null,
  ): Promise<StreamFlow> {
    const open = async (): Promise<StreamFlow> => {
      const { address, port, serverName, transport } = target;
      const connection = await this.network.connect({
        remote: { address, port },
        ...(from ? { localAddress: from.address, localPort: from.port } : {}),
        ...(transport === 'tls' ? { tls: { ...this.tls, ...(serverName === undefined ? {} : { serverName }) } } : {}),
        ...(timeout === undefined ? {} : { timeout }),
      });
      if (this.#closed) {
        connection.close();
        throw new NetworkError('closed', 'the transport layer is closed');
      }
      return this.#adopt(connection, key, transport, false, serverName, from?.route);
    };
    const promise = open().finally(() => this.#connecting.delete(key));
    this.#connecting.set(key, promise);
    return promise;
  }

  #accept(connection: StreamConnection, route: ProtectedRoute | null): void {
    if (this.#closed || this.#streams.size >= MAX_CONNECTIONS) {
      connection.close();
      return;
    }
    const transport = connection.secure ? 'tls' : 'tcp';
    const flow = this.#adopt(connection, streamKey(transport, connection.remote), transport, true, undefined, route);
    const timer = this.clock.setTimeout(FIRST_WORD_TIMEOUT, () => flow.close());
    this.#greetings.set(flow, timer);
  }

  #adopt(
    connection: StreamConnection,
    key: string,
    transport: SipTransport,
    inbound: boolean,
    serverName?: string,
    route: ProtectedRoute | null = null,
  ): StreamFlow {
    const user: StreamFlowUser = {
      onFrame: (event, flow) => {
        this.#greeted(flow);
        this.#receiveFrame(event, flow);
      },
      onSent: (octets, flow) => this.#sent(octets, flow),
      onPong: (flow) => this.kept.ponged(flow),
      onClosed: (flow, error) => {
        this.#greeted(flow);
        this.kept.closed(flow);
        if (this.#streams.get(key) === flow) this.#streams.delete(key);
        this.user.onClosed(flow, error);
      },
    };
    const flow = new StreamFlow(connection, user, () => this.#listeningOn(transport), inbound, serverName, route);
    this.#streams.set(key, flow);
    return flow;
  }

  #greeted(flow: StreamFlow): void {
    this.#greetings.get(flow)?.cancel();
    this.#greetings.delete(flow);
  }

  #listeningOn(transport: SipTransport): Endpoint | null {
    for (const point of this.#listeners.values())
      if (point.transport === transport && !this.#protectedListeners.has(point)) return point.local;
    return null;
  }

  #receiveDatagram(octets: Uint8Array, flow: Flow): void {
    if (isKeepAlive(octets)) return;
    if (isStun(octets)) return this.kept.receiveStun(octets, flow);
    const result = parseMessage(octets);
    if (result.ok) this.#deliver(result.message, octets, flow);
    else this.#discard(result, octets, flow);
  }

  #receiveFrame(event: MessageFrame, flow: StreamFlow): void {
    if (event.kind === 'message') return this.#deliver(event.message, event.octets, flow);
    this.#discard(event.failure, event.octets, flow);
    // RFC 3261 §18.3: nobody knows where the next message begins.
    if (event.kind === 'fatal') flow.close();
  }

  #deliver(message: SipRequest | SipResponse, octets: Uint8Array, flow: Flow): void {
    const verdict = judgeForm(message);
    if (verdict.kind === 'discard') {
      this.counters.malformed++;
      this.user.onWire('dropped', octets, flow, verdict.reason);
      return;
    }
    this.counters.received++;
    this.user.onWire('in', octets, flow);
    if (!(message instanceof SipRequest)) return this.user.onMessage(message, flow, verdict);
    noteSource(message, flow.remote);
    if (!(flow instanceof UdpFlow) || !flow.anonymous) return this.user.onMessage(message, flow, verdict);
    // A socket on the wildcard address: our Contact needs the address that the peer reaches us by.
    const pass = (known: Flow): void => {
      if (!this.#closed) this.user.onMessage(message, known, verdict);
    };
    flow.identify().then(pass, () => pass(flow));
  }

  #discard(failure: FailedParse, octets: Uint8Array, flow: Flow): void {
    this.counters.malformed++;
    this.user.onWire('dropped', octets, flow, `${failure.reason}: ${failure.detail}`);
    if (failure.partial) noteSource(failure.partial, flow.remote);
    this.user.onMalformed(failure, flow);
  }

  #sent(octets: Uint8Array, flow: Flow): void {
    this.counters.sent++;
    this.user.onWire('out', octets, flow);
  }
}

function streamKey(transport: SipTransport, remote: Endpoint): string {
  return `${transport} ${remote.address} ${remote.port}`;
}

/** RFC 3261 §7.5: CRLF before the start-line; alone it keeps NAT bindings alive. */
function isKeepAlive(octets: Uint8Array): boolean {
  return octets.length <= 4 && octets.every((octet) => octet === 13 || octet === 10 || octet === 0);
}
