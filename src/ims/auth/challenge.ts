import { parseChallenge, type Challenge } from '../sip/challenge.js';
import { splitCommaList } from '../sip/comma-list.js';

export type { Challenge };

/** Parameters of Authentication-Info (RFC 7616 §3.5). Null if there are none. */
export function parseAuthenticationInfo(text: string | undefined): Challenge['parameters'] | null {
  return text === undefined ? null : (parseChallenge(`Digest ${text}`)?.parameters ?? null);
}

/** More than this in one response is nobody's honest wish. */
const MAX_CHALLENGES = 16;
// A scheme and white space before the first parameter.
const NEW_CHALLENGE = /^[A-Za-z0-9\-.!%*_+`'~]+[ \t]+[A-Za-z0-9\-.!%*_+`'~]+[ \t]*=/;

/**
 * Every challenge of the header fields of one name, in order: each field may hold several
 * (RFC 9110 §11.6.1), which a comma alone does not tell apart. What is malformed is left out.
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  const texts: string[] = [];
  for (const field of fields) {
    splitCommaList(field).forEach((item, index) => {
      if (index === 0 || NEW_CHALLENGE.test(item)) texts.push(item);
      else texts.push(`${texts.pop() ?? ''}, ${item}`);
    });
  }
  return texts.slice(0, MAX_CHALLENGES).flatMap((text) => parseChallenge(text) ?? []);
}
