import { endOfHost, hostAddress, hostReference, isHost, parsePort } from './host.js';
import { parseParameters, printParameters, type Parameters } from './parameters.js';
import { isToken } from './token.js';

// RFC 3261 §25.1: sent-protocol LWS sent-by; white space around the slashes.
const COMMON = /^SIP\/2\.0\/(UDP|TCP|TLS|WSS?) /;
const ANY = /^([^\s/]+)[ \t]*\/[ \t]*([^\s/]+)[ \t]*\/[ \t]*([^\s/]+)[ \t]+/;

/** RFC 3261 §8.1.1.7: what marks a branch as globally unique. */
export const MAGIC_COOKIE = 'z9hG4bK';

/** One Via value (RFC 3261 §20.42, RFC 3581). Immutable. */
export class Via {
  constructor(
    /** Upper case: UDP, TCP, TLS, WS, WSS, or what the peer says. */
    readonly transport: string,
    /** As written; an IPv6 address stands in brackets. {@link address} is without. */
    readonly host: string,
    readonly port: number | null,
    readonly parameters: Parameters,
    /** Protocol name and version, `SIP/2.0`. */
    readonly protocol = 'SIP/2.0',
  ) {}

  /** @param text one value, not a comma list. Never throws. */
  static parse(text: string): Via | null {
    let protocol = 'SIP/2.0';
    let transport: string;
    let start: number;
    const common = COMMON.exec(text);
    if (common) {
      transport = common[1] ?? '';
      start = common[0].length;
    } else {
      const any = ANY.exec(text);
      if (!any) return null;
      const [all, name = '', version = '', via = ''] = any;
      if (!isToken(name) || !isToken(version) || !isToken(via)) return null;
      protocol = `${name.toUpperCase()}/${version}`;
      transport = via.toUpperCase();
      start = all.length;
    }
    while (text.charCodeAt(start) === 0x20) start++;
    let end = endOfHost(text, start);
    if (end < 0) return null;
    const host = text.slice(start, end);
    if (!isHost(host)) return null;
    let port: number | null = null;
    end = skipSpace(text, end);
    if (text.charCodeAt(end) === 0x3a) {
      const portStart = skipSpace(text, end + 1);
      end = endOfHost(text, portStart);
      port = parsePort(text.slice(portStart, end));
      if (port === null) return null;
      end = skipSpace(text, end);
    }
    const parameters = parseParameters(text.slice(end));
    return parameters === null ? null : new Via(transport, host, port, parameters, protocol);
  }

  get branch(): string | null {
    return this.parameters.get('branch') ?? null;
  }

  /** The address that `received` holds, without brackets (RFC 5118 §4.5); null if it is not there. */
  get received(): string | null {
    const received = this.parameters.get('received');
    return received ? hostAddress(received) : null;
  }

  /** RFC 3581: the port, null if the parameter is there without a value, undefined if it is not there. */
  get rport(): number | null | undefined {
    const rport = this.parameters.get('rport');
    return rport ? parsePort(rport) : rport === undefined ? undefined : null;
  }

  get maddr(): string | null {
    return this.parameters.get('maddr') ?? null;
  }

  /** The host without the brackets of an IPv6 reference. */
  get address(): string {
    return hostAddress(this.host);
  }

  /** Host and port as the RFC's matching rules compare them: lower case, with the port if it is written. */
  get sentBy(): string {
    const host = this.host.toLowerCase();
    return this.port === null ? host : `${host}:${this.port}`;
  }

  /** The same with one parameter set (`null`: without a value) or taken away (`undefined`). */
  withParameter(name: string, value: string | null | undefined): Via {
    const parameters = new Map(this.parameters);
    if (value === undefined) parameters.delete(name.toLowerCase());
    else parameters.set(name.toLowerCase(), value);
    return new Via(this.transport, this.host, this.port, parameters, this.protocol);
  }

  toString(): string {
    const port = this.port === null ? '' : `:${this.port}`;
    return `${this.protocol}/${this.transport} ${hostReference(this.host)}${port}${printParameters(this.parameters)}`;
  }
}

function skipSpace(text: string, position: number): number {
  let index = position;
  while (text.charCodeAt(index) === 0x20 || text.charCodeAt(index) === 0x09) index++;
  return index;
}
