import { NameAddr } from '../sip/name-addr.js';
import { parseUri, SipUri, uriEquals, type Uri } from '../sip/uri.js';
import { matchesWildcard } from './wildcard.js';

/** An IMPU, or a wildcarded one that stands for many (TS 23.003 §13.5). */
export interface PublicIdentity {
  /** URI as text. */
  readonly text: string;
  readonly displayName: string | null;
  /** Null: wildcarded. */
  readonly uri: Uri | null;
}

const MAX_TEXT = 512;

/** A value of P-Associated-URI. @returns null if it is none */
export function parseIdentity(value: string): PublicIdentity | null {
  if (value.length > MAX_TEXT) return null;
  const enclosed = /^([^<]*)<((?:sips?|tel):[^<>]*![^<>]*![^<>]*)>/i.exec(value);
  if (enclosed) {
    const displayName = (enclosed[1] ?? '').trim().replace(/^"([^]*)"$/, '$1');
    return { text: enclosed[2] ?? '', displayName: displayName === '' ? null : displayName, uri: null };
  }
  const parsed = NameAddr.parse(value);
  return parsed && { text: parsed.uri.toString(), displayName: parsed.displayName, uri: parsed.uri };
}

/** The same from a bare URI, as reginfo has it. */
export function identityOf(text: string): PublicIdentity | null {
  if (text.length > MAX_TEXT) return null;
  if (isWildcarded(text)) return { text, displayName: null, uri: null };
  const uri = parseUri(text);
  return uri && { text: uri.toString(), displayName: null, uri };
}

/** TS 23.003 §13.5: `!` stands for nothing else in an identity. */
export function isWildcarded(text: string): boolean {
  return /![^!]*!/.test(text);
}

/** Whether `uri` is this identity, or one of those that it stands for. */
export function covers(identity: PublicIdentity, uri: Uri): boolean {
  if (identity.uri) return sameIdentity(identity.uri, uri);
  return matchesWildcard(identity.text, addressOf(uri).toString());
}

export function sameIdentity(a: Uri, b: Uri): boolean {
  return uriEquals(addressOf(a), addressOf(b));
}

/** Without parameters: what an identity is compared by. */
function addressOf(uri: Uri): Uri {
  return uri instanceof SipUri ? uri.addressOfRecord : uri;
}
