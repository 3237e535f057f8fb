import { createSocket } from 'node:dgram';
import { connect as tcpConnect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as tlsConnect, createServer as createTlsServer } from 'node:tls';
import { anyAddress, ipFamily } from '../../src/net/ip-address.js';
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
  type UdpOptions,
} from '../../src/net/network.js';
import { LastMoment } from './ipsec/last-moment.js';
import type { IpsecJournal } from './ipsec/ipsec-journal.js';
import { NodeIpsec } from './ipsec/node-ipsec.js';
import { handshakeErrorFrom, networkErrorFrom } from './network-error-from.js';
import { NodeDns } from './node-dns.js';
import { nodeHttp, type Permit } from './node-http.js';
import { NodeListener } from './node-listener.js';
import { NodeStream } from './node-stream.js';
import { NodeUdpSocket } from './node-udp.js';
import { tlsSettings } from './tls-settings.js';

const DEFAULT_TIMEOUT = 10000;

export interface NodeNetworkOptions {
  /** Name servers, `address` or `address:port`; the system's if absent. */
  readonly dnsServers?: readonly string[];
  /** Asked before an HTTP connection is made, with the resolved address; all allowed if absent. */
  readonly permitHttp?: Permit;
  /** Remembers security associations over the death of this process. */
  readonly ipsecJournal?: IpsecJournal;
  /** Socket of the IKE daemon (vici), for ipsec-ike. Default /var/run/charon.vici. */
  readonly vici?: string;
}

/** The network of this machine, through Node's own sockets. */
export class NodeNetwork implements Network {
  readonly kind = 'node';
  readonly ipsec: NodeIpsec;
  readonly #udp = new Set<NodeUdpSocket>();
  readonly #listeners = new Set<NodeListener>();
  readonly #streams = new Set<NodeStream>();
  readonly #aborter = new AbortController();
  readonly #dns: NodeDns;
  readonly #permitHttp: Permit;

  constructor(options: NodeNetworkOptions = {}) {
    this.#dns = new NodeDns(options.dnsServers);
    this.#permitHttp = options.permitHttp ?? (() => true);
    this.ipsec = new NodeIpsec(
      { udpAt: (local) => this.#udpAt(local), bindUdp: (local) => this.bindUdp(local) },
      options.ipsecJournal ?? null,
      options.vici,
    );
    LastMoment.watch(this.ipsec);
  }

  /** Open sockets, listeners and connections, for leak tests. */
  get openSockets(): number {
    return this.#udp.size + this.#listeners.size + this.#streams.size;
  }

  /** Whether this UDP port is bound here, at this very address or at all of them. */
  hasUdp(local: Endpoint): boolean {
    return this.#udpAt(local) !== null;
  }

  #udpAt({ address, port }: Endpoint): NodeUdpSocket | null {
    const any = anyAddress(ipFamily(address) ?? 4);
    const fits = ({ local }: NodeUdpSocket): boolean =>
      local.port === port && (local.address === address || local.address === any);
    return [...this.#udp].find(fits) ?? null;
  }

  bindUdp(options: UdpOptions): Promise<NodeUdpSocket> {
    return this.#pend((resolve, reject) => {
      const family = options.family ?? (options.address === undefined ? 4 : literalFamily(options.address));
      const socket = createSocket({
        type: family === 6 ? 'udp6' : 'udp4',
        ipv6Only: family === 6,
        recvBufferSize: 1048576,
        // Every address is a literal (checked): spare each datagram the resolver.
        lookup: (name, _options, callback) => callback(null, name, family),
      });
      const onError = (error: Error): void => {
        socket.close();
        reject(networkErrorFrom(error));
      };
      socket.once('error', onError);
      const address = options.address === undefined ? {} : { address: options.address };
      socket.bind({ port: options.port ?? 0, ...address, exclusive: true }, () => {
        socket.off('error', onError);
        const bound = new NodeUdpSocket(socket);
        this.#udp.add(bound);
        socket.once('close', () => this.#udp.delete(bound));
        if (!resolve(bound)) bound.close();
      });
    });
  }

