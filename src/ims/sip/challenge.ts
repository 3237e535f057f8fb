import { endOfQuotedString, quote, unquote } from './quoted-string.js';
import { isToken } from './token.js';

/** A scheme and its parameters, as in WWW-Authenticate and Authorization (RFC 3261 §20.44, RFC 9110 §11). */
export interface Challenge {
  /** As written: `Digest`. Compare without regard to case. */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One challenge or set of credentials. Never throws; null if malformed. */
export function parseChallenge(text: string): Challenge | null {
  const space = text.search(/[ \t]/);
  const scheme = space < 0 ? text : text.slice(0, space);
  if (!isToken(scheme)) return null;
  const parameters = new Map<string, string>();
  for (let position = space < 0 ? text.length : space; position < text.length;) {
    let equals = -1;
    let end = position;
    for (; end < text.length && text.charCodeAt(end) !== 0x2c; end++) {
      const code = text.charCodeAt(end);
      if (code === 0x3d && equals < 0) equals = end;
      else if (code === 0x22) {
        end = endOfQuotedString(text, end) - 1;
        if (end < 0) return null;
      }
    }
    const item = text.slice(position, end).trim();
    position = end + 1;
    if (item.length === 0) continue; // an empty list element, RFC 9110 §5.6.1
    if (equals < 0) return null;
    const key = item.slice(0, item.indexOf('=')).trim().toLowerCase();
    if (!isToken(key)) return null;
    if (!parameters.has(key)) parameters.set(key, unquote(text.slice(equals + 1, end).trim()));
  }
  return { scheme, parameters };
}

/** Parameters that digest writes without quotes (RFC 7616 §3.4). */
const BARE = new Set(['algorithm', 'qop', 'nc', 'stale', 'userhash']);

/** `Digest username="a", nc=00000001`. */
export function printChallenge({ scheme, parameters }: Challenge): string {
  const items: string[] = [];
  for (const [name, value] of parameters)
    items.push(`${name}=${BARE.has(name) && isToken(value) ? value : quote(value)}`);
  return `${scheme} ${items.join(', ')}`;
}
