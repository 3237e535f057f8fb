import { CREDIT_STEP, INITIAL_CREDIT } from '../../../companion/protocol/version.js';
import { toBase64 } from '../../platform/base64.js';
import { NetworkError, type Endpoint, type StreamConnection, type Will } from '../network.js';
import type { CompanionChannel } from './companion-channel.js';
import type { CompanionLink } from './companion-link.js';
import { LateHandler } from './late-handler.js';

/** One record is no longer than this, so that other channels get their turn. */
const CHUNK = 65536;

interface QueuedWrite {
  rest: Uint8Array;
  resolve(): void;
  reject(error: NetworkError): void;
}

/** A TCP or TLS connection that the companion holds. */
export class CompanionStream implements StreamConnection, CompanionChannel {
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly #data = new LateHandler<[data: Uint8Array]>(Infinity, (data) => this.#consumed(data.length));
  #credit = INITIAL_CREDIT;
  #owed = 0;
  #queue: QueuedWrite[] = [];
  /** Set once nothing can be written any more. */
  #ended: NetworkError | null = null;
  #released = false;

  constructor(
    private readonly link: CompanionLink,
    private readonly channel: number,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    readonly secure: boolean,
  ) {
    link.register(channel, this);
  }

  get onData(): ((data: Uint8Array) => void) | null {
    return this.#data.handler;
  }

  set onData(handler: ((data: Uint8Array) => void) | null) {
    this.#data.handler = handler;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    const rest = this.#queue.length === 0 ? this.#send(data) : data;
    if (rest.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#queue.push({ rest: rest.slice(), resolve, reject }));
  }

  leaveWill({ data, ...will }: Will): void {
    if (!this.#ended) this.link.tell('will.leave', { channel: this.channel, ...will, data: toBase64(data) });
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = new NetworkError('closed', 'The connection is closed');
    if (this.#queue.length === 0) this.#release();
  }

  onStream(data: Uint8Array): void {
    if (this.#ended) this.#consumed(data.length);
    else this.#data.deliver(data);
  }

  onCredit(octets: number): void {
    this.#credit += octets;
    for (let first = this.#queue[0]; first && this.#credit > 0; first = this.#queue[0]) {
      first.rest = this.#send(first.rest);
      if (first.rest.length > 0) return;
      this.#queue.shift();
      first.resolve();
    }
    if (this.#ended && this.#queue.length === 0) this.#release();
  }

  onGone(error: NetworkError | null): void {
    const weClosed = this.#ended !== null;
    this.#ended ??= error ?? new NetworkError('reset', 'The peer has closed the connection');
    for (const write of this.#queue.splice(0)) write.reject(error ?? this.#ended);
    if (this.#released) return;
    this.#released = true;
    this.onClose?.(weClosed ? null : error);
  }

  /** Sends as much as there is credit for. @returns the rest */
  #send(data: Uint8Array): Uint8Array {
    let at = 0;
    while (at < data.length && this.#credit > 0) {
      const length = Math.min(CHUNK, this.#credit, data.length - at);
      this.link.outbox.stream(this.channel, data.subarray(at, at + length));
      this.#credit -= length;
      at += length;
    }
    return data.subarray(at);
  }

  #consumed(length: number): void {
    this.#owed += length;
    if (this.#owed < CREDIT_STEP || this.link.isGone) return;
    this.link.outbox.credit(this.channel, this.#owed);
    this.#owed = 0;
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.link.closeChannel(this.channel);
    queueMicrotask(() => this.onClose?.(null));
  }
}
