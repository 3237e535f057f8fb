import { NO_PARAMETERS, parseParameters, printParameters, type Parameters } from './parameters.js';
import { endOfQuotedString, quote, unquote } from './quoted-string.js';
import { parseUri, type Uri } from './uri.js';

// RFC 3261 §25.1: display-name = *(token LWS); letters beyond US-ASCII stand bare in the wild.
const DISPLAY_NAME = /^[A-Za-z0-9\-.!%*_+`'~ \t\u0080-\uffff]*$/;

/** What From, To, Contact, Route and their kin hold: a URI with a name and header parameters. Immutable. */
export class NameAddr {
  constructor(
    readonly uri: Uri,
    /** Without quotes; null if there is none. */
    readonly displayName: string | null = null,
    /** Header parameters, not those of the URI. */
    readonly parameters: Parameters = NO_PARAMETERS,
  ) {}

  /**
   * Either form: `"Name" <uri>;tag=1`, or `uri;tag=1`, where the parameters belong to the header (RFC 3261 §20.10).
   * Never throws.
   */
  static parse(text: string): NameAddr | null {
    const first = text.charCodeAt(0);
    let open = 0;
    let displayName: string | null = null;
    if (first === 0x22) {
      const end = endOfQuotedString(text, 0);
      if (end < 0) return null;
      displayName = unquote(text.slice(0, end));
      open = end;
      while (text.charCodeAt(open) === 0x20 || text.charCodeAt(open) === 0x09) open++;
      if (text.charCodeAt(open) !== 0x3c) return null;
    } else if (first !== 0x3c) {
      open = text.indexOf('<');
      const semicolon = text.indexOf(';');
      if (open < 0 || (semicolon >= 0 && semicolon < open)) return parseAddrSpec(text, semicolon);
      displayName = text.slice(0, open).trim();
      if (!DISPLAY_NAME.test(displayName)) return null;
    }
    const close = text.indexOf('>', open);
    if (close < 0) return null;
    const uri = parseUri(text.slice(open + 1, close));
    if (uri === null) return null;
    const parameters = close + 1 === text.length ? NO_PARAMETERS : parseParameters(text.slice(close + 1).trimStart());
    return parameters === null ? null : new NameAddr(uri, displayName === '' ? null : displayName, parameters);
  }

  /** The `tag` parameter (RFC 3261 §19.3). */
  get tag(): string | null {
    return this.parameters.get('tag') ?? null;
  }

  /** The same with one header parameter set (`null`: without a value) or taken away (`undefined`). */
  withParameter(name: string, value: string | null | undefined): NameAddr {
    const parameters = new Map(this.parameters);
    if (value === undefined) parameters.delete(name.toLowerCase());
    else parameters.set(name.toLowerCase(), value);
    return new NameAddr(this.uri, this.displayName, parameters);
  }

  toString(): string {
    const name = this.displayName === null ? '' : `${quote(this.displayName)} `;
    return `${name}<${this.uri.toString()}>${printParameters(this.parameters)}`;
  }
}

/** RFC 3261 §20.10: without <>, a URI that holds a comma, a question mark or a semicolon is malformed. */
function parseAddrSpec(text: string, semicolon: number): NameAddr | null {
  const addrSpec = (semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd();
  if (addrSpec.includes('?') || addrSpec.includes(',')) return null;
  const uri = parseUri(addrSpec);
  if (uri === null) return null;
  const parameters = semicolon < 0 ? NO_PARAMETERS : parseParameters(text.slice(semicolon));
  return parameters === null ? null : new NameAddr(uri, null, parameters);
}
