import { parseCSeq, type CSeq } from './cseq.js';
import { Headers } from './headers.js';
import { NameAddr } from './name-addr.js';
import { MAXIMUM_DELTA_SECONDS, MAXIMUM_MAX_FORWARDS, parseNumber } from './number-value.js';
import { decodeUtf8 } from './utf8.js';
import { Via } from './via.js';

export const NO_BODY = new Uint8Array(0);

/**
 * What requests and responses share. The getters parse on demand and keep what they found until a header changes;
 * what they return is read only: to change a header, set its text.
 */
export abstract class SipMessage {
  #revision = 0;
  #via: Via | null | undefined;
  #vias: Via[] | undefined;
  #from: NameAddr | null | undefined;
  #to: NameAddr | null | undefined;
  #cseq: CSeq | null | undefined;
  #contacts: NameAddr[] | '*' | undefined;
  #routes: NameAddr[] | undefined;

  constructor(
    readonly headers: Headers = new Headers(),
    public body: Uint8Array = NO_BODY,
  ) {}

  /** The topmost Via; null if absent or malformed. */
  get via(): Via | null {
    this.#forgetIfChanged();
    if (this.#via !== undefined) return this.#via;
    const text = this.headers.get('Via');
    return (this.#via = text === undefined ? null : Via.parse(text));
  }

  /** Every well-formed Via, topmost first. */
  get vias(): Via[] {
    this.#forgetIfChanged();
    return (this.#vias ??= parsed(this.headers.getAll('Via'), Via.parse));
  }

  get from(): NameAddr | null {
    this.#forgetIfChanged();
    return this.#from === undefined ? (this.#from = this.#nameAddr('From')) : this.#from;
  }

  get to(): NameAddr | null {
    this.#forgetIfChanged();
    return this.#to === undefined ? (this.#to = this.#nameAddr('To')) : this.#to;
  }

  get fromTag(): string | null {
    return this.from?.tag ?? null;
  }

  get toTag(): string | null {
    return this.to?.tag ?? null;
  }

  get callId(): string | null {
    return this.headers.get('Call-ID') || null;
  }

  get cseq(): CSeq | null {
    this.#forgetIfChanged();
    if (this.#cseq !== undefined) return this.#cseq;
    const text = this.headers.get('CSeq');
    return (this.#cseq = text === undefined ? null : parseCSeq(text));
  }

  /** 0 to 255; null if absent or malformed. */
  get maxForwards(): number | null {
    return parseNumber(this.headers.get('Max-Forwards'), MAXIMUM_MAX_FORWARDS);
  }

  /** Every well-formed Contact, or `*` (RFC 3261 §10.2.2). */
  get contacts(): NameAddr[] | '*' {
    this.#forgetIfChanged();
    if (this.#contacts !== undefined) return this.#contacts;
    const texts = this.headers.getAll('Contact');
    return (this.#contacts = texts.length === 1 && texts[0] === '*' ? '*' : parsed(texts, NameAddr.parse));
  }

  /** Every well-formed Route, first hop first. */
  get routes(): NameAddr[] {
    this.#forgetIfChanged();
    return (this.#routes ??= parsed(this.headers.getAll('Route'), NameAddr.parse));
  }

  /** Every well-formed Record-Route in the order of the message. */
  get recordRoutes(): NameAddr[] {
    return parsed(this.headers.getAll('Record-Route'), NameAddr.parse);
  }

  /** Seconds; null if absent or malformed. */
  get expires(): number | null {
    return parseNumber(this.headers.get('Expires'), MAXIMUM_DELTA_SECONDS);
  }

  /** The media type in lower case, without parameters: `application/sdp`. */
  get contentType(): string | null {
    const text = this.headers.get('Content-Type');
    if (!text) return null;
    const semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.slice(0, semicolon)).replace(/[ \t]+/g, '').toLowerCase();
  }

  /** The body as UTF-8 text. */
  get bodyText(): string {
    return decodeUtf8(this.body);
  }

  #nameAddr(name: string): NameAddr | null {
    const text = this.headers.get(name);
    return text === undefined ? null : NameAddr.parse(text);
  }

  #forgetIfChanged(): void {
    if (this.#revision === this.headers.revision) return;
    this.#revision = this.headers.revision;
    this.#via = this.#vias = this.#from = this.#to = this.#cseq = this.#contacts = this.#routes = undefined;
  }
}

function parsed<T>(texts: readonly string[], parse: (text: string) => T | null): T[] {
  const values: T[] = [];
  for (const text of texts) {
    const value = parse(text);
    if (value !== null) values.push(value);
  }
  return values;
}
