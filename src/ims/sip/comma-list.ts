import { endOfQuotedString } from './quoted-string.js';

/**
 * Splits a header value at its commas, but not at those in quoted strings or in <>
 * (RFC 3261 §7.3.1). Values are trimmed; empty ones are kept, so that a judge can see them.
 */
export function splitCommaList(text: string): string[] {
  if (!text.includes(',')) return [text];
  const values: string[] = [];
  let start = 0;
  let inAngle = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c && !inAngle) {
      values.push(text.slice(start, i).trim());
      start = i + 1;
    } else if (code === 0x22 && !inAngle) {
      const end = endOfQuotedString(text, i);
      if (end < 0) break; // an unterminated string swallows the rest
      i = end - 1;
    } else if (code === 0x3c) inAngle = true;
    else if (code === 0x3e) inAngle = false;
  }
  values.push(text.slice(start).trim());
  return values;
}
