import { NO_BODY, type SipRequest, type SipResponse } from './message.js';
import { DEFAULT_LIMITS, type FailedParse, type ParseLimits } from './parse-failure.js';
import { MessageHead } from './parse-head.js';
import { decodeUtf8 } from './utf8.js';

/** What the octets of a connection mean. */
export type FrameEvent =
  | { readonly kind: 'message'; readonly message: SipRequest | SipResponse; readonly octets: Uint8Array }
  /** A message that is no SIP, though its length was clear: the connection goes on. */
  | { readonly kind: 'malformed'; readonly failure: FailedParse; readonly octets: Uint8Array }
  /** RFC 5626 §3.5.1: a double CRLF, to be answered by one CRLF. */
  | { readonly kind: 'ping' }
  /** RFC 5626 §3.5.1: a single CRLF. */
  | { readonly kind: 'pong' }
  /** Nobody knows where the next message begins: answer what can be answered, then close. Nothing follows. */
  | { readonly kind: 'fatal'; readonly failure: FailedParse; readonly octets: Uint8Array };

export interface StreamLimits extends ParseLimits {
  /** Octets of start line and header fields, 65,535 unless told. */
  readonly headOctets: number;
}

/** On a connection, `messageOctets` is 1 MiB unless told. */
export const STREAM_LIMITS: StreamLimits = { ...DEFAULT_LIMITS, messageOctets: 1 << 20, headOctets: 65_535 };

const CR = 13;
const LF = 10;

interface Pending {
  readonly head: MessageHead;
  readonly bodyStart: number;
  /** Octets of head and body. */
  readonly total: number;
}

/**
 * Cuts the octets of one connection into messages (RFC 3261 §18.3, §20.14). Holds at most one unfinished message;
 * never throws; looks at each octet once.
 */
export class StreamFramer {
  readonly #limits: StreamLimits;
  #buffer = NO_BODY;
  #length = 0;
  #searched = 0;
  #pending: Pending | null = null;
  #halfPing = false;
  #dead = false;

  /**
   * @param pinged whether the peer sends pings, so that two single CRLFs may be the halves of one. On a connection that
   * we opened they are two pongs: to answer them would be answered again, for ever.
   */
  constructor(
    limits: Partial<StreamLimits> = {},
    private readonly pinged = true,
  ) {
    this.#limits = { ...STREAM_LIMITS, ...limits };
  }

  /** Whether there was a fatal error: nothing is understood any more. */
  get closed(): boolean {
    return this.#dead;
  }

  /** Octets that wait for the rest of their message. */
  get buffered(): number {
    return this.#length;
  }

  /** @returns what became complete by these octets, in order; nothing after `fatal` */
  push(octets: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = [];
    if (this.#dead) return events;
    this.#append(octets);
    let position = 0; // start of what was not yet understood
    for (;;) {
      if (!this.#pending) position = this.#keepAlive(position, events);
      const next = this.#next(position, events);
      if (next === position) break;
      position = next;
    }
    this.#drop(this.closed ? this.#length : position);
    return events;
  }

  /** Takes one message off at `position`; returns where the next begins, or `position` if it is not complete. */
  #next(position: number, events: FrameEvent[]): number {
    const pending = this.#pending ?? this.#readHead(position, events);
    if (!pending || this.#length - position < pending.total) return position;
    this.#pending = null;
    this.#searched = 0;
    const octets = this.#buffer.slice(position, position + pending.total);
    const { head } = pending;
    const message = head.problem ? null : head.message(octets.subarray(pending.bodyStart));
    if (message) events.push({ kind: 'message', message, octets });
    else {
      const problem = head.problem ?? { reason: 'not-sip', detail: 'no start line' };
      events.push({ kind: 'malformed', failure: head.fail(problem, octets.length), octets });
    }
    return position + pending.total;
  }

  #readHead(position: number, events: FrameEvent[]): Pending | null {
    const end = this.#findHeadEnd(position);
    const headOctets = (end < 0 ? this.#length : end) - position;
    if (end < 0 && headOctets <= this.#limits.headOctets) return null;
    const head = new MessageHead(decodeUtf8(this.#buffer.subarray(position, position + headOctets)), this.#limits);
    const bodyStart = headOctets + 2;
    const length = head.contentLength();
    if (head.problem?.reason === 'not-sip') return this.#kill(head, head.problem, position, events);
    if (headOctets > this.#limits.headOctets) {
      return this.#kill(head, { reason: 'too-large', detail: 'endless header' }, position, events);
    }
    if (length === undefined) {
      return this.#kill(head, { reason: 'content-length', detail: 'none on a connection' }, position, events);
    }
    if (typeof length === 'object') return this.#kill(head, length, position, events);
    const total = bodyStart + length;
    if (total > this.#limits.messageOctets) {
      return this.#kill(head, { reason: 'too-large', detail: `${total} octets` }, position, events);
    }
    return (this.#pending = { head, bodyStart, total });
  }

  #kill(head: MessageHead, problem: Parameters<MessageHead['fail']>[0], position: number, events: FrameEvent[]): null {
    const octets = this.#buffer.slice(position, this.#length);
    events.push({ kind: 'fatal', failure: head.fail(problem, octets.length), octets });
    this.#dead = true;
    return null;
  }

  /** Line ends between messages: a run of them in one push is one ping, or one pong if it is single. */
  #keepAlive(position: number, events: FrameEvent[]): number {
    let end = position;
    while (end + 1 < this.#length && this.#buffer[end] === CR && this.#buffer[end + 1] === LF) end += 2;
    if (end === position) {
      if (end < this.#length && this.#buffer[end] !== CR) this.#halfPing = false;
      return position;
    }
    const whole = end - position > 2 || this.#halfPing; // the second half may come in a segment of its own
    events.push({ kind: whole ? 'ping' : 'pong' });
    this.#halfPing = this.pinged && !whole;
    this.#searched = 0;
    return end;
  }

  #findHeadEnd(position: number): number {
    const buffer = this.#buffer;
    let i = position + Math.max(0, this.#searched - 3);
    for (; i + 3 < this.#length; i++) {
      if (buffer[i] === CR && buffer[i + 1] === LF && buffer[i + 2] === CR && buffer[i + 3] === LF) return i + 2;
    }
    this.#searched = this.#length - position;
    return -1;
  }

  #append(octets: Uint8Array): void {
    const needed = this.#length + octets.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length, 2048));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(octets, this.#length);
    this.#length = needed;
  }

  /** Forgets `count` octets from the front; a buffer that grew large is not kept for an idle connection. */
  #drop(count: number): void {
    if (count === 0) return;
    this.#length -= count;
    if (this.#length === 0 && this.#buffer.length > 65_536) this.#buffer = NO_BODY;
    else this.#buffer.copyWithin(0, count, count + this.#length);
  }
}
