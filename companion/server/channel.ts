import type { Endpoint, NetworkError } from '../../src/net/network.js';
import type { Notification, NotificationParams } from '../protocol/calls.js';
import type { Outbox } from '../protocol/outbox.js';

/** One socket of the page, on the companion's side. */
export interface Channel {
  onDatagram(to: Endpoint, payload: Uint8Array): void;
  onStream(payload: Uint8Array): void;
  onCredit(octets: number): void;
  /**
   * What sends `data` on this socket when the page is gone; null: not on this one, or not there.
   *
   * @param to of a datagram
   */
  prepareWill(data: Uint8Array, to: Endpoint | undefined): (() => void) | null;
  /** Releases the socket; nothing is sent about this channel any more. */
  close(): void;
}

/** What a channel needs of the session it belongs to. */
export interface ChannelHost {
  readonly outbox: Outbox;
  notify<N extends Notification>(name: N, params: NotificationParams[N]): void;
  permits(address: string, port: number): boolean;
  /** False if the page sends more datagrams than it may. */
  takeDatagram(): boolean;
  countDroppedOut(): void;
  /** Gives the socket a number; null if there are too many. */
  open(make: (channel: number) => Channel): number | null;
  /** Ends a channel from this side and tells the page. */
  end(channel: number, error: NetworkError | null): void;
}
