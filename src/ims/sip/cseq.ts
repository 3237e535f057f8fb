import { isToken } from './token.js';

/** RFC 3261 §8.1.1.5: a sequence number below 2^31 is sent, below 2^32 is read (§20.16). */
export interface CSeq {
  readonly number: number;
  readonly method: string;
}

const CSEQ = /^(\d+)[ \t]+(\S+)$/;

/** Never throws; null if malformed or if the number does not fit in 32 bits. */
export function parseCSeq(text: string): CSeq | null {
  const match = CSEQ.exec(text);
  if (!match) return null;
  const number = Number(match[1]);
  const method = match[2] ?? '';
  return number < 2 ** 32 && isToken(method) ? { number, method } : null;
}

export function printCSeq(cseq: CSeq): string {
  return `${cseq.number} ${cseq.method}`;
}
