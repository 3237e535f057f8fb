import { splitCommaList } from '../sip/comma-list.js';
import { unquote } from '../sip/quoted-string.js';

/** One challenge of WWW-Authenticate or Proxy-Authenticate (RFC 3261 §25.1: challenge). */
export interface Challenge {
  /** As written; compares without regard to case. */
  readonly scheme: string;
  /** By lower-case name, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** More than this in one response is nobody's honest wish. */
const MAX_CHALLENGES = 16;
const NEW_CHALLENGE = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+(?=[A-Za-z0-9\-.!%*_+`'~]+[ \t]*=)/;
const PARAMETER = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*=[ \t]*(\S[\s\S]*)?$/;

/**
 * Every challenge of the header fields of one name, in order: each field may hold several
 * (RFC 7235 §4.1), which a comma alone does not tell apart. What is malformed is left out.
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const field of fields) {
    let parameters: Map<string, string> | null = null;
    for (const item of splitCommaList(field)) {
      let text = item;
      const start = NEW_CHALLENGE.exec(item);
      if (start) {
        if (challenges.length >= MAX_CHALLENGES) return challenges;
        parameters = new Map();
        challenges.push({ scheme: start[1] ?? '', parameters });
        text = item.slice(start[0].length);
      }
      const parameter = PARAMETER.exec(text);
      const name = parameter?.[1]?.toLowerCase();
      if (!parameters || name === undefined || parameters.has(name)) continue;
      parameters.set(name, unquote((parameter?.[2] ?? '').trim()));
    }
  }
  return challenges;
}
