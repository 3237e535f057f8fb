import type { SipResponse } from '../sip/message.js';
import type { SipTransport } from '../sip/transport/flow.js';
import { SipUri } from '../sip/uri.js';

/**
 * Where a 300, 301 or 302 sends a REGISTER (RFC 3261 §8.1.3.4). Only the next hop changes: the Request-URI stays the
 * home domain (TS 24.229 §5.1.1.2.1). Who came by TLS is not led away from it.
 *
 * @param transport of the flow that was answered on
 */
export function redirectTarget(response: SipResponse, transport: SipTransport | null): SipUri | null {
  const { status, contacts } = response;
  if (status < 300 || status > 302 || contacts === '*') return null;
  const ranked = contacts.flatMap(({ uri, parameters }) => {
    if (!(uri instanceof SipUri)) return [];
    const secure = uri.scheme === 'sips' || uri.parameters.get('transport')?.toLowerCase() === 'tls';
    if (transport === 'tls' && !secure) return [];
    const q = Number(parameters.get('q') ?? 1);
    return [{ uri, q: q >= 0 && q <= 1 ? q : 0 }];
  });
  return ranked.sort((a, b) => b.q - a.q)[0]?.uri ?? null;
}
