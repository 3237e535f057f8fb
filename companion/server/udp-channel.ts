import { canonicalIp } from '../../src/net/ip-address.js';
import { NetworkError, type Endpoint } from '../../src/net/network.js';
import type { NodeUdpSocket } from '../native/node-udp.js';
import type { Channel, ChannelHost } from './channel.js';

/** Destinations remembered as allowed, and refusals told to the page, per socket. */
const MAX_REMEMBERED = 256;
const MAX_TOLD = 16;

export class UdpChannel implements Channel {
  readonly #allowed = new Set<string>();
  readonly #told = new Set<string>();

  constructor(
    private readonly host: ChannelHost,
    private readonly channel: number,
    private readonly socket: NodeUdpSocket,
  ) {
    socket.onMessage = (data, from) => {
      const address = from.address.split('%')[0] ?? '';
      host.outbox.datagram(channel, address, from.port, data);
    };
    socket.onError = (error) => this.#tell(`${error.reason} ${error.message}`, error);
    socket.onClose = (error) => host.end(channel, error);
  }

  onDatagram(to: Endpoint, payload: Uint8Array): void {
    const key = `${to.address} ${to.port}`;
    if (!this.#allowed.has(key)) {
      if (!this.host.permits(to.address, to.port)) {
        this.host.countDroppedOut();
        this.#tell(key, new NetworkError('denied', `${to.address} port ${to.port} is not allowed to this page`));
        return;
      }
      if (this.#allowed.size < MAX_REMEMBERED) this.#allowed.add(key);
    }
    if (this.host.takeDatagram()) this.socket.send(payload, to);
    else this.host.countDroppedOut();
  }

  /** Stream data on a UDP channel means nothing. */
  onStream(): void {
    this.host.end(this.channel, new NetworkError('unsupported', 'Stream data for a UDP socket'));
  }

  onCredit(): void {
    // Datagrams have no credit.
  }

  prepareWill(data: Uint8Array, to: Endpoint | undefined): (() => void) | null {
    // No page reaches by its death what it has not reached in its life.
    const address = to && canonicalIp(to.address);
    if (!address || !this.#allowed.has(`${address} ${to.port}`)) return null;
    return () => {
      if (this.host.permits(address, to.port)) this.socket.send(data, { address, port: to.port });
    };
  }

  close(): void {
    this.socket.onMessage = this.socket.onError = this.socket.onClose = null;
    this.socket.close();
  }

  /** Each failure once: a page that floods a forbidden destination gets no flood of errors. */
  #tell(key: string, error: NetworkError): void {
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(key);
    this.host.notify('error', { channel: this.channel, error: { reason: error.reason, message: error.message } });
  }
}
