import { ipFamily } from '../../../net/ip-address.js';
import type { Endpoint } from '../../../net/network.js';
import type { SipRequest } from '../message.js';
import { defaultPort, type Flow } from './flow.js';

/** RFC 3261 §18.2.1, RFC 3581 §4: notes in the top Via where the request really came from. */
export function noteSource(request: SipRequest, from: Endpoint): void {
  const via = request.via;
  if (!via) return;
  const asked = via.rport !== undefined;
  let noted = asked ? via.withParameter('rport', String(from.port)) : via;
  // RFC 3581 §4: with rport, received is always added.
  if (asked || via.address.toLowerCase() !== from.address.toLowerCase())
    noted = noted.withParameter('received', from.address);
  if (noted === via) return;
  request.headers.removeFirst('Via');
  request.headers.prepend('Via', noted.toString());
}

/**
 * RFC 3261 §18.2.2: where a response goes when the connection of its request is no way (UDP, or closed).
 * Null if the Via names a host that only DNS could resolve, or nothing usable.
 */
export function responseTarget(request: SipRequest, flow: Flow): Endpoint | null {
  const via = request.via;
  if (!via) return null;
  const port = via.port ?? defaultPort(flow.transport);
  if (flow.transport === 'udp') {
    const maddr = via.maddr;
    if (maddr !== null && ipFamily(maddr) !== null) return { address: maddr, port };
    if (typeof via.rport === 'number' && via.rport > 0)
      return { address: via.received ?? flow.remote.address, port: via.rport };
  }
  const address = via.received ?? via.address;
  return ipFamily(address) === null ? null : { address, port };
}
