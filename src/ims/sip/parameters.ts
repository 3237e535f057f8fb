import { endOfQuotedString, quote, unquote } from './quoted-string.js';
import { isToken } from './token.js';

/** Parameters by lower-case name; `null` is a parameter without a value. Values are without quotes. */
export type Parameters = ReadonlyMap<string, string | null>;

/** The one empty map, so that values without parameters cost nothing. */
export const NO_PARAMETERS: Parameters = new Map();

// RFC 3261 §25.1 gen-value = token / host / quoted-string; RFC 5118 §4.5: [] and : also stand bare in `received`.
const VALUE = /^[A-Za-z0-9\-.!%*_+`'~[\]:]*$/;
// What RFC 3261 forbids bare and deployed peers write all the same: anything visible that ends no parameter.
const LENIENT_VALUE = /^[^\0-\x20\x7f";,<>]+$/;

/**
 * Header parameters: `;name=value;name`, with white space around `;` and `=`.
 * @param text starts with `;` or is empty
 * @returns null if malformed (an empty parameter, a name that is no token, an unterminated string, two values for a name)
 */
export function parseParameters(text: string): Parameters | null {
  if (text.length === 0) return NO_PARAMETERS;
  const parameters = new Map<string, string | null>();
  let position = skipSpace(text, 0);
  while (position < text.length) {
    if (text.charCodeAt(position) !== 0x3b) return null;
    const start = position + 1;
    let end = start;
    let equals = -1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === 0x3b) break;
      if (code === 0x3d && equals < 0) equals = end;
      else if (code === 0x22) {
        end = endOfQuotedString(text, end) - 1;
        if (end < 0) return null;
      }
    }
    const name = text.slice(start, equals < 0 ? end : equals).trim();
    if (!isToken(name)) return null;
    const value = equals < 0 ? null : parseValue(text.slice(equals + 1, end).trim());
    if (value === undefined) return null;
    const key = name.toLowerCase();
    const before = parameters.get(key);
    // RFC 3261 §7.3.1: a name stands once. Said twice alike it does no harm; with two values nobody knows which is meant.
    if (before != null && value !== null && before !== value) return null;
    if (before == null) parameters.set(key, value);
    position = end;
  }
  return parameters;
}

function parseValue(text: string): string | undefined {
  if (VALUE.test(text)) return text.length === 0 ? undefined : text;
  if (text.charCodeAt(0) === 0x22) return endOfQuotedString(text, 0) === text.length ? unquote(text) : undefined;
  return LENIENT_VALUE.test(text) ? text : undefined;
}

function skipSpace(text: string, position: number): number {
  while (position < text.length && text.charCodeAt(position) <= 0x20) position++;
  return position;
}

/** `;name=value` for each parameter; values that are neither token nor host are quoted. */
export function printParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) {
    text += value === null ? `;${name}` : `;${name}=${value.length > 0 && VALUE.test(value) ? value : quote(value)}`;
  }
  return text;
}
