import { NameAddr } from '../sip/name-addr.js';
import { NO_PARAMETERS } from '../sip/parameters.js';
import type { Flow, SipTransport, Target } from '../sip/transport/flow.js';
import { SipUri } from '../sip/uri.js';
import type { AccountPlan } from './account-plan.js';

/**
 * Our address on a flow. Who registered by UDP keeps an address of UDP, though a request went by TCP for its
 * size alone (RFC 3261 §18.1.1). Over a connection it is the connection's own end: that is where requests come.
 */
export function contactUri(user: string, flow: Flow, registered: SipTransport, udpPort: number | null): SipUri {
  const byUdp = registered === 'udp';
  const { port } = flow.protectedBy ? flow.sentBy : flow.local;
  return new SipUri({
    user,
    host: flow.local.address,
    // TS 24.229 §5.1.1.2.2: the protected server port.
    port: byUdp && flow.transport !== 'udp' && !flow.protectedBy ? (udpPort ?? port) : port,
    parameters: byUdp ? NO_PARAMETERS : new Map([['transport', flow.transport]]),
  });
}

/** Route of requests outside of dialogs. @param target where registration found its P-CSCF; null: not registered */
export function preloadedRoute(
  plan: AccountPlan,
  target: Target | null,
  serviceRoute: readonly string[],
): readonly string[] {
  if (target) return serviceRoute.length > 0 ? [...edge(target, serviceRoute), ...serviceRoute] : [];
  // Without registration, the configured proxy is the first hop (RFC 3261 §8.1.2).
  const [proxy] = plan.proxies;
  return proxy ? [new NameAddr(proxy.withParameter('lr', null)).toString()] : [];
}

/** TS 24.229 §5.1.2A.1.1: the P-CSCF first, unless the Service-Route begins with it. */
function edge(target: Target, serviceRoute: readonly string[]): readonly string[] {
  const first = NameAddr.parse(serviceRoute[0] ?? '')?.uri;
  if (first instanceof SipUri && first.address === target.address) return [];
  const parameters = new Map<string, string | null>(
    target.transport === 'udp' ? [] : [['transport', target.transport]],
  );
  const uri = new SipUri({ host: target.address, port: target.port, parameters: parameters.set('lr', null) });
  return [new NameAddr(uri).toString()];
}
