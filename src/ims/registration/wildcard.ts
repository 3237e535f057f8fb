/** Repetitions within one pattern: with groups forbidden, so many keep the time to match small. */
const MAX_REPETITIONS = 3;
const MAX_PATTERN = 128;
const MAX_SUBJECT = 128;

/**
 * Whether a URI is one of those that a wildcarded identity stands for (TS 23.003 §13.5): an extended regular expression
 * between two `!`. The network writes it, so what could take long to match (groups, many repetitions) matches nothing.
 */
export function matchesWildcard(wildcard: string, uri: string): boolean {
  const [before, pattern, after, more] = wildcard.split('!');
  if (before === undefined || pattern === undefined || after === undefined || more !== undefined) return false;
  if (pattern.length > MAX_PATTERN || uri.length > MAX_SUBJECT || /[()|^$]|\\[^.*+?\\[\]{}\-/!]/.test(pattern))
    return false;
  const bare = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  if ((bare.match(/[*+?{]/g) ?? []).length > MAX_REPETITIONS) return false;
  const head = before.toLowerCase();
  const tail = after.toLowerCase();
  const whole = uri.toLowerCase();
  if (!whole.startsWith(head) || !whole.endsWith(tail) || whole.length < head.length + tail.length) return false;
  try {
    return new RegExp(`^(?:${pattern})$`).test(uri.slice(head.length, uri.length - tail.length));
  } catch {
    return false;
  }
}
