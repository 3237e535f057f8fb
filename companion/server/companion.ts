import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Access } from '../access/access.js';
import type { PairingOffer } from '../access/pairing.js';
import { defaultStateDirectory, StateDirectory } from '../access/state-directory.js';
import { IpsecJournal } from '../native/ipsec/ipsec-journal.js';
import { removeIkeOrphans } from '../native/ike/ike-ipsec.js';
import { removeOrphans } from '../native/ipsec/kernel-ipsec.js';
import { networkErrorFrom } from '../native/network-error-from.js';
import { endpointPath, SUBPROTOCOL, TRAFFIC_CLASSES, type TrafficClass } from '../protocol/version.js';
import { HttpFront, isOwnHost } from './http-front.js';
import { LIMITS, MAX_CONNECTIONS, MAX_SESSIONS, MAX_SESSIONS_PER_ORIGIN, type Limits } from './limits.js';
import { Session } from './session.js';
import { StaticFiles } from './static-files.js';
import { Wills } from './wills.js';

export const COMPANION_VERSION = '0.1.0';
/** Where pages look for a companion if nothing else is said. */
export const DEFAULT_PORT = 8917;

export interface CompanionOptions {
  /** Default {@link DEFAULT_PORT}; 0: any free port. */
  readonly port?: number;
  readonly stateDirectory?: string;
  /** Origins let in without pairing; `self`: pages that this companion serves. */
  readonly trustedOrigins?: readonly string[];
  /** What trusted origins may reach (destination rules); default `any:1-65535`. */
  readonly trustedDestinations?: readonly string[];
  /** A directory whose files are served under `/`. */
  readonly staticDirectory?: string;
  readonly dnsServers?: readonly string[];
  /** Socket of the IKE daemon (vici). Default /var/run/charon.vici. */
  readonly vici?: string;
  /** Ms between pings; a page that has not answered the last one is cut off. Default 15000. */
  readonly pingInterval?: number;
  /** Ms a WebSocket may stay silent before `hello`. Default 5000. */
  readonly helloTimeout?: number;
  readonly limits?: Partial<Limits>;
}

export interface CompanionStatus {
  readonly sessions: number;
  readonly sockets: number;
}

/** A running companion. */
export interface Companion {
  readonly port: number;
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  /** Opens a pairing code. @throws RangeError if a destination is no rule */
  pair(offer?: Partial<PairingOffer>): string;
  /** @param which an origin or a grant's id. @returns how many pairings were taken back */
  revoke(which: string): number;
  status(): CompanionStatus;
  /** Closes every WebSocket and releases every port. */
  close(): Promise<void>;
}

/** Starts a companion on 127.0.0.1 and ::1. @throws NetworkError `address-in-use` */
export async function startCompanion(options: CompanionOptions = {}): Promise<Companion> {
  const directory = new StateDirectory(options.stateDirectory ?? defaultStateDirectory());
  const access = new Access(directory, {
    trustedOrigins: (options.trustedOrigins ?? []).filter((origin) => origin !== 'self'),
    trustedDestinations: options.trustedDestinations ?? ['any:1-65535'],
  });
  const files = options.staticDirectory === undefined ? null : new StaticFiles(options.staticDirectory);
  const journal = new IpsecJournal(directory);
  // What a companion left in the kernel that died: its ports would be dead for everybody.
  await removeOrphans(journal);
  await removeIkeOrphans(options.vici);
  const running = new RunningCompanion(options, access, new HttpFront(access, files, COMPANION_VERSION), journal);
  await running.start();
  return running;
}

