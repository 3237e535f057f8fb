import { ipFamily } from '../../net/ip-address.js';

const NAME = /^[A-Za-z0-9._-]+$/;
// RFC 5118 §4.10: the ABNF of RFC 3261 allowed three colons before an IPv4 tail; be liberal.
const IPV6 = /^\[[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%[A-Za-z0-9._~-]+)?\]$/;

/** Whether `text` can be a host as a SIP message writes it: a name, an IPv4 address or an IPv6 reference in []. */
export function isHost(text: string): boolean {
  if (text.charCodeAt(0) !== 0x5b) return NAME.test(text);
  if (text.length > 64 || !IPV6.test(text)) return false;
  const address = hostAddress(text).split('%')[0] ?? '';
  return ipFamily(address.replace(':::', '::')) === 6;
}

/** The address of an IPv6 reference without its brackets; any other host as it is. */
export function hostAddress(host: string): string {
  return host.charCodeAt(0) === 0x5b && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** A host as a SIP message writes it: an IPv6 address gets its brackets. */
export function hostReference(address: string): string {
  return address.includes(':') && address.charCodeAt(0) !== 0x5b ? `[${address}]` : address;
}

/** Where `:port`, parameters or headers begin after the host that starts at `start`; -1 if brackets never close. */
export function endOfHost(text: string, start: number): number {
  if (text.charCodeAt(start) === 0x5b) return text.indexOf(']', start) + 1 || -1;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    // : ; ? , and white space
    if (code === 0x3a || code === 0x3b || code === 0x3f || code === 0x2c || code <= 0x20) break;
  }
  return end;
}

/** A port of 1 to 5 digits up to 65535; null if it is none. */
export function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port <= 65535 ? port : null;
}
