import { endOfHost, hostAddress, hostReference, isHost, parsePort } from './host.js';
import { NO_PARAMETERS, type Parameters } from './parameters.js';
import { sipUriEquals } from './sip-uri-equality.js';
import { escapesAreWhole, parseUriParameters, printUriParameters, unescape } from './uri-parameters.js';

// RFC 3261 §25.1: user and password; `#` and `[` `]` are escaped by the standard and bare in the wild (`*21#`).
const USER = /^[A-Za-z0-9\-_.!~*'()%&=+$,;?/#]+$/;
const PASSWORD = /^[A-Za-z0-9\-_.!~*'()%&=+$,]*$/;
const HEADERS =
  /^[A-Za-z0-9\-_.!~*'()%[\]/?:+$]+=[A-Za-z0-9\-_.!~*'()%[\]/?:+$]*(?:&[A-Za-z0-9\-_.!~*'()%[\]/?:+$]+=[A-Za-z0-9\-_.!~*'()%[\]/?:+$]*)*$/;

/** The parts of a {@link SipUri}, as they are written (escapes kept). */
export interface SipUriParts {
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string | null;
  readonly password?: string | null;
  /** IPv6 with or without brackets. */
  readonly host: string;
  readonly port?: number | null;
  readonly parameters?: Parameters;
  readonly headers?: string | null;
}

/** A SIP or SIPS URI (RFC 3261 §19.1). Immutable. */
export class SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, escapes kept; {@link userName} is without. */
  readonly user: string | null;
  readonly password: string | null;
  /** As written; an IPv6 address stands in brackets. {@link address} is without. */
  readonly host: string;
  readonly port: number | null;
  readonly parameters: Parameters;
  /** What stands after `?`, as written. */
  readonly headers: string | null;
  #text: string | undefined;

  constructor(parts: SipUriParts) {
    this.scheme = parts.scheme ?? 'sip';
    this.user = parts.user ?? null;
    this.password = parts.password ?? null;
    this.host = hostReference(parts.host);
    this.port = parts.port ?? null;
    this.parameters = parts.parameters ?? NO_PARAMETERS;
    this.headers = parts.headers ?? null;
  }

  /** @param rest what stands after `sip:` or `sips:` */
  static parseRest(scheme: 'sip' | 'sips', rest: string): SipUri | null {
    let user: string | null = null;
    let password: string | null = null;
    const at = rest.indexOf('@');
    if (at >= 0) {
      user = rest.slice(0, at);
      const colon = user.indexOf(':');
      if (colon >= 0) {
        password = user.slice(colon + 1);
        user = user.slice(0, colon);
        if (!PASSWORD.test(password)) return null;
      }
      if (!USER.test(user) || !escapesAreWhole(rest)) return null;
    }
    const hostEnd = endOfHost(rest, at + 1);
    if (hostEnd < 0) return null;
    const host = rest.slice(at + 1, hostEnd);
    if (!isHost(host)) return null;
    let port: number | null = null;
    let end = hostEnd;
    if (rest.charCodeAt(end) === 0x3a) {
      const start = end + 1;
      end = endOfHost(rest, start);
      port = parsePort(rest.slice(start, end));
      if (port === null) return null;
    }
    let headers: string | null = null;
    const question = rest.indexOf('?', end);
    if (question >= 0) {
      headers = rest.slice(question + 1);
      if (!HEADERS.test(headers) || !escapesAreWhole(headers)) return null;
    }
    const tail = question >= 0 ? rest.slice(end, question) : rest.slice(end);
    const parameters = tail.length === 0 ? NO_PARAMETERS : parseUriParameters(tail);
    if (parameters === null) return null;
    const uri = new SipUri({ scheme, user, password, host, port, parameters, headers });
    uri.#text = `${scheme}:${rest}`; // a URI that passes through is printed as it came
    return uri;
  }

  /** The user part without escapes. */
  get userName(): string | null {
    return this.user === null ? null : unescape(this.user);
  }

  /** The host without the brackets of an IPv6 reference. */
  get address(): string {
    return hostAddress(this.host);
  }

  /** The value of a URI parameter: null if it has none, undefined if it is not there. */
  parameter(name: string): string | null | undefined {
    return this.parameters.get(name.toLowerCase());
  }

  /** Whether the `lr` parameter is there (RFC 3261 §19.1.1). */
  get looseRouting(): boolean {
    return this.parameters.has('lr');
  }

  /** The same URI with some parts changed. */
  with(parts: Partial<SipUriParts>): SipUri {
    return new SipUri({
      scheme: this.scheme,
      user: this.user,
      password: this.password,
      host: this.host,
      port: this.port,
      parameters: this.parameters,
      headers: this.headers,
      ...parts,
    });
  }

  /** The same URI with one parameter set (`null`: without a value) or taken away (`undefined`). */
  withParameter(name: string, value: string | null | undefined): SipUri {
    const parameters = new Map(this.parameters);
    if (value === undefined) parameters.delete(name.toLowerCase());
    else parameters.set(name.toLowerCase(), value);
    return this.with({ parameters });
  }

  /** The address of record: scheme, user and host only (RFC 3261 §10.3 step 5). */
  get addressOfRecord(): SipUri {
    return new SipUri({ scheme: this.scheme, user: this.user, host: this.host.toLowerCase(), port: this.port });
  }

  equals(other: SipUri): boolean {
    return sipUriEquals(this, other);
  }

  toString(): string {
    return (this.#text ??= this.#print());
  }

  #print(): string {
    let text = `${this.scheme}:`;
    if (this.user !== null) text += this.password === null ? `${this.user}@` : `${this.user}:${this.password}@`;
    text += this.host;
    if (this.port !== null) text += `:${this.port}`;
    text += printUriParameters(this.parameters);
    return this.headers === null ? text : `${text}?${this.headers}`;
  }
}
