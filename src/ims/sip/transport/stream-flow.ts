import { NetworkError, type Endpoint, type StreamConnection, type Will } from '../../../net/network.js';
import { StreamFramer, type FrameEvent } from '../framing.js';
import type { Flow } from './flow.js';
import type { ProtectedRoute } from './protected-route.js';

/** Octets that may wait for a slow peer before the flow refuses more. */
const MAX_QUEUED = 1 << 20;
const PONG = new Uint8Array([13, 10]);

/** A frame that holds a message, good or bad. */
export type MessageFrame = Exclude<FrameEvent, { kind: 'ping' | 'pong' }>;

export interface StreamFlowUser {
  onFrame(event: MessageFrame, flow: StreamFlow): void;
  onSent(octets: Uint8Array, flow: StreamFlow): void;
  onPong(flow: StreamFlow): void;
  onClosed(flow: StreamFlow, error: NetworkError | null): void;
}

/** One TCP or TLS connection. */
export class StreamFlow implements Flow {
  readonly reliable = true;
  readonly transport: 'tcp' | 'tls';
  readonly #framer: StreamFramer;
  #queued = 0;
  #closed = false;

  /**
   * @param listening where we accept connections of this transport, for the Via (RFC 3261 §18.1.1)
   * @param inbound the peer opened it
   */
  constructor(
    private readonly connection: StreamConnection,
    private readonly user: StreamFlowUser,
    private readonly listening: () => Endpoint | null,
    readonly inbound: boolean,
    readonly serverName?: string,
    readonly protectedBy: ProtectedRoute | null = null,
  ) {
    this.transport = connection.secure ? 'tls' : 'tcp';
    this.#framer = new StreamFramer({}, inbound);
    connection.onData = (data) => this.#receive(data);
    connection.onClose = (error) => this.#end(error);
  }

  get local(): Endpoint {
    return this.connection.local;
  }

  get remote(): Endpoint {
    return this.connection.remote;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get sentBy(): Endpoint {
    if (this.protectedBy) return { address: this.local.address, port: this.protectedBy.serverPort };
    const listening = this.listening();
    return listening ? { address: this.local.address, port: listening.port } : this.local;
  }

  send(octets: Uint8Array, onError?: (error: NetworkError) => void): void {
    if (this.#closed || this.#queued + octets.length > MAX_QUEUED) {
      const reason = this.#closed ? 'closed' : 'limit';
      onError?.(new NetworkError(reason, `cannot send on a connection that is ${this.#closed ? 'closed' : 'stuck'}`));
      return;
    }
    this.user.onSent(octets, this);
    this.#write(octets, onError);
  }

  keep(octets: Uint8Array): void {
    if (!this.#closed && this.#queued < MAX_QUEUED) this.#write(octets);
  }

  leaveWill(will: Will): void {
    this.connection.leaveWill?.(will);
  }

  close(): void {
    this.connection.close();
    this.#end(null);
  }

  #write(octets: Uint8Array, onError?: (error: NetworkError) => void): void {
    this.#queued += octets.length;
    this.connection.write(octets).then(
      () => void (this.#queued -= octets.length),
      (error: unknown) => {
        this.#queued -= octets.length;
        onError?.(error instanceof NetworkError ? error : new NetworkError('internal', String(error)));
      },
    );
  }

  #receive(data: Uint8Array): void {
    for (const event of this.#framer.push(data)) {
      if (this.#closed) return;
      if (event.kind === 'ping') {
        // RFC 5626 §3.5.1: a double CRLF is answered by one.
        this.keep(PONG);
      } else if (event.kind === 'pong') this.user.onPong(this);
      else this.user.onFrame(event, this);
    }
  }

  #end(error: NetworkError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.onData = null;
    this.user.onClosed(this, error);
  }
}
