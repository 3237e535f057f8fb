const DIGITS = /^\d+$/;

/**
 * A number of digits only, as in Max-Forwards, Expires, Content-Length (RFC 3261 §25.1: 1*DIGIT).
 * @returns null if it is none, or above `maximum`
 */
export function parseNumber(text: string | undefined, maximum: number): number | null {
  if (text === undefined || text.length > 20 || !DIGITS.test(text)) return null;
  const number = Number(text);
  return number <= maximum ? number : null;
}

/** RFC 3261 §20.19: Expires is at most 2^32-1 seconds. */
export const MAXIMUM_DELTA_SECONDS = 2 ** 32 - 1;

/** RFC 3261 §20.22: Max-Forwards is at most 255. */
export const MAXIMUM_MAX_FORWARDS = 255;
