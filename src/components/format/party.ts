import type { Party } from '../../ims/snapshot.js';

/** More would only break the layout; the whole text is in the tooltip-free details. */
const LONGEST = 80;

/** Control characters and bidi overrides could dress one caller up as another. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
    .slice(0, LONGEST);
}

/** `sip:alice@ims.test;user=phone` → `alice@ims.test`, `tel:+4930…` → `+4930…`. */
export function addressOf(uri: string): string {
  const bare = plain(uri.replace(/^<|>$/g, ''));
  const match = /^(?:sips?|tel):([^;?]*)/i.exec(bare);
  return match?.[1] ?? bare;
}

/** What a person is called: display name, else the user part, else the address. */
export function nameOf(party: Party): string {
  const displayName = plain(party.displayName.replace(/^"|"$/g, ''));
  if (displayName) return displayName;
  const address = addressOf(party.uri);
  const user = address.split('@')[0];
  return user ? user : address;
}

/** One or two letters for the round picture; empty for a number. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  if (!first) return '';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return ((Array.from(first)[0] ?? '') + (last ? (Array.from(last)[0] ?? '') : '')).toLocaleUpperCase();
}
