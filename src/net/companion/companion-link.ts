import {
  CALLS,
  isNotification,
  NOTIFICATIONS,
  type Method,
  type Notification,
  type NotificationParams,
  type Params,
  type Result,
} from '../../../companion/protocol/calls.js';
import { readFrames, type FrameSink } from '../../../companion/protocol/frames.js';
import { Outbox } from '../../../companion/protocol/outbox.js';
import { parseRpc, printRequest } from '../../../companion/protocol/rpc.js';
import { CloseCode } from '../../../companion/protocol/version.js';
import type { Clock, Timer } from '../../platform/clock.js';
import { NetworkError } from '../network.js';
import type { CompanionChannel } from './companion-channel.js';
import type { WebSocketLike } from './web-socket-like.js';

/** A companion that does not answer a ping in this time is gone, in ms. */
const PING_TIMEOUT = 10000;
const PING_INTERVAL = 15000;

interface PendingCall {
  succeed(result: unknown): void;
  fail(error: NetworkError): void;
}

/** One WebSocket to the companion from open to close: calls out, notifications and data in. */
export class CompanionLink implements FrameSink {
  readonly outbox: Outbox;
  /** Octets that one message to the companion may have; it says so in `hello`. */
  maxMessage = 65536;
  /** Told once, when the socket is gone. @param code of the WebSocket close frame */
  onGone: ((code: number) => void) | null = null;
  readonly #channels = new Map<number, CompanionChannel>();
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #alive: Timer | null = null;
  #gone = false;

  /** @param socket open, `binaryType` set to `arraybuffer` */
  constructor(
    private readonly socket: WebSocketLike,
    private readonly clock: Clock,
  ) {
    // Not the bare function: in a browser it must not be called as a method.
    this.outbox = new Outbox(socket, (flush) => queueMicrotask(flush));
    socket.addEventListener('message', ({ data }) => {
      if (this.#gone) return;
      if (typeof data === 'string') this.#onText(data);
      else if (data instanceof ArrayBuffer) this.#onBinary(new Uint8Array(data));
    });
    socket.addEventListener('close', ({ code }) => this.#end(code));
  }

  /** Open sockets, for leak tests. */
  get openChannels(): number {
    return this.#channels.size;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /**
   * Makes a call.
   * @param accept runs in the same turn as the answer arrives, before any data that follows it
   */
  call<M extends Method, T>(method: M, params: Params[M], accept: (result: Result[M]) => T): Promise<T> {
    if (this.#gone) return Promise.reject(lost());
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const request = printRequest(id, method, params);
      // The companion would end the whole link.
      if (octets(request) > this.maxMessage) {
        reject(new NetworkError('too-large', `The companion takes ${this.maxMessage} octets at once`));
        return;
      }
      const isGood = CALLS[method].result;
      this.#pending.set(id, {
        succeed: (result) => {
          if (isGood(result)) resolve(accept(result));
          else reject(new NetworkError('internal', `The companion answered ${method} with something else`));
        },
        fail: reject,
      });
      this.outbox.text(request);
    });
  }

  /** Makes a call whose outcome nobody waits for: an older companion may not know it. */
  tell<M extends Method>(method: M, params: Params[M]): void {
    this.call(method, params, () => undefined).catch(() => undefined);
  }

  /** Asks for a sign of life from now on. */
  keepAlive(): void {
    this.#alive = this.clock.setTimeout(PING_INTERVAL, () => {
      this.#alive = this.clock.setTimeout(PING_TIMEOUT, () => this.close(CloseCode.silent, 'No answer to ping'));
      const answered = (): void => {
        this.#alive?.cancel();
        if (!this.#gone) this.keepAlive();
      };
      this.call('ping', {}, answered).catch(() => undefined);
    });
  }

  register(channel: number, socket: CompanionChannel): void {
    this.#channels.set(channel, socket);
  }

  /** Closes a socket at the companion. Its `onGone` is not called. */
  closeChannel(channel: number): void {
    if (this.#channels.delete(channel) && !this.#gone) {
      this.tell('close', { channel });
    }
  }

  close(code = 1000, why = ''): void {
    if (this.#gone) return;
    this.socket.close(code, why);
    this.#end(code);
  }

  onDatagram(channel: number, address: string, port: number, payload: Uint8Array): void {
    this.#channels.get(channel)?.onDatagram?.(payload, address, port);
  }

  onStream(channel: number, payload: Uint8Array): void {
    this.#channels.get(channel)?.onStream?.(payload);
  }

  onCredit(channel: number, octets: number): void {
    this.#channels.get(channel)?.onCredit?.(octets);
  }

  #onBinary(message: Uint8Array): void {
    if (readFrames(message, this) !== null) this.close(CloseCode.protocol, 'Malformed frame');
  }

  #onText(text: string): void {
    const message = parseRpc(text);
    if (message?.kind === 'notification' && isNotification(message.method)) {
      this.#onNotification(message.method, message.params);
    } else if (message?.kind === 'result' || message?.kind === 'error') {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.kind === 'result') pending?.succeed(message.result);
      else pending?.fail(new NetworkError(message.reason, message.message));
    } else if (!message) {
      this.close(CloseCode.protocol, 'Malformed text');
    }
  }

  #onNotification(name: Notification, params: unknown): void {
    if (name === 'closed' && is('closed', params)) {
      const channel = this.#channels.get(params.channel);
      this.#channels.delete(params.channel);
      channel?.onGone(params.error && new NetworkError(params.error.reason, params.error.message));
    } else if (name === 'error' && is('error', params)) {
      this.#channels.get(params.channel)?.onChannelError?.(new NetworkError(params.error.reason, params.error.message));
    } else if (name === 'tcp.accepted' && is('tcp.accepted', params)) {
      const listener = this.#channels.get(params.listener);
      if (listener?.onAccepted) listener.onAccepted(params);
      else this.tell('close', { channel: params.channel });
    }
  }

  #end(code: number): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#alive?.cancel();
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const pending of this.#pending.values()) pending.fail(lost());
    this.#pending.clear();
    for (const channel of channels) channel.onGone(lost());
    this.onGone?.(code);
  }
}

function is<N extends Notification>(name: N, params: unknown): params is NotificationParams[N] {
  const guard = NOTIFICATIONS[name];
  return guard(params);
}

/** The length in UTF-8, at most: exact where it may matter. */
function octets(text: string): number {
  return text.length < 16384 ? 3 * text.length : new TextEncoder().encode(text).length;
}

function lost(): NetworkError {
  return new NetworkError('companion-lost', 'The connection to the companion is gone');
}
