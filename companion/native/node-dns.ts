import { lookup, Resolver } from 'node:dns/promises';
import { NetworkError, type DnsQuery, type DnsRecord } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';

/** Node tells no TTL of SRV and NAPTR records, nor of the hosts file: keep them for this many seconds. */
const UNKNOWN_TTL = 60;

/** DNS by Node's resolver; A and AAAA also from the hosts file if the system's own servers are asked. */
export class NodeDns {
  readonly #resolver = new Resolver({ timeout: 3000, tries: 2 });

  /** @param servers `address` or `address:port` of each; the system's if absent */
  constructor(private readonly servers?: readonly string[]) {
    if (servers) this.#resolver.setServers(servers);
  }

  async resolve(query: DnsQuery): Promise<readonly DnsRecord[]> {
    try {
      return await this.#ask(query);
    } catch (error) {
      const local = this.servers ? [] : await fromHosts(query);
      if (local.length > 0) return local;
      const mapped = networkErrorFrom(error);
      throw new NetworkError(mapped.reason === 'closed' ? 'closed' : 'dns', mapped.message, error);
    }
  }

  cancel(): void {
    this.#resolver.cancel();
  }

  async #ask({ name, type }: DnsQuery): Promise<readonly DnsRecord[]> {
    switch (type) {
      case 'A':
        return (await this.#resolver.resolve4(name, { ttl: true })).map((record) => ({ type, ...record }));
      case 'AAAA':
        return (await this.#resolver.resolve6(name, { ttl: true })).map((record) => ({ type, ...record }));
      case 'SRV':
        return (await this.#resolver.resolveSrv(name)).map(({ priority, weight, port, name: target }) => ({
          type,
          priority,
          weight,
          port,
          target,
          ttl: UNKNOWN_TTL,
        }));
      case 'NAPTR':
        return (await this.#resolver.resolveNaptr(name)).map(
          ({ order, preference, flags, service, regexp, replacement }) => ({
            type,
            order,
            preference,
            flags,
            service,
            regexp,
            replacement,
            ttl: UNKNOWN_TTL,
          }),
        );
    }
  }
}

async function fromHosts({ name, type }: DnsQuery): Promise<readonly DnsRecord[]> {
  if (type !== 'A' && type !== 'AAAA') return [];
  try {
    const found = await lookup(name, { family: type === 'A' ? 4 : 6, all: true });
    return found.map(({ address }) => ({ type, address, ttl: UNKNOWN_TTL }));
  } catch {
    return [];
  }
}
