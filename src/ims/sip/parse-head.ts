import { headerName } from './header-names.js';
import { Headers } from './headers.js';
import { SipRequest, SipResponse } from './message.js';
import { parseNumber } from './number-value.js';
import type { FailedParse, ParseFailureReason, ParseLimits } from './parse-failure.js';
import { parseStartLine, type StartLine } from './start-line.js';
import { isToken } from './token.js';

interface Problem {
  readonly reason: ParseFailureReason;
  readonly detail: string;
}

/** Start line and header fields of a message, taken apart as far as they can be. */
export class MessageHead {
  readonly headers = new Headers();
  /** What is wrong with the start line or a field; the first that was found. */
  readonly problem: Problem | null;
  readonly #start: StartLine;

  /** @param text from the start line to the CRLF of the last field, or to the end of what there is */
  constructor(
    text: string,
    private readonly limits: ParseLimits,
  ) {
    const end = text.indexOf('\r\n');
    const line = end < 0 ? text : text.slice(0, end);
    this.#start = parseStartLine(line, limits.uriLength);
    const { kind } = this.#start;
    const inLine: Problem | null = kind === 'failure' ? { reason: this.#start.reason, detail: excerpt(line) } : null;
    if (inLine?.reason === 'not-sip') {
      this.problem = inLine;
      return;
    }
    // Fields are read even if the start line is bad: the sender may get an answer.
    const inFields = end < 0 ? null : this.#split(text, end + 2);
    this.problem = inLine ?? inFields;
  }

  /** Octets of the body as the header says; undefined if it does not. */
  contentLength(): number | undefined | Problem {
    if (!this.headers.has('Content-Length')) return undefined;
    const texts = this.headers.rawValues('Content-Length');
    const length = parseNumber(texts[0], Number.MAX_SAFE_INTEGER);
    // RFC 4475 §3.3.9: with two different lengths nobody knows which is meant.
    if (length === null || texts.some((text) => parseNumber(text, Number.MAX_SAFE_INTEGER) !== length)) {
      return { reason: 'content-length', detail: excerpt(texts.join(', ')) };
    }
    return length;
  }

  /** The message, if the start line is good. */
  message(body: Uint8Array): SipRequest | SipResponse | null {
    const start = this.#start;
    if (start.kind === 'request') return new SipRequest(start.method, start.requestUri, this.headers, body);
    return start.kind === 'response' ? new SipResponse(start.status, start.reason, this.headers, body) : null;
  }

  fail({ reason, detail }: Problem, consumed: number): FailedParse {
    const long = reason === 'request-uri' && this.#start.kind === 'failure' && this.#start.tooLong;
    const status = reason === 'version' ? 505 : reason === 'too-large' ? 513 : long ? 414 : 400;
    return { ok: false, reason, detail, consumed, partial: this.#partial(), status };
  }

  /** RFC 3261 §8.2.6.2: an answer needs Via, From, To, Call-ID and CSeq; an ACK never gets one (§17). */
  #partial(): SipRequest | null {
    const start = this.#start;
    if (start.kind === 'response' || start.method === null || start.method === 'ACK') return null;
    for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) if (!this.headers.has(name)) return null;
    return new SipRequest(start.method, start.requestUri, this.headers.clone());
  }

  #split(text: string, from: number): Problem | null {
    let problem: Problem | null = null;
    let count = 0;
    for (let start = from; start < text.length;) {
      let end = text.indexOf('\r\n', start);
      let folded = false;
      // RFC 3261 §7.3.1: a line that starts with white space continues the one before.
      while (end >= 0 && isSpace(text.charCodeAt(end + 2))) {
        folded = true;
        end = text.indexOf('\r\n', end + 2);
      }
      if (end < 0) end = text.length;
      if (++count > this.limits.headerFields)
        return { reason: 'too-large', detail: `over ${this.limits.headerFields} fields` };
      if (end - start > this.limits.fieldLength)
        return { reason: 'too-large', detail: `field of ${end - start} characters` };
      const line = text.slice(start, end);
      const reason = this.#adopt(folded ? line.replace(/\r\n[ \t]+/g, ' ') : line);
      if (reason !== null) problem ??= { reason, detail: excerpt(line) };
      start = end + 2;
    }
    return problem;
  }

  #adopt(line: string): ParseFailureReason | null {
    const colon = line.indexOf(':');
    if (colon <= 0) return 'header';
    let nameEnd = colon;
    while (nameEnd > 0 && isSpace(line.charCodeAt(nameEnd - 1))) nameEnd--; // HCOLON = *( SP / HTAB ) ":" SWS
    const header = headerName(line.slice(0, nameEnd));
    if (!header.known && !isToken(header.name)) return 'header';
    const value = trimSpace(line, colon + 1);
    if (value.includes('\r') || value.includes('\n')) return 'line-end';
    this.headers.adopt(header, value);
    return null;
  }
}

/** Without the white space at both ends; only SP and HTAB are white space to SIP. */
function trimSpace(text: string, from: number): string {
  let start = from;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function excerpt(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
