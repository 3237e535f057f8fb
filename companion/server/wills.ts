import { NetworkError, type Endpoint } from '../../src/net/network.js';
import type { ChannelTable } from './channel-table.js';

/** Wills that one WebSocket may leave, and octets of one. */
const MAX_WILLS = 8;
const MAX_OCTETS = 8192;

interface Will {
  readonly channel: number;
  carryOut(): void;
}

/** What pages want to be sent when they are gone without a goodbye: by name, one of each in an origin. */
export class Wills {
  readonly #pages = new Set<PageWills>();

  open(origin: string, channels: ChannelTable): PageWills {
    const page = new PageWills(this, origin, channels, () => this.#pages.delete(page));
    this.#pages.add(page);
    return page;
  }

  /** Who registers again has taken the place of who registered before: the will of that one would undo it. */
  drop(origin: string, name: string): void {
    for (const page of this.#pages) if (page.origin === origin) page.forget(name);
  }
}

/** The wills of one WebSocket. */
export class PageWills {
  readonly #wills = new Map<string, Will>();

  constructor(
    private readonly all: Wills,
    readonly origin: string,
    private readonly channels: ChannelTable,
    private readonly onClose: () => void,
  ) {}

  /**
   * Takes the place of any other of this name, and of any other on this socket.
   *
   * @param to of a datagram
   * @throws NetworkError `too-large`, `limit`, `denied`
   */
  leave(name: string, channel: number, data: Uint8Array, to: Endpoint | undefined): void {
    if (data.length > MAX_OCTETS) throw new NetworkError('too-large', `A will has ${MAX_OCTETS} octets at most`);
    const carryOut = this.channels.get(channel)?.prepareWill(data, to);
    if (!carryOut) throw new NetworkError('denied', 'There is no such socket, or it has sent nothing there');
    this.drop(name);
    for (const [other, will] of this.#wills)
      if (will.channel === channel || !this.channels.get(will.channel)) this.#wills.delete(other);
    if (this.#wills.size >= MAX_WILLS) throw new NetworkError('limit', 'Too many wills');
    this.#wills.set(name, { channel, carryOut });
  }

  /** In every page of this origin. */
  drop(name: string): void {
    this.all.drop(this.origin, name);
  }

  forget(name: string): void {
    this.#wills.delete(name);
  }

  /** The page is gone. The wills of sockets that were closed before are void. */
  carryOut(): void {
    for (const will of this.#wills.values()) if (this.channels.get(will.channel)) will.carryOut();
    this.#wills.clear();
  }

  close(): void {
    this.#wills.clear();
    this.onClose();
  }
}
