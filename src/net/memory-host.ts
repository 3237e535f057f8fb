import { anyAddress, canonicalIp, ipFamily, isLoopback } from './ip-address.js';
import { MemoryIpsec } from './memory-ipsec.js';
import { MemoryListener } from './memory-listener.js';
import { MemoryStream } from './memory-stream.js';
import { MemoryUdpSocket } from './memory-udp.js';
import type { MemoryHost, MemoryWire } from './memory-wire.js';
import {
  NetworkError,
  type ConnectOptions,
  type DnsQuery,
  type DnsRecord,
  type Endpoint,
  type HttpRequest,
  type HttpResponse,
  type InterfaceAddress,
  type ListenOptions,
  type Network,
  type StreamConnection,
  type UdpOptions,
} from './network.js';

const EPHEMERAL = 49152;
const NOTHING = new Uint8Array(0);

/** One simulated host; made by `MemoryFabric.host`. */
export class MemoryNetwork implements Network, MemoryHost {
  readonly kind = 'memory';
  readonly ipsec = new MemoryIpsec();
  /** Open stream ends, for leak tests. */
  readonly streams = new Set<StreamConnection>();
  readonly #udp = new Map<string, MemoryUdpSocket>();
  readonly #listeners = new Map<string, MemoryListener>();
  readonly #usedStreamPorts = new Set<string>();
  readonly #pending = new Set<(error: NetworkError) => void>();
  #nextPort = EPHEMERAL;
  #closed = false;

  constructor(
    private readonly fabric: MemoryWire,
    readonly addresses: readonly string[],
  ) {}

  /** Open sockets, listeners and connections, for leak tests. */
  get openSockets(): number {
    return this.#udp.size + this.#listeners.size + this.streams.size;
  }

