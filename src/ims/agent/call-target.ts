import { OtherUri, parseUri, SipUri, TelUri, type Uri } from '../sip/uri.js';

// What people and web pages put into numbers: RFC 3966 §3 visual separators, spaces, no-break spaces.
const SEPARATORS = /[\s().\-\u00a0\u2010-\u2015/]/g;
const DIGITS = /^\+?[0-9*#]+$/;

/**
 * What a person typed, as a Request-URI: a sip:, sips:, tel: or urn: URI, an im: URI, which can only mean SIP here
 * (RFC 3428 §5), `user@host`, a number, or a name in our own domain. Null if it is none of them.
 */
export function parseCallTarget(text: string, domain: SipUri): Uri | null {
  const target = text.trim().replace(/^im:/i, 'sip:');
  if (target.length === 0 || target.length > 512) return null;
  if (/^(?:sips?|tel|urn):/i.test(target)) {
    const uri = parseUri(target.replace(/^tel:.*/i, (tel) => tel.replace(/\s/g, '')));
    // RFC 3261 §19.1.5: method and headers of a URI are not for us to follow unasked.
    if (uri instanceof SipUri) return uri.with({ headers: null }).withParameter('method', undefined);
    return uri instanceof OtherUri || uri instanceof TelUri ? uri : null;
  }
  const digits = target.replace(SEPARATORS, '');
  if (DIGITS.test(digits)) return at(domain, encodeURIComponent(digits).replace('%2B', '+'), true);
  if (target.includes('@')) return sip(parseUri(`sip:${target}`));
  return /^[A-Za-z0-9\-_.!~*'()&=+$,%]+$/.test(target) ? at(domain, target, false) : null;
}

/** RFC 3261 §19.1.6: a number in a SIP URI is told by `user=phone`. */
function at(domain: SipUri, user: string, phone: boolean): SipUri | null {
  const uri = sip(parseUri(`sip:${user}@${domain.host}`));
  return uri && phone ? uri.withParameter('user', 'phone') : uri;
}

function sip(uri: Uri | null): SipUri | null {
  return uri instanceof SipUri && uri.user !== null ? uri : null;
}