  connect(options: ConnectOptions): Promise<NodeStream> {
    return this.#pend((resolve, reject, signal) => {
      literalFamily(options.remote.address);
      const secure = options.tls !== undefined;
      const { localAddress: address, localPort: port } = options;
      if (address !== undefined && port && this.ipsec.forDatagramsOnly({ address, port }, options.remote))
        throw new NetworkError('unsupported', 'UDP-enc-tun is for UDP: no TCP between these ports');
      const target = {
        host: options.remote.address,
        port: options.remote.port,
        ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
        ...(options.localPort ? { localPort: options.localPort } : {}),
      };
      let reached = false;
      const socket: Socket = options.tls
        ? tlsConnect({ ...target, ...tlsSettings(options.tls, options.remote.address) })
        : tcpConnect(target);
      const timer = setTimeout(() => {
        fail(new NetworkError('timeout', `No answer from ${target.host} port ${target.port}`));
      }, options.timeout ?? DEFAULT_TIMEOUT);
      const abort = (): void => fail(new NetworkError('closed', 'The network is closed'));
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        socket.off('error', fail);
        socket.off('close', onClose);
      };
      const fail = (error: unknown): void => {
        settle();
        socket.on('error', () => undefined);
        socket.destroy();
        reject(reached && secure ? handshakeErrorFrom(error) : networkErrorFrom(error));
      };
      const onClose = (): void => fail(new NetworkError(secure ? 'tls' : 'reset', 'The peer hung up'));
      signal.addEventListener('abort', abort);
      socket.on('error', fail);
      socket.on('close', onClose);
      socket.once('connect', () => (reached = true));
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        settle();
        const stream = new NodeStream(socket, secure);
        this.#track(stream);
        if (!resolve(stream)) stream.destroy();
      });
    });
  }

  listen(options: ListenOptions): Promise<NodeListener> {
    return this.#pend((resolve, reject) => {
      const address = options.address ?? '0.0.0.0';
      const family = literalFamily(address);
      const secure = options.tls !== undefined;
      const server = options.tls
        ? createTlsServer({ cert: options.tls.certificate, key: options.tls.privateKey, minVersion: 'TLSv1.2' })
        : createServer();
      const onError = (error: Error): void => reject(networkErrorFrom(error));
      server.once('error', onError);
      server.listen({ host: address, port: options.port ?? 0, ipv6Only: family === 6, exclusive: true }, () => {
        server.off('error', onError);
        const listener = new NodeListener(server, secure, (stream) => {
          this.#track(stream);
          // In clear to a port that a tunnel protects.
          return !this.ipsec.forDatagramsOnly(stream.local, stream.remote);
        });
        this.#listeners.add(listener);
        server.once('close', () => this.#listeners.delete(listener));
        if (!resolve(listener)) listener.close();
      });
    });
  }

  resolve(query: DnsQuery): Promise<readonly DnsRecord[]> {
    return this.#pend((resolve, reject) => {
      this.#dns.resolve(query).then(resolve, reject);
    });
  }

  http(request: HttpRequest): Promise<HttpResponse> {
    return this.#pend((resolve, reject, signal) => {
      nodeHttp(request, this.#permitHttp, signal).then(resolve, reject);
    });
  }

  interfaces(): Promise<readonly InterfaceAddress[]> {
    return this.#pend((resolve) => {
      const all: InterfaceAddress[] = [];
      for (const [name, addresses] of Object.entries(networkInterfaces())) {
        for (const { address, family, internal } of addresses ?? []) {
          all.push({ name, address, family: family === 'IPv6' ? 6 : 4, internal });
        }
      }
      resolve(all);
    });
  }

  localAddressFor(remote: string): Promise<string> {
    return this.#pend((resolve, reject) => {
      const socket = createSocket(literalFamily(remote) === 6 ? 'udp6' : 'udp4');
      socket.once('error', (error) => {
        socket.close();
        reject(networkErrorFrom(error));
      });
      // Connecting a UDP socket sends nothing, but makes the kernel choose the source (discard port).
      socket.connect(9, remote, () => {
        resolve(socket.address().address);
        socket.close();
      });
    });
  }

  close(): void {
    this.#aborter.abort();
    this.#dns.cancel();
    for (const socket of [...this.#udp, ...this.#listeners]) socket.close();
    for (const stream of [...this.#streams]) stream.destroy();
    // After the farewells of the sockets, which are still to be protected.
    void this.ipsec.close().finally(() => LastMoment.forget(this.ipsec));
  }

  #track(stream: NodeStream): void {
    this.#streams.add(stream);
    stream.whenClosed(() => this.#streams.delete(stream));
  }

  /**
   * A promise that `close` rejects; what `start` throws rejects it too. `resolve` tells whether
   * anybody still waits: if not, the socket that was made is to be closed again.
   */
  #pend<T>(
    start: (resolve: (value: T) => boolean, reject: (error: NetworkError) => void, signal: AbortSignal) => void,
  ): Promise<T> {
    const { signal } = this.#aborter;
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new NetworkError('closed', 'The network is closed'));
      if (signal.aborted) return gone();
      signal.addEventListener('abort', gone);
      const done = (): void => signal.removeEventListener('abort', gone);
      const onValue = (value: T): boolean => {
        done();
        resolve(value);
        return !signal.aborted;
      };
      const onError = (error: NetworkError): void => {
        done();
        reject(error);
      };
      try {
        start(onValue, onError, signal);
      } catch (error) {
        onError(networkErrorFrom(error));
      }
    });
  }
}

function literalFamily(address: string): 4 | 6 {
  const family = ipFamily(address);
  if (family === null) throw new NetworkError('unsupported', `Not an IP address: ${address}`);
  return family;
}
