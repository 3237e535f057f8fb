import { unescape } from './uri-parameters.js';

/** What of a SIP URI is compared. */
interface Comparable {
  readonly scheme: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly host: string;
  readonly port: number | null;
  readonly parameters: ReadonlyMap<string, string | null>;
  readonly headers: string | null;
}

/** Parameters that both URIs must have, or neither (RFC 3261 §19.1.4). */
const DECISIVE_PARAMETERS = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** Comparison of SIP and SIPS URIs by RFC 3261 §19.1.4. Not transitive, as the RFC says. */
export function sipUriEquals(a: Comparable, b: Comparable): boolean {
  return (
    a.scheme === b.scheme &&
    optional(a.user) === optional(b.user) &&
    optional(a.password) === optional(b.password) &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    a.port === b.port && // an omitted port does not equal an explicit 5060
    parametersEqual(a, b) &&
    headersEqual(a.headers, b.headers)
  );
}

function optional(text: string | null): string | null {
  return text === null ? null : unescape(text);
}

function parametersEqual(a: Comparable, b: Comparable): boolean {
  for (const name of DECISIVE_PARAMETERS) {
    if (a.parameters.has(name) !== b.parameters.has(name)) return false;
  }
  for (const [name, value] of a.parameters) {
    const theirs = b.parameters.get(name);
    if (theirs === undefined) continue; // a parameter in one URI only is ignored
    if (unescape(value ?? '').toLowerCase() !== unescape(theirs ?? '').toLowerCase()) return false;
  }
  return true;
}

function headersEqual(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return canonicalHeaders(a) === canonicalHeaders(b);
}

/** URI headers are never ignored, and their order does not count. */
function canonicalHeaders(text: string): string {
  return text
    .split('&')
    .map((header) => {
      const equals = header.indexOf('=');
      return `${unescape(header.slice(0, equals)).toLowerCase()}=${unescape(header.slice(equals + 1))}`;
    })
    .sort()
    .join('&');
}
