import type { Endpoint, NetworkError, StreamConnection, StreamListener } from '../network.js';
import type { AcceptedConnection, CompanionChannel } from './companion-channel.js';
import type { CompanionLink } from './companion-link.js';
import { CompanionStream } from './companion-stream.js';
import { LateHandler } from './late-handler.js';

/** Connections that may come before the user has set `onConnection`. */
const EARLY = 64;

export class CompanionListener implements StreamListener, CompanionChannel {
  onClose: ((error: NetworkError | null) => void) | null = null;
  readonly #connection = new LateHandler<[connection: StreamConnection]>(EARLY);
  #closed = false;

  constructor(
    private readonly link: CompanionLink,
    private readonly channel: number,
    readonly local: Endpoint,
  ) {
    link.register(channel, this);
  }

  get onConnection(): ((connection: StreamConnection) => void) | null {
    return this.#connection.handler;
  }

  set onConnection(handler: ((connection: StreamConnection) => void) | null) {
    this.#connection.handler = handler;
  }

  onAccepted({ channel, local, remote, secure }: AcceptedConnection): void {
    this.#connection.deliver(new CompanionStream(this.link, channel, local, remote, secure));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.link.closeChannel(this.channel);
    queueMicrotask(() => this.onClose?.(null));
  }

  onGone(error: NetworkError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose?.(error);
  }
}