class RunningCompanion implements Companion {
  port = 0;
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<WebSocket, Session>();
  readonly #upgrader = new Map<TrafficClass, WebSocketServer>();
  readonly #silent = new WeakSet<WebSocket>();
  readonly #wills = new Wills();
  #ticker: NodeJS.Timeout | undefined;
  #grantTicker: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: CompanionOptions,
    private readonly access: Access,
    private readonly front: HttpFront,
    private readonly ipsecJournal: IpsecJournal,
  ) {
    for (const trafficClass of TRAFFIC_CLASSES) {
      const upgrader = new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        maxPayload: this.#limits(trafficClass).maxMessage,
        handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
      });
      this.#upgrader.set(trafficClass, upgrader);
    }
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.port = await this.#listen('127.0.0.1', this.options.port ?? DEFAULT_PORT);
    // A machine without IPv6 is fine; a foreign ::1 on our port would only take its own visitors.
    await this.#listen('::1', this.port).catch(() => undefined);
    if (this.options.trustedOrigins?.includes('self')) {
      for (const name of ['127.0.0.1', 'localhost', '[::1]']) this.access.trust(`http://${name}:${this.port}`);
    }
    this.#ticker = setInterval(() => this.#ping(), this.options.pingInterval ?? 15000);
    this.#grantTicker = setInterval(() => this.#checkGrants(), 1000);
  }

  pair(offer: Partial<PairingOffer> = {}): string {
    return this.access.offer(offer);
  }

  revoke(which: string): number {
    const count = this.access.grants.revoke(which);
    this.#checkGrants();
    return count;
  }

  status(): CompanionStatus {
    let sockets = 0;
    for (const session of this.#sockets.values()) sockets += session.sockets;
    return { sessions: this.#sockets.size, sockets };
  }

  async close(): Promise<void> {
    clearInterval(this.#ticker);
    clearInterval(this.#grantTicker);
    for (const [socket, session] of this.#sockets) {
      session.stop();
      setTimeout(() => socket.terminate(), 500).unref();
    }
    await Promise.all([...this.#sockets.values()].map((session) => session.whenReleased));
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  #listen(address: string, port: number): Promise<number> {
    const server = createServer((request, response) => this.front.handle(request, response, this.port));
    // Whoever opens connections and says nothing must not take every descriptor from the pages that are let in.
    server.maxConnections = MAX_CONNECTIONS;
    server.headersTimeout = 10000;
    server.requestTimeout = 30000;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('clientError', (_error, socket) => socket.destroy());
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(networkErrorFrom(error)));
      server.listen({ host: address, port, exclusive: true }, () => {
        this.#servers.push(server);
        const bound = server.address();
        resolve(typeof bound === 'object' && bound ? bound.port : port);
      });
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refuse = (status: string): void => {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    };
    const { host, origin } = request.headers;
    const trafficClass = TRAFFIC_CLASSES.find((name) => request.url === endpointPath(name));
    const upgrader = trafficClass && this.#upgrader.get(trafficClass);
    if (!isOwnHost(host, this.port)) return refuse('421 Misdirected Request');
    if (origin === undefined || !this.access.mayConnect(origin)) return refuse('403 Forbidden');
    if (!trafficClass || !upgrader) return refuse('404 Not Found');
    const ofOrigin = [...this.#sockets.values()].filter((session) => session.origin === origin).length;
    if (ofOrigin >= MAX_SESSIONS_PER_ORIGIN || this.#sockets.size >= MAX_SESSIONS) {
      return refuse('503 Service Unavailable');
    }
    upgrader.handleUpgrade(request, socket, head, (webSocket) => this.#adopt(webSocket, origin, trafficClass));
  }

  #adopt(socket: WebSocket, origin: string, trafficClass: TrafficClass): void {
    const { dnsServers, vici, helloTimeout = 5000 } = this.options;
    const session = new Session(socket, {
      origin,
      trafficClass,
      access: this.access,
      limits: this.#limits(trafficClass),
      helloTimeout,
      companionVersion: COMPANION_VERSION,
      ipsecJournal: this.ipsecJournal,
      wills: this.#wills,
      ...(dnsServers ? { dnsServers } : {}),
      ...(vici === undefined ? {} : { vici }),
    });
    this.#sockets.set(socket, session);
    socket.on('pong', () => this.#silent.delete(socket));
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** A page that is gone without a word (sleep, crash) keeps no port. */
  #ping(): void {
    for (const socket of this.#sockets.keys()) {
      if (this.#silent.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#silent.add(socket);
      socket.ping();
    }
  }

  #checkGrants(): void {
    for (const session of this.#sockets.values()) session.checkGrant();
  }

  #limits(trafficClass: TrafficClass): Limits {
    return { ...LIMITS[trafficClass], ...this.options.limits };
  }
}
