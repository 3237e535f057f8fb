import type { RequestContext } from './request-context.js';
import { Headers } from './sip/headers.js';
import { SipRequest } from './sip/message.js';
import { NameAddr } from './sip/name-addr.js';
import type { Uri } from './sip/uri.js';

/** What makes a request the one that it is. */
export interface RequestIdentity {
  readonly to: Uri;
  readonly tag: string;
  readonly callId: string;
  readonly cseq: number;
}

/**
 * A request that begins a dialog or stands alone (RFC 3261 §8.1.1, TS 24.229 §5.1.2A.1.1): the route that registration
 * found, who asks, and what we can. Contact and Via depend on the way and are to come.
 *
 * @param target Request-URI
 */
export function createInitialRequest(
  context: RequestContext,
  method: string,
  target: Uri,
  { to, tag, callId, cseq }: RequestIdentity,
): SipRequest {
  const headers = new Headers([['Max-Forwards', '70']]);
  for (const route of context.routes) headers.append('Route', route);
  headers.append('From', context.from.withParameter('tag', tag).toString());
  headers.append('To', new NameAddr(to).toString());
  headers.append('Call-ID', callId);
  headers.append('CSeq', `${cseq} ${method}`);
  context.identify(headers);
  context.describe(headers);
  return new SipRequest(method, target, headers);
}
