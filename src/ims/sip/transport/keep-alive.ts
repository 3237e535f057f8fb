import type { Endpoint } from '../../../net/network.js';
import type { Clock, Timer } from '../../../platform/clock.js';
import { randomUint32, type Random } from '../../../platform/random.js';
import type { Flow } from './flow.js';
import { bindingRequest, type BindingMessage } from './stun.js';

/** What the first hop said about keeping a flow. */
export interface KeepAliveTerms {
  /** It answers keep-alives (RFC 5626 §4.4, RFC 6223): silence means that the flow is dead. */
  readonly agreed: boolean;
  /** Within which it wants one, seconds; null: it does not say. */
  readonly seconds: number | null;
  /** An address translator is on the way: its binding has to be kept by whatever goes through. */
  readonly translated: boolean;
}

export interface KeepAliveUser {
  /** The first hop answered. @param mapped our address as it sees it, by STUN */
  onAlive(mapped: Endpoint | null): void;
  /** Called once; nothing is sent any more. */
  onFailed(why: string): void;
}

export interface KeepAliveOptions extends KeepAliveTerms {
  readonly flow: Flow;
  readonly clock: Clock;
  readonly random: Random;
  readonly user: KeepAliveUser;
}

/** RFC 5626 §4.4.1, ms. */
const PONG_TIMEOUT = 10_000;
/** Upper bounds where the server says nothing, seconds (§4.4.1, §4.4.2); the lower one is 20 % less. */
const STREAM_INTERVAL = 120;
const DATAGRAM_INTERVAL = 29;
/** No server makes us send more often than this, seconds. */
const MIN_INTERVAL = 5;
/** RFC 5389 §7.2.1: ms until the first request is repeated, and how often one is sent. */
const RTO = 500;
const REQUESTS = 7;
/** Multiple of the RTO that is waited after the last request. */
const LAST_WAIT = 16;
const PING = Uint8Array.of(13, 10, 13, 10);

/**
 * Keeps one flow alive and sees it fail (RFC 5626 §4.4): CRLF on a connection, STUN over UDP where the server agreed
 * to it. Over UDP without an agreement a CRLF goes out, which RFC 3261 §7.5 has every server ignore, and only where an
 * address translator needs it.
 */
export class KeepAlive {
  #timer: Timer | null = null;
  /** Of the STUN request that waits for its answer. */
  #transaction: Uint8Array | null = null;
  #mapped: Endpoint | null = null;
  /** The peer has answered a ping before: from now on silence means something. */
  #answers: boolean;
  #stopped = false;

  constructor(private readonly options: KeepAliveOptions) {
    this.#answers = options.agreed;
    this.#rest();
  }

  get flow(): Flow {
    return this.options.flow;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** A pong came. */
  ponged(): void {
    this.#answers = true;
    this.options.user.onAlive(null);
    this.#rest();
  }

  /** @returns whether this is the answer to a request of ours */
  receive({ kind, transaction, mapped }: BindingMessage): boolean {
    if (kind === 'request' || !this.#transaction?.every((octet, i) => octet === transaction[i])) return false;
    this.#transaction = null;
    const before = this.#mapped;
    if (kind !== 'success' || !mapped) this.#fail('the server refuses a STUN keep-alive');
    // RFC 5626 §4.4.2: it is another flow now.
    else if (before && (before.address !== mapped.address || before.port !== mapped.port))
      this.#fail('our address changed on the way');
    else {
      this.#mapped = mapped;
      this.options.user.onAlive(mapped);
      this.#rest();
    }
    return true;
  }

  /** Until the next keep-alive: each after another time, between 80 and 100 % of the bound. */
  #rest(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    const { clock, flow, random, seconds, agreed, translated } = this.options;
    if (!flow.reliable && !agreed && !translated) return;
    const bound = Math.max(MIN_INTERVAL, seconds ?? (flow.reliable ? STREAM_INTERVAL : DATAGRAM_INTERVAL));
    const wait = bound * 1000 * (0.8 + (0.2 * randomUint32(random)) / 0x1_0000_0000);
    this.#timer = clock.setTimeout(wait, () => this.#send());
  }

  #send(): void {
    const { agreed, clock, flow, random } = this.options;
    if (!flow.reliable && agreed) {
      this.#transaction = random.bytes(12);
      return this.#ask(this.#transaction, 1);
    }
    flow.keep(PING);
    if (flow.reliable && this.#answers)
      this.#timer = clock.setTimeout(PONG_TIMEOUT, () => this.#fail('no pong within 10 s'));
    else this.#rest();
  }

  /** @param count requests sent with this one */
  #ask(transaction: Uint8Array, count: number): void {
    const { clock, flow } = this.options;
    flow.keep(bindingRequest(transaction));
    const wait = RTO * (count < REQUESTS ? 2 ** (count - 1) : LAST_WAIT);
    this.#timer = clock.setTimeout(wait, () => {
      if (count < REQUESTS) this.#ask(transaction, count + 1);
      else this.#fail('no answer to a STUN keep-alive');
    });
  }

  #fail(why: string): void {
    if (this.#stopped) return;
    this.stop();
    this.options.user.onFailed(why);
  }
}
