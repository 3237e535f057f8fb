import { NetworkError, type Endpoint } from '../../src/net/network.js';
import type { NodeStream } from '../native/node-stream.js';
import { CREDIT_STEP, INITIAL_CREDIT } from '../protocol/version.js';
import type { Channel, ChannelHost } from './channel.js';

/** More credit than this at once is a mistake of the page. */
const MAX_CREDIT = 64 * INITIAL_CREDIT;

/**
 * A TCP or TLS connection of the page. Each side may send as many octets as the other gave credit
 * for: without credit the companion stops reading, and TCP itself holds the peer back.
 */
export class StreamChannel implements Channel {
  /** Octets we may still send to the page. */
  #credit = INITIAL_CREDIT;
  /** Octets the page may still send. */
  #window = INITIAL_CREDIT;
  /** Octets taken from the page that it has not got back yet. */
  #owed = 0;

  constructor(
    private readonly host: ChannelHost,
    private readonly channel: number,
    private readonly stream: NodeStream,
  ) {
    stream.onData = (data) => {
      this.#credit -= data.length;
      if (this.#credit <= 0) stream.pause();
      host.outbox.stream(channel, data);
    };
    stream.onClose = (error) => host.end(channel, error);
  }

  onDatagram(): void {
    this.host.end(this.channel, new NetworkError('unsupported', 'A datagram for a stream'));
  }

  onStream(payload: Uint8Array): void {
    const { length } = payload;
    this.#window -= length;
    if (this.#window < 0) {
      this.host.end(this.channel, new NetworkError('limit', 'More data than there was credit for'));
      return;
    }
    // A failed write ends in `onClose`, which tells the page.
    this.stream.write(payload).then(
      () => this.#giveBack(length),
      () => undefined,
    );
  }

  onCredit(octets: number): void {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + octets);
    if (this.#credit > 0) this.stream.resume();
  }

  prepareWill(data: Uint8Array, to: Endpoint | undefined): (() => void) | null {
    if (to) return null;
    return () => void this.stream.write(data).catch(() => undefined);
  }

  close(): void {
    this.stream.onData = this.stream.onClose = null;
    this.stream.close();
  }

  #giveBack(length: number): void {
    this.#window += length;
    this.#owed += length;
    if (this.#owed < CREDIT_STEP) return;
    this.host.outbox.credit(this.channel, this.#owed);
    this.#owed = 0;
  }
}
