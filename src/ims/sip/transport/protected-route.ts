import { canonicalIp } from '../../../net/ip-address.js';
import type { Endpoint } from '../../../net/network.js';

/**
 * The ports of one set of IPsec associations with a peer (TS 33.203 §7.1). The sending socket follows the destination:
 * from our client port to the server port of the peer, from our server port to its client port.
 */
export interface ProtectedRoute {
  /** Address of the peer. */
  readonly address: string;
  /** Our protected client port, port_uc. */
  readonly clientPort: number;
  /** Our protected server port, port_us: where requests come. */
  readonly serverPort: number;
  /** port_pc */
  readonly peerClientPort: number;
  /** port_ps */
  readonly peerServerPort: number;
}

/** Ports that earlier sets had at the peer: routes of old dialogs still name them. */
const MAX_FORMER = 16;

/** The routes in force, the newest first. */
export class ProtectedRoutes {
  #routes: readonly ProtectedRoute[] = [];
  #former: readonly { readonly address: string; readonly port: number }[] = [];

  add(route: ProtectedRoute): void {
    this.#routes = [{ ...route, address: canonicalIp(route.address) ?? route.address }, ...this.#routes];
  }

  remove(route: ProtectedRoute): void {
    this.#routes = this.#routes.filter(
      (known) => known.clientPort !== route.clientPort || known.peerClientPort !== route.peerClientPort,
    );
    const former = { address: canonicalIp(route.address) ?? route.address, port: route.peerServerPort };
    this.#former = [former, ...this.#former].slice(0, MAX_FORMER);
  }

  /** The route to a destination, with the port of ours that reaches it and the port of the peer to send to. */
  to(remote: Endpoint): { readonly route: ProtectedRoute; readonly localPort: number; readonly port: number } | null {
    const ofPeer = this.#routes.filter((route) => route.address === remote.address);
    for (const route of ofPeer) {
      const { peerServerPort, peerClientPort, clientPort, serverPort } = route;
      if (remote.port === peerServerPort) return { route, localPort: clientPort, port: peerServerPort };
      if (remote.port === peerClientPort) return { route, localPort: serverPort, port: peerClientPort };
    }
    const [newest] = ofPeer;
    const moved = this.#former.some(({ address, port }) => address === remote.address && port === remote.port);
    return newest && moved ? { route: newest, localPort: newest.clientPort, port: newest.peerServerPort } : null;
  }

  /** The route that has exactly these two ends; null: nothing protects what comes this way. */
  between(localPort: number, remote: Endpoint): ProtectedRoute | null {
    return (
      this.#routes.find(
        (route) =>
          route.address === remote.address &&
          ((localPort === route.clientPort && remote.port === route.peerServerPort) ||
            (localPort === route.serverPort && remote.port === route.peerClientPort)),
      ) ?? null
    );
  }
}
