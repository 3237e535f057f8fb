import { FrameWriter } from './frames.js';
import { BATCH_OCTETS, DATAGRAM_BACKLOG } from './version.js';

/** The sending half of a WebSocket, the browser's or that of `ws`. */
export interface MessageSink {
  readonly bufferedAmount: number;
  send(message: string | Uint8Array<ArrayBuffer>): void;
}

/**
 * Sends control texts and data records over one WebSocket in the order they were given. Records of
 * one turn of the event loop share a message. Used by both ends.
 */
export class Outbox {
  /** Datagrams dropped because too much was waiting in the socket. */
  droppedDatagrams = 0;
  readonly #writer = new FrameWriter();
  #scheduled = false;

  /** @param later runs its argument when this turn's records are all there */
  constructor(
    private readonly sink: MessageSink,
    private readonly later: (flush: () => void) => void,
  ) {}

  /** @returns false if the datagram was dropped: nobody wants late speech */
  datagram(channel: number, address: string, port: number, payload: Uint8Array): boolean {
    if (this.sink.bufferedAmount > DATAGRAM_BACKLOG || !this.#writer.datagram(channel, address, port, payload)) {
      this.droppedDatagrams++;
      return false;
    }
    this.#wrote();
    return true;
  }

  stream(channel: number, payload: Uint8Array): void {
    this.#writer.stream(channel, payload);
    this.#wrote();
  }

  credit(channel: number, octets: number): void {
    this.#writer.credit(channel, octets);
    this.#wrote();
  }

  text(message: string): void {
    this.flush();
    this.sink.send(message);
  }

  flush(): void {
    if (this.#writer.length > 0) this.sink.send(this.#writer.take());
  }

  #wrote(): void {
    if (this.#writer.length >= BATCH_OCTETS) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.later(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}
