import { anyAddress, ipFamily } from '../../../net/ip-address.js';
import { NetworkError, type Endpoint, type Network, type UdpSocket, type Will } from '../../../net/network.js';
import type { Flow } from './flow.js';
import type { ProtectedRoute, ProtectedRoutes } from './protected-route.js';

/** Source addresses remembered per socket: more peers than this are asked for again. */
const KNOWN_SOURCES = 256;

/** A UDP socket that we listen on, and the flows over it. */
export class UdpPoint {
  readonly transport = 'udp';
  readonly #sources = new Map<string, string>();
  closed = false;

  constructor(
    readonly socket: UdpSocket,
    private readonly network: Network,
    private readonly onSent: (octets: Uint8Array, flow: Flow) => void,
    /** On a protected port: what leads where; null: an ordinary port. */
    readonly routes: ProtectedRoutes | null = null,
  ) {}

  get local(): Endpoint {
    return this.socket.local;
  }

  get family(): 4 | 6 {
    return ipFamily(this.local.address) ?? 4;
  }

  /** The flow of a datagram that came in: its own local address may be the wildcard. */
  flowFrom(remote: Endpoint): Flow {
    const address = this.#sources.get(remote.address) ?? this.local.address;
    return this.#flow({ address, port: this.local.port }, remote);
  }

  /** The flow to a peer, with the address that the peer will see. @throws NetworkError `unreachable` */
  async flowTo(remote: Endpoint): Promise<Flow> {
    let address = this.local.address;
    if (this.unknown(address)) {
      address = this.#sources.get(remote.address) ?? (await this.network.localAddressFor(remote.address));
      if (this.#sources.size >= KNOWN_SOURCES) this.#sources.clear();
      this.#sources.set(remote.address, address);
    }
    return this.#flow({ address, port: this.local.port }, remote);
  }

  /** Whether an address is only the wildcard that we are bound to. */
  unknown(address: string): boolean {
    return address === anyAddress(this.family);
  }

  close(): void {
    this.closed = true;
    this.socket.close();
  }

  #flow(local: Endpoint, remote: Endpoint): Flow {
    return new UdpFlow(this, local, remote);
  }

  /** What is no message, and stands in no trace. */
  keep(octets: Uint8Array, remote: Endpoint): void {
    if (!this.closed) this.socket.send(octets, remote);
  }

  /** For the flows of this point. */
  send(octets: Uint8Array, flow: Flow): void {
    this.onSent(octets, flow);
    this.socket.send(octets, flow.remote);
  }
}

/** A pair of addresses over a {@link UdpPoint}. */
export class UdpFlow implements Flow {
  readonly transport = 'udp';
  readonly reliable = false;

  constructor(
    private readonly point: UdpPoint,
    readonly local: Endpoint,
    readonly remote: Endpoint,
  ) {}

  get closed(): boolean {
    return this.point.closed;
  }

  get protectedBy(): ProtectedRoute | null {
    return this.point.routes?.between(this.local.port, this.remote) ?? null;
  }

  get sentBy(): Endpoint {
    const route = this.protectedBy;
    // TS 24.229 §5.1.1.2.2: the protected server port, whatever port it leaves from.
    return route ? { address: this.local.address, port: route.serverPort } : this.local;
  }

  /** True if the local address is not known. */
  get anonymous(): boolean {
    return this.point.unknown(this.local.address);
  }

  /** The same flow with its local address. @throws NetworkError `unreachable` */
  identify(): Promise<Flow> {
    return this.point.flowTo(this.remote);
  }

  /** The same socket, another peer address. */
  to(remote: Endpoint): UdpFlow {
    return new UdpFlow(this.point, this.local, remote);
  }

  send(octets: Uint8Array, onError?: (error: NetworkError) => void): void {
    if (this.point.closed) onError?.(new NetworkError('closed', 'the socket is closed'));
    else this.point.send(octets, this);
  }

  keep(octets: Uint8Array): void {
    this.point.keep(octets, this.remote);
  }

  leaveWill(will: Will): void {
    this.point.socket.leaveWill?.(will, this.remote);
  }
}
