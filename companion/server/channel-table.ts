import type { Channel } from './channel.js';

/** The open channels of one session, by number. Numbers are never used twice. */
export class ChannelTable {
  readonly #channels = new Map<number, Channel>();
  #next = 1;
  #reserved = 0;

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.#channels.size;
  }

  get(channel: number): Channel | undefined {
    return this.#channels.get(channel);
  }

  /** Counts a socket that is being made. @returns false if there would be too many */
  reserve(): boolean {
    if (this.#channels.size + this.#reserved >= this.limit) return false;
    this.#reserved++;
    return true;
  }

  unreserve(): void {
    this.#reserved--;
  }

  add(make: (channel: number) => Channel): number {
    const channel = this.#next++;
    this.#channels.set(channel, make(channel));
    return channel;
  }

  /** @returns false if it was gone already */
  close(channel: number): boolean {
    const open = this.#channels.get(channel);
    this.#channels.delete(channel);
    open?.close();
    return open !== undefined;
  }

  closeAll(): void {
    for (const channel of [...this.#channels.keys()]) this.close(channel);
  }
}
