import type { SipEndpoint } from '../sip/endpoint.js';
import { defaultPort, type Target } from '../sip/transport/flow.js';
import { SipUri } from '../sip/uri.js';

/**
 * Where a P-CSCF that agreed on tls over another transport takes it: what RFC 3263 makes of the names that it may have,
 * whose certificate it then has to show. One that is known by its address alone has to show that.
 *
 * @param names of the P-CSCFs; port and transport of theirs are not those of TLS
 */
export async function tlsTarget(
  endpoint: Pick<SipEndpoint, 'locate'>,
  names: readonly SipUri[],
  address: string,
): Promise<Target> {
  for (const { host } of names) {
    const targets = await endpoint.locate(new SipUri({ host }), 'tls').catch(() => []);
    const found = targets.find((target) => target.address === address);
    if (found) return found;
  }
  return { transport: 'tls', address, port: defaultPort('tls') };
}
