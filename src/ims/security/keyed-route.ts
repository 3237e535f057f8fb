import type { InstalledSet, ProtectedPorts } from '../../net/ipsec.js';
import type { ListeningPoint } from '../sip/transport/transport-layer.js';
import type { SipTransport, Target } from '../sip/transport/flow.js';
import type { ProtectedRoute } from '../sip/transport/protected-route.js';
import { FAREWELL, type SecuritySetHost } from './security-set.js';

/** Where a keyed route runs. */
export interface KeyedEnds extends Pick<ProtectedPorts, 'localPort' | 'remotePort'> {
  readonly local: string;
  readonly remote: string;
  readonly transport: SipTransport;
}

/** One pair of ports under associations whose keys came from elsewhere: by hand (ipsec-man) or by IKE (ipsec-ike). */
export class KeyedRoute {
  #removing: Promise<void> | null = null;

  private constructor(
    private readonly host: SecuritySetHost,
    private readonly points: readonly ListeningPoint[],
    readonly route: ProtectedRoute,
    readonly target: Target,
    private readonly installed: InstalledSet,
  ) {}

  /**
   * The ports are bound first: an unbound one would answer in clear.
   *
   * @param ends `localPort` 0: any that is free
   * @param install is given our port
   * @throws NetworkError
   */
  static async establish(
    host: SecuritySetHost,
    { local, remote, localPort, remotePort, transport }: KeyedEnds,
    install: (port: number) => Promise<InstalledSet>,
  ): Promise<KeyedRoute> {
    const { protection } = host.endpoint;
    const points: ListeningPoint[] = [];
    const overTcp = transport === 'tcp';
    try {
      const udp = await protection.openProtected('udp', { address: local, port: localPort });
      const ours = udp.local;
      points.push(udp);
      // A port that listens cannot be connected from: over TCP the connection is ours, and serves both ways.
      if (!overTcp) points.push(await protection.openProtected('tcp', { address: local, port: ours.port }));
      const installed = await install(ours.port);
      const route: ProtectedRoute = {
        address: remote,
        clientPort: ours.port,
        serverPort: ours.port,
        peerClientPort: remotePort,
        peerServerPort: remotePort,
      };
      protection.protect(route);
      const target: Target = { transport: overTcp ? 'tcp' : 'udp', address: remote, port: remotePort };
      return new KeyedRoute(host, points, route, target, installed);
    } catch (error) {
      for (const point of points) point.close();
      throw error;
    }
  }

  /** Connections end first, so that their ends are protected too; then the associations, then the ports. */
  remove(): Promise<void> {
    this.#removing ??= this.#remove();
    return this.#removing;
  }

  async #remove(): Promise<void> {
    const { clock, endpoint } = this.host;
    endpoint.protection.unprotect(this.route);
    await new Promise<void>((resolve) => clock.setTimeout(FAREWELL, resolve));
    await this.installed.remove();
    for (const point of this.points) point.close();
  }
}
