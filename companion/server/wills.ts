import { NetworkError, type Endpoint, type Will as WillOfPage } from '../../src/net/network.js';
import type { ChannelTable } from './channel-table.js';

/** Wills that one WebSocket may leave, and octets of one, and of all. */
const MAX_WILLS = 32;
const MAX_OCTETS = 8192;
const MAX_OCTETS_OF_ALL = 65536;

interface Will {
  readonly channel: number;
  readonly octets: number;
  readonly last: boolean;
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
   * Takes the place of any other of this name.
   *
   * @param to of a datagram
   * @throws NetworkError `too-large`, `limit`, `denied`
   */
  leave({ name, data, last = false }: WillOfPage, channel: number, to: Endpoint | undefined): void {
    if (data.length > MAX_OCTETS) throw new NetworkError('too-large', `A will has ${MAX_OCTETS} octets at most`);
    const carryOut = this.channels.get(channel)?.prepareWill(data, to);
    if (!carryOut) throw new NetworkError('denied', 'There is no such socket, or it has sent nothing there');
    this.drop(name);
    let octets = data.length;
    for (const [other, will] of this.#wills) {
      if (this.channels.get(will.channel)) octets += will.octets;
      else this.#wills.delete(other);
    }
    if (this.#wills.size >= MAX_WILLS || octets > MAX_OCTETS_OF_ALL) throw new NetworkError('limit', 'Too many wills');
    this.#wills.set(name, { channel, octets: data.length, last, carryOut });
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
    const valid = [...this.#wills.values()].filter(({ channel }) => this.channels.get(channel));
    for (const last of [false, true]) for (const will of valid) if (will.last === last) will.carryOut();
    this.#wills.clear();
  }

  close(): void {
    this.#wills.clear();
    this.onClose();
  }
}