  bindUdp(options: UdpOptions): Promise<MemoryUdpSocket> {
    return this.#attempt(() => {
      const address = this.#own(options.address ?? anyAddress(options.family ?? 4));
      const local = this.#claim(address, options.port ?? 0, this.#udp);
      const socket = new MemoryUdpSocket(this, local);
      this.#udp.set(key(local), socket);
      return socket;
    });
  }

  listen(options: ListenOptions): Promise<MemoryListener> {
    return this.#attempt(() => {
      const address = this.#own(options.address ?? '0.0.0.0');
      const local = this.#claim(address, options.port ?? 0, this.#listeners);
      const pem = options.tls?.certificate;
      const certificate =
        pem === undefined ? null : (this.fabric.certificates.get(pem) ?? { names: [address], authority: pem });
      const listener = new MemoryListener(this, local, certificate);
      this.#listeners.set(key(local), listener);
      return listener;
    });
  }

  connect(options: ConnectOptions): Promise<MemoryStream> {
    return this.#pend((resolve, reject, atEnd) => {
      const address = canonicalIp(options.remote.address);
      if (address === null) throw new NetworkError('unsupported', `Not an IP address: ${options.remote.address}`);
      const remote = { address, port: options.remote.port };
      const localAddress =
        options.localAddress === undefined ? this.sourceFor(address) : this.#own(options.localAddress);
      const local = this.#claimStreamPort(localAddress, options.localPort ?? 0, remote);
      const fail = (error: NetworkError): void => {
        this.release('stream', local, remote);
        reject(error);
      };
      if (this.ipsec.datagramsOnly(local, remote))
        return fail(new NetworkError('unsupported', 'UDP-enc-tun is for UDP'));
      const timer = this.fabric.clock.setTimeout(options.timeout ?? 10000, () =>
        fail(new NetworkError('timeout', `No answer from ${remote.address}`)),
      );
      atEnd(() => timer.cancel());
      const back = (from: Endpoint, to: Endpoint, deliver: () => void): void => {
        this.fabric.carrySegment(from, to, NOTHING, 0, deliver);
      };
      back(local, remote, () => {
        const listener = this.fabric.hostOf(this, remote.address)?.listenerAt(remote);
        const known = this.fabric.hostOf(this, remote.address) !== undefined;
        back(remote, local, () => {
          if (this.#closed || !this.#usedStreamPorts.has(pair(local, remote))) return;
          const error = listener
            ? listener.handshakeError(options.tls, remote.address)
            : known
              ? new NetworkError('refused', `Nothing listens at ${remote.address} port ${remote.port}`)
              : new NetworkError('unreachable', `No host has the address ${remote.address}`);
          if (error || !listener) return fail(error ?? new NetworkError('refused', 'No listener'));
          const near = new MemoryStream(this.fabric, this, local, remote, listener.secure);
          const far = new MemoryStream(this.fabric, listener.network, remote, local, listener.secure);
          MemoryStream.join(near, far);
          resolve(near);
          listener.accept(far);
        });
      });
    });
  }

  resolve(query: DnsQuery): Promise<readonly DnsRecord[]> {
    return this.#pend((resolve, reject) => {
      this.fabric.clock.setTimeout(2 * (this.fabric.conditions.delay ?? 0), () => {
        const records = this.fabric.zone.get(`${query.type} ${query.name.toLowerCase()}`);
        if (records) resolve(records);
        else reject(new NetworkError('dns', `No ${query.type} record for ${query.name}`));
      });
    });
  }

  http(request: HttpRequest): Promise<HttpResponse> {
    return this.#pend((resolve, reject, atEnd) => {
      const server = this.fabric.httpServer;
      if (!server) throw new NetworkError('refused', `Nothing answers at ${request.url}`);
      const timer = this.fabric.clock.setTimeout(request.timeout ?? 30000, () =>
        reject(new NetworkError('timeout', `No answer from ${request.url}`)),
      );
      atEnd(() => timer.cancel());
      const done = (response: HttpResponse): void => {
        const tooLarge = response.body.length > (request.maxBody ?? 16 * 1048576);
        if (tooLarge) reject(new NetworkError('too-large', `The body has ${response.body.length} octets`));
        else resolve(response);
      };
      server(request).then(done, (cause: unknown) =>
        reject(new NetworkError('reset', 'The simulated server failed', cause)),
      );
    });
  }

  interfaces(): Promise<readonly InterfaceAddress[]> {
    const describe = (address: string): InterfaceAddress => {
      const internal = isLoopback(address);
      return { name: internal ? 'lo' : 'mem0', address, family: ipFamily(address) ?? 4, internal };
    };
    return this.#attempt(() => ['127.0.0.1', '::1', ...this.addresses].map(describe));
  }

  localAddressFor(remote: string): Promise<string> {
    return this.#attempt(() => this.sourceFor(remote));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [...this.#udp.values(), ...this.#listeners.values(), ...this.streams]) socket.close();
    for (const reject of [...this.#pending]) reject(gone());
    this.ipsec.clear();
    this.fabric.removeHost(this);
  }

  /** The address packets to `remote` leave from. @throws NetworkError `unreachable`, `unsupported` */
  sourceFor(remote: string): string {
    const family = ipFamily(remote);
    if (family === null) throw new NetworkError('unsupported', `Not an IP address: ${remote}`);
    if (isLoopback(remote)) return family === 6 ? '::1' : '127.0.0.1';
    const source = this.addresses.find((address) => ipFamily(address) === family);
    if (source === undefined) throw new NetworkError('unreachable', `No route to ${remote}`);
    return source;
  }

  sendDatagram(local: Endpoint, to: Endpoint, data: Uint8Array): void {
    if (ipFamily(local.address) !== ipFamily(to.address)) return;
    try {
      const address = isAny(local.address) ? this.sourceFor(to.address) : local.address;
      this.fabric.carryDatagram(this, { address, port: local.port }, to, data);
    } catch {
      // No route: the datagram is lost, as UDP may.
    }
  }

  udpAt(to: Endpoint): MemoryUdpSocket | undefined {
    return this.#udp.get(key(to)) ?? this.#udp.get(key(wild(to)));
  }

  listenerAt(to: Endpoint): MemoryListener | undefined {
    return this.#listeners.get(key(to)) ?? this.#listeners.get(key(wild(to)));
  }

  release(what: 'udp' | 'tcp', local: Endpoint): void;
  release(what: 'stream', local: Endpoint, remote: Endpoint): void;
  release(what: 'udp' | 'tcp' | 'stream', local: Endpoint, remote: Endpoint = local): void {
    if (what === 'udp') this.#udp.delete(key(local));
    else if (what === 'tcp') this.#listeners.delete(key(local));
    else this.#usedStreamPorts.delete(pair(local, remote));
  }

  #own(address: string): string {
    const canonical = canonicalIp(address);
    const own = canonical !== null && (isAny(canonical) || isLoopback(canonical) || this.addresses.includes(canonical));
    if (!own) throw new NetworkError('address-unavailable', `${address} is not an address of this host`);
    return canonical;
  }

  #claim(address: string, port: number, used: ReadonlyMap<string, { readonly local: Endpoint }>): Endpoint {
    const taken = (candidate: number): boolean =>
      [...used.values()].some(
        ({ local }) =>
          local.port === candidate &&
          ipFamily(local.address) === ipFamily(address) &&
          (local.address === address || isAny(local.address) || isAny(address)),
      );
    if (port !== 0 && taken(port)) throw new NetworkError('address-in-use', `${address} port ${port} is in use`);
    while (port === 0) {
      const candidate = this.#nextPort++;
      if (this.#nextPort > 65535) this.#nextPort = EPHEMERAL;
      if (!taken(candidate)) port = candidate;
    }
    return { address, port };
  }

  #claimStreamPort(address: string, port: number, remote: Endpoint): Endpoint {
    const taken = (candidate: number): boolean => this.#usedStreamPorts.has(pair({ address, port: candidate }, remote));
    if (port !== 0 && taken(port)) throw new NetworkError('address-in-use', `Port ${port} is in use`);
    while (port === 0) {
      const candidate = this.#nextPort++;
      if (this.#nextPort > 65535) this.#nextPort = EPHEMERAL;
      if (!taken(candidate)) port = candidate;
    }
    const local = { address, port };
    this.#usedStreamPorts.add(pair(local, remote));
    return local;
  }

  #attempt<T>(make: () => T): Promise<T> {
    return this.#pend((resolve) => resolve(make()));
  }

  /** A promise that `close` rejects; what `start` throws rejects it too. `atEnd` runs when it is settled. */
  #pend<T>(
    start: (
      resolve: (value: T) => void,
      reject: (error: NetworkError) => void,
      atEnd: (clean: () => void) => void,
    ) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(gone());
      let clean = (): void => undefined;
      const fail = (error: NetworkError): void => {
        this.#pending.delete(fail);
        clean();
        reject(error);
      };
      this.#pending.add(fail);
      const succeed = (value: T): void => {
        this.#pending.delete(fail);
        clean();
        resolve(value);
      };
      try {
        start(succeed, fail, (atEnd) => (clean = atEnd));
      } catch (cause) {
        fail(cause instanceof NetworkError ? cause : new NetworkError('internal', 'Unexpected failure', cause));
      }
    });
  }
}

function gone(): NetworkError {
  return new NetworkError('closed', 'The network is closed');
}

function key(endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port}`;
}

function pair(local: Endpoint, remote: Endpoint): string {
  return `${key(local)} ${key(remote)}`;
}

function wild(endpoint: Endpoint): Endpoint {
  return { address: anyAddress(ipFamily(endpoint.address) ?? 4), port: endpoint.port };
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
