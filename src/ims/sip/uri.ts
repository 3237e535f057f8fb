import { OtherUri } from './other-uri.js';
import { SipUri } from './sip-uri.js';
import { TelUri } from './tel-uri.js';

export { OtherUri, SipUri, TelUri };

/** A SIP, SIPS or tel URI taken apart, or any other URI as it stands. Immutable; `toString()` prints it. */
export type Uri = SipUri | TelUri | OtherUri;

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;

/**
 * Any URI that may stand in a SIP message. Never throws.
 * @returns null if `text` has no scheme or breaks the grammar of its scheme
 */
export function parseUri(text: string): Uri | null {
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  const scheme = text.slice(0, colon);
  switch (scheme === 'sip' ? scheme : scheme.toLowerCase()) {
    case 'sip':
      return SipUri.parseRest('sip', text.slice(colon + 1));
    case 'sips':
      return SipUri.parseRest('sips', text.slice(colon + 1));
    case 'tel':
      return TelUri.parseRest(text.slice(colon + 1));
    default:
      return SCHEME.test(scheme) ? OtherUri.parseRest(scheme, text.slice(colon + 1)) : null;
  }
}

/** RFC 3261 §19.1.4 for SIP and SIPS, RFC 3966 §4 for tel; other URIs are equal when their text is. */
export function uriEquals(a: Uri, b: Uri): boolean {
  if (a instanceof SipUri) return b instanceof SipUri && a.equals(b);
  if (a instanceof TelUri) return b instanceof TelUri && a.equals(b);
  return b instanceof OtherUri && a.equals(b);
}
