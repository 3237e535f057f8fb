import { NO_PARAMETERS, type Parameters } from './parameters.js';

// RFC 3261 §25.1: uri-parameter, paramchar.
const PARAMETERS = /^(?:;[A-Za-z0-9\-_.!~*'()%[\]/:&+$]+(?:=[A-Za-z0-9\-_.!~*'()%[\]/:&+$]*)?)*$/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** Whether each `%` starts an escape of two hexadecimal digits. */
export function escapesAreWhole(text: string): boolean {
  return !text.includes('%') || !BROKEN_ESCAPE.test(text);
}

/**
 * Undoes %-escapes. Text that is no UTF-8 after it is returned as it was.
 */
export function unescape(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * URI parameters (RFC 3261 §19.1.1): no white space, no quotes. Names are lower case, values stay as written.
 * @param text starts with `;`
 */
export function parseUriParameters(text: string): Parameters | null {
  if (text === ';lr') return LOOSE_ROUTING;
  if (!PARAMETERS.test(text) || !escapesAreWhole(text)) return null;
  const parameters = new Map<string, string | null>();
  let start = 1;
  while (start <= text.length) {
    let end = text.indexOf(';', start);
    if (end < 0) end = text.length;
    const equals = text.indexOf('=', start);
    const name = text.slice(start, equals >= 0 && equals < end ? equals : end).toLowerCase();
    const value = equals >= 0 && equals < end ? text.slice(equals + 1, end) : null;
    const before = parameters.get(name);
    // RFC 3261 §19.1.1: a name stands once; said twice alike it does no harm.
    if (before != null && value !== null && before !== value) return null;
    if (before == null) parameters.set(name, value);
    start = end + 1;
  }
  return parameters.size === 0 ? NO_PARAMETERS : parameters;
}

const LOOSE_ROUTING: Parameters = new Map([['lr', null]]);

export function printUriParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) text += value === null ? `;${name}` : `;${name}=${value}`;
  return text;
}
