/** IP address literals: parsing, canonical form, prefixes. Pure text and octets, no look-up. */

function parseIpv4(text: string): Uint8Array | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  const octets = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = match[i + 1] ?? '';
    const value = Number(part);
    // A leading zero is octal to some resolvers: no two readings of one address.
    if (value > 255 || (part.length > 1 && part.startsWith('0'))) return null;
    octets[i] = value;
  }
  return octets;
}

function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const v4 = parseIpv4(part);
      if (!v4) return null;
      groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

function parseIpv6(text: string): Uint8Array | null {
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  // RFC 4291 §2.2: "::" stands for one or more groups of zeros.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const octets = new Uint8Array(16);
  groups.forEach((group, i) => {
    octets[2 * i] = group >> 8;
    octets[2 * i + 1] = group & 255;
  });
  return octets;
}

/** @returns 4 or 16 octets, or null if `text` is not an address literal (no brackets, no zone) */
export function parseIp(text: string): Uint8Array | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** @returns the family of an address literal, a zone (`fe80::1%eth0`) allowed; null if it is none */
export function ipFamily(text: string): 4 | 6 | null {
  const octets = parseIp(text.split('%')[0] ?? '');
  return octets ? (octets.length === 4 ? 4 : 6) : null;
}

/** The text form of 4 or 16 octets, as RFC 5952 §4 wants it. */
export function formatIp(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  let best = -1;
  let bestLength = 1; // RFC 5952 §4.2.2: a single zero group is not shortened
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > bestLength) [best, bestLength] = [i, end - i];
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (best < 0) return hex(groups);
  return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

/** One spelling per address: RFC 5952 form, IPv4-mapped IPv6 as IPv4. Null if it is no literal. */
export function canonicalIp(text: string): string | null {
  const [literal = '', zone] = text.split('%');
  const octets = parseIp(literal);
  if (!octets) return null;
  // RFC 4291 §2.5.5.2: ::ffff:a.b.c.d reaches the same host as a.b.c.d.
  const mapped = octets.length === 16 && octets.subarray(0, 12).every((o, i) => o === (i < 10 ? 0 : 255));
  const canonical = formatIp(mapped ? octets.subarray(12) : octets);
  return zone === undefined || mapped ? canonical : `${canonical}%${zone}`;
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(text: string): boolean {
  const canonical = canonicalIp(text);
  return canonical === '::1' || (canonical !== null && ipFamily(canonical) === 4 && canonical.startsWith('127.'));
}

/** True if `address` lies in `prefix` (`10.0.0.0/8`, `fd00::/8`, or a plain address). */
export function inPrefix(address: string, prefix: string): boolean {
  const [base = '', length] = prefix.split('/');
  const a = parseIp((canonicalIp(address) ?? '').split('%')[0] ?? '');
  const b = parseIp(canonicalIp(base) ?? '');
  if (!a || !b || a.length !== b.length) return false;
  const bits = length === undefined ? a.length * 8 : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  if (!(bits <= a.length * 8)) return false;
  for (let i = 0; i < a.length; i++) {
    const kept = Math.max(0, Math.min(8, bits - 8 * i));
    const mask = (0xff00 >> kept) & 255;
    if (((a[i] ?? 0) & mask) !== ((b[i] ?? 0) & mask)) return false;
  }
  return true;
}

/** The wildcard address of a family. */
export function anyAddress(family: 4 | 6): string {
  return family === 6 ? '::' : '0.0.0.0';
}
