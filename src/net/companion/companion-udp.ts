import { canonicalIp } from '../ip-address.js';
import { toBase64 } from '../../platform/base64.js';
import { NetworkError, type Endpoint, type UdpSocket, type Will } from '../network.js';
import { MAX_DATAGRAM_PAYLOAD } from '../../../companion/protocol/frames.js';
import type { CompanionChannel } from './companion-channel.js';
import type { CompanionLink } from './companion-link.js';
import { LateHandler } from './late-handler.js';

/** Datagrams that may arrive before the user has set `onMessage`. */
const EARLY = 256;

export class CompanionUdpSocket implements UdpSocket, CompanionChannel {
  onError: ((error: NetworkError) => void) | null = null;
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly #message = new LateHandler<[data: Uint8Array, from: Endpoint]>(EARLY);
  #closed = false;

  constructor(
    private readonly link: CompanionLink,
    private readonly channel: number,
    readonly local: Endpoint,
  ) {
    link.register(channel, this);
  }

  get onMessage(): ((data: Uint8Array, from: Endpoint) => void) | null {
    return this.#message.handler;
  }

  set onMessage(handler: ((data: Uint8Array, from: Endpoint) => void) | null) {
    this.#message.handler = handler;
  }

  /** Datagrams are dropped, and counted by the link, when the WebSocket is congested. */
  send(data: Uint8Array, to: Endpoint): void {
    if (this.#closed) return;
    const address = canonicalIp(to.address);
    if (address === null || !(to.port > 0 && to.port < 65536)) {
      this.#report(new NetworkError('unsupported', `Not an address and port: ${to.address} ${to.port}`));
    } else if (data.length > MAX_DATAGRAM_PAYLOAD) {
      this.#report(new NetworkError('too-large', `A datagram of ${data.length} octets`));
    } else {
      this.link.outbox.datagram(this.channel, address, to.port, data);
    }
  }

  leaveWill({ data, ...will }: Will, remote: Endpoint): void {
    if (this.#closed) return;
    this.link.tell('will.leave', { channel: this.channel, ...will, data: toBase64(data), remote });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.link.closeChannel(this.channel);
    queueMicrotask(() => this.onClose?.(null));
  }

  onDatagram(data: Uint8Array, address: string, port: number): void {
    this.#message.deliver(data, { address, port });
  }

  onChannelError(error: NetworkError): void {
    this.onError?.(error);
  }

  onGone(error: NetworkError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose?.(error);
  }

  #report(error: NetworkError): void {
    queueMicrotask(() => this.onError?.(error));
  }
}
