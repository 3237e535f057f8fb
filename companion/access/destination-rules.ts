import { networkInterfaces } from 'node:os';
import { canonicalIp, inPrefix, isLoopback } from '../../src/net/ip-address.js';

/**
 * A destination rule is `NETWORK` or `NETWORK:PORTS`. NETWORK: `public`, `private`, `loopback` (this
 * host, under any of its addresses), `any`, or an address prefix such as `192.0.2.0/24` or
 * `[2001:db8::]/32`. PORTS: `5060`, `5060-5062`, lists of these joined by `,`; absent: 80, 443 and
 * 1024 to 65535. Multicast, broadcast, unspecified and link-local addresses are never allowed by a name.
 */
export interface DestinationRule {
  readonly network: string;
  readonly ports: readonly (readonly [from: number, to: number])[];
}

/** What a person grants who pairs and says nothing else: not this machine's own services. */
export const DEFAULT_DESTINATIONS: readonly string[] = ['public', 'private'];
const DEFAULT_PORTS: DestinationRule['ports'] = [[80, 80], [443, 443], [1024, 65535]]; // prettier-ignore

/** RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
/** RFC 6890 and the multicast blocks: nothing a page may reach by a general grant (cloud metadata among them). */
const NEVER = ['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'fe80::/10', 'ff00::/8'];
const NAMES = ['public', 'private', 'loopback', 'any'];

/** @returns null if the text is no rule */
export function parseDestinationRule(rule: string): DestinationRule | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\](\/\d+)?|([a-z]+|[0-9.]+(?:\/\d+)?))(?::([\d,-]+))?$/.exec(rule);
  if (!match) return null;
  const network = match[1] === undefined ? (match[3] ?? '') : `${match[1]}${match[2] ?? ''}`;
  const base = network.split('/')[0] ?? '';
  if (!NAMES.includes(network) && (canonicalIp(base) === null || !inPrefix(base, network))) return null;
  if (match[4] === undefined) return { network, ports: DEFAULT_PORTS };
  const ports: [number, number][] = [];
  for (const part of match[4].split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    const from = Number(range?.[1]);
    const to = Number(range?.[2] ?? range?.[1]);
    if (!(from >= 1 && from <= to && to <= 65535)) return null;
    ports.push([from, to]);
  }
  return { network, ports };
}

/** True for loopback and for every address of this machine's own interfaces. */
function isThisHost(address: string): boolean {
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => canonicalIp(own.address) === address));
}

function covers(network: string, address: string): boolean {
  if (!NAMES.includes(network)) return inPrefix(address, network);
  if (NEVER.some((prefix) => inPrefix(address, prefix))) return false;
  if (network === 'any') return true;
  if (isThisHost(address)) return network === 'loopback';
  const isPrivate = PRIVATE.some((prefix) => inPrefix(address, prefix));
  return network === (isPrivate ? 'private' : 'public');
}

/** True if one of the rules allows this address literal and port. */
export function permits(rules: readonly DestinationRule[], address: string, port: number): boolean {
  const canonical = canonicalIp(address);
  if (canonical === null || canonical.includes('%')) return false;
  return rules.some(
    (rule) => rule.ports.some(([from, to]) => port >= from && port <= to) && covers(rule.network, canonical),
  );
}
