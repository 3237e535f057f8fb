import { NO_BODY, type SipRequest, type SipResponse } from './message.js';
import { DEFAULT_LIMITS, type FailedParse, type ParseFailureReason, type ParseLimits } from './parse-failure.js';
import { MessageHead } from './parse-head.js';
import { decodeUtf8 } from './utf8.js';

export interface ParseOptions {
  /** The octets come from a connection: Content-Length must be there, and octets after the message stay. */
  readonly stream?: boolean;
  readonly limits?: Partial<ParseLimits>;
}

export type ParseResult =
  | {
      readonly ok: true;
      readonly message: SipRequest | SipResponse;
      /** Octets that the message took; all of a datagram (RFC 3261 §18.3: what follows the body is discarded). */
      readonly consumed: number;
    }
  | FailedParse;

const CR = 13;
const LF = 10;

/**
 * One message from the start of `octets`. Header fields are split once, their values are parsed when they are asked
 * for. Never throws, and takes time linear in the octets. The body is a view on `octets`.
 */
export function parseMessage(octets: Uint8Array, options: ParseOptions = {}): ParseResult {
  const limits = options.limits ? { ...DEFAULT_LIMITS, ...options.limits } : DEFAULT_LIMITS;
  const total = octets.length;
  let begin = 0; // RFC 3261 §7.5: ignore line ends before the start line
  while (octets[begin] === CR || octets[begin] === LF) begin++;
  if (begin === total) return fail('empty', 'no octets but line ends', total);
  // A hostile length is not worth decoding: the head alone is read, for the answer.
  const readable = total > limits.messageOctets ? octets.subarray(0, limits.messageOctets) : octets;

  const bareLf = options.stream !== true && hasBareLineFeeds(readable, begin);
  const headEnd = bareLf ? findBareHeadEnd(readable, begin) : findHeadEnd(readable, begin);
  const text = decodeUtf8(readable.subarray(begin, headEnd < 0 ? readable.length : headEnd));
  const head = new MessageHead(bareLf ? text.replaceAll('\n', '\r\n') : text, limits);
  const bodyStart = headEnd < 0 ? total : headEnd + (bareLf ? 1 : 2);

  if (readable !== octets) return head.fail({ reason: 'too-large', detail: `${total} octets` }, total);
  if (head.problem) return head.fail(head.problem, options.stream ? bodyStart : total);
  // A datagram ends where it ends: peers forget the empty line when there is no body.
  if (headEnd < 0 && (options.stream || !/[\n]$/.test(text))) {
    return head.fail({ reason: 'unterminated', detail: 'no empty line' }, total);
  }

  const available = total - bodyStart;
  const stated = head.contentLength();
  if (typeof stated === 'object') return head.fail(stated, options.stream ? bodyStart : total);
  if (stated === undefined && options.stream) {
    return head.fail({ reason: 'content-length', detail: 'none on a connection' }, bodyStart); // RFC 3261 §20.14
  }
  // RFC 3261 §18.3: a body shorter than it says is an error. A change of line ends has changed what it says.
  if (stated !== undefined && stated > available && !bareLf) {
    return head.fail({ reason: 'truncated', detail: `${available} of ${stated} octets` }, total);
  }
  const length = Math.min(stated ?? available, available);
  const message = head.message(length === 0 ? NO_BODY : octets.subarray(bodyStart, bodyStart + length));
  if (!message) return fail('not-sip', 'no start line', total);
  return { ok: true, message, consumed: options.stream ? bodyStart + length : total };
}

/** Where the empty line begins that ends the header fields; -1 if it is not between `from` and the end. */
export function findHeadEnd(octets: Uint8Array, from: number): number {
  for (let i = octets.indexOf(LF, from); i >= 0; i = octets.indexOf(LF, i + 1)) {
    if (octets[i + 1] === CR && octets[i + 2] === LF && octets[i - 1] === CR) return i + 1;
  }
  return -1;
}

/** Text tools turn CRLF to LF in files and in messages that pass through a shell; in a datagram that does no harm. */
function hasBareLineFeeds(octets: Uint8Array, from: number): boolean {
  const first = octets.indexOf(LF, from);
  return first > 0 && octets[first - 1] !== CR;
}

function findBareHeadEnd(octets: Uint8Array, from: number): number {
  for (let i = octets.indexOf(LF, from); i >= 0; i = octets.indexOf(LF, i + 1)) if (octets[i + 1] === LF) return i + 1;
  return -1;
}

function fail(reason: ParseFailureReason, detail: string, consumed: number): FailedParse {
  return { ok: false, reason, detail, consumed, partial: null, status: 400 };
}
