import { ipFamily } from '../../../net/ip-address.js';
import { NetworkError, type DnsRecord, type Network } from '../../../net/network.js';
import { randomUint32, type Random } from '../../../platform/random.js';
import type { SipUri } from '../sip-uri.js';
import { defaultPort, type SipTransport, type Target } from './flow.js';

type Srv = Extract<DnsRecord, { type: 'SRV' }>;
type Naptr = Extract<DnsRecord, { type: 'NAPTR' }>;

/** A transport with the name to ask SRV for, or null: ask for addresses of the host. */
interface Service {
  readonly transport: SipTransport;
  readonly srvName: string | null;
}

const NAPTR_SERVICES: Readonly<Record<string, SipTransport>> = {
  'SIP+D2U': 'udp',
  'SIP+D2T': 'tcp',
  'SIPS+D2T': 'tls',
};
const SRV_PREFIX: Readonly<Record<SipTransport, string>> = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' };
/** Bound on what a hostile zone can make us try. */
const MAX_TARGETS = 16;

/**
 * RFC 3263 §4: the places to send a request for `uri`, best first.
 *
 * @param transport overrules what the URI and DNS say
 * @throws NetworkError `dns` when the name leads nowhere, `unsupported` for a transport that we lack
 */
export async function locate(
  uri: SipUri,
  network: Network,
  random: Random,
  transport?: SipTransport,
): Promise<Target[]> {
  const host = uri.parameter('maddr') ?? uri.address;
  const numeric = ipFamily(host) !== null;
  const services = await selectServices(uri, host, numeric, network, transport);
  const targets: Target[] = [];
  for (const service of services) {
    for (const target of await targetsOf(service, uri, host, numeric, network, random)) {
      if (targets.length < MAX_TARGETS) targets.push(target);
    }
    // A service whose name gave no record is passed over for the next one.
  }
  if (targets.length === 0) throw new NetworkError('dns', `no address for ${host}`);
  return targets;
}

/** RFC 3263 §4.1. */
async function selectServices(
  uri: SipUri,
  host: string,
  numeric: boolean,
  network: Network,
  forced: SipTransport | undefined,
): Promise<Service[]> {
  const secure = uri.scheme === 'sips';
  const explicit = forced ?? transportParameter(uri);
  const bySrv = !numeric && uri.port === null;
  if (explicit) {
    const transport = secure ? 'tls' : explicit;
    return [{ transport, srvName: bySrv ? `${SRV_PREFIX[transport]}.${host}` : null }];
  }
  if (!bySrv) return [{ transport: secure ? 'tls' : 'udp', srvName: null }];
  const naptr = (await query(network, host, 'NAPTR')).filter((r): r is Naptr => r.type === 'NAPTR');
  naptr.sort((a, b) => a.order - b.order || a.preference - b.preference);
  const services: Service[] = [];
  for (const record of naptr) {
    const transport = NAPTR_SERVICES[record.service.toUpperCase()];
    if (transport && (!secure || transport === 'tls') && record.flags.toLowerCase() === 's') {
      services.push({ transport, srvName: record.replacement });
    }
  }
  if (services.length > 0) return services;
  // No NAPTR: SRV of each transport we have; the host's own addresses end the list.
  const candidates: SipTransport[] = secure ? ['tls'] : ['udp', 'tcp'];
  const found: Service[] = [];
  for (const transport of candidates) {
    const srvName = `${SRV_PREFIX[transport]}.${host}`;
    if ((await query(network, srvName, 'SRV')).length > 0) found.push({ transport, srvName });
  }
  return found.length > 0 ? found : [{ transport: secure ? 'tls' : 'udp', srvName: null }];
}

function transportParameter(uri: SipUri): SipTransport | null {
  const value = uri.parameter('transport')?.toLowerCase();
  if (!value) return null;
  if (value === 'udp' || value === 'tcp' || value === 'tls') return value;
  throw new NetworkError('unsupported', `transport ${value} is not supported`);
}

/** RFC 3263 §4.2. */
async function targetsOf(
  service: Service,
  uri: SipUri,
  host: string,
  numeric: boolean,
  network: Network,
  random: Random,
): Promise<Target[]> {
  const { transport } = service;
  const name = transport === 'tls' && !numeric ? { serverName: host } : {};
  if (service.srvName !== null) {
    const records = (await query(network, service.srvName, 'SRV')).filter((r): r is Srv => r.type === 'SRV');
    const targets: Target[] = [];
    for (const srv of orderSrv(records, random)) {
      for (const address of await addresses(network, srv.target)) {
        targets.push({ transport, address, port: srv.port, ...name });
      }
    }
    if (records.length > 0) return targets;
  }
  const port = uri.port ?? defaultPort(transport);
  const literals = numeric ? [host] : await addresses(network, host);
  return literals.map((address) => ({ transport, address, port, ...name }));
}

async function addresses(network: Network, host: string): Promise<string[]> {
  if (ipFamily(host) !== null) return [host];
  // RFC 6761 §6.3: never asked of a name server.
  if (host.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  const [v4, v6] = await Promise.all([query(network, host, 'A'), query(network, host, 'AAAA')]);
  return [...v4, ...v6].flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.address] : []));
}

/** A name that does not exist is an empty answer here; every other failure passes. */
async function query(network: Network, name: string, type: DnsRecord['type']): Promise<readonly DnsRecord[]> {
  try {
    return await network.resolve({ name, type });
  } catch (error) {
    if (error instanceof NetworkError && error.reason === 'dns') return [];
    throw error;
  }
}

/** RFC 2782: by priority, within one priority drawn by weight. */
export function orderSrv(records: readonly Srv[], random: Random): Srv[] {
  const ordered: Srv[] = [];
  const rest = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  while (rest.length > 0) {
    const group = rest.filter((record) => record.priority === rest[0]?.priority);
    const total = group.reduce((sum, record) => sum + record.weight, 0);
    let draw = total === 0 ? 0 : randomUint32(random) % (total + 1);
    const chosen = group.find((record) => (draw -= record.weight) <= 0) ?? group[0];
    if (!chosen) break;
    ordered.push(chosen);
    rest.splice(rest.indexOf(chosen), 1);
  }
  return ordered;
}
