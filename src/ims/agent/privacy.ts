import type { Account } from '../account.js';
import {
  ANONYMITY,
  isAnonymous,
  PrivateHeaders,
  type PrivacyValue,
  type PrivateHeadersOptions,
} from '../private-headers/index.js';
import type { SipEndpoint } from '../sip/endpoint.js';

/** Private headers are looked after on every message that leaves or comes; security has its look besides. */
export function putInTheWay(endpoint: SipEndpoint, options: PrivateHeadersOptions): void {
  const { onOutgoing, admits } = endpoint;
  const headers = new PrivateHeaders(options);
  endpoint.onOutgoing = (request, flow) => {
    headers.outgoing(request, flow);
    onOutgoing?.(request, flow);
  };
  endpoint.onAnswer = (response, request, flow) => headers.answering(response, request, flow);
  endpoint.admits = (message, flow) => {
    headers.incoming(message, flow);
    return admits?.(message, flow) ?? true;
  };
}

/** What one call asks for, where a person said otherwise than the account. */
export function wishedPrivacy({ privacy = [] }: Account, anonymous: boolean | undefined): readonly PrivacyValue[] {
  if (anonymous === undefined) return privacy;
  if (anonymous) return isAnonymous(privacy) ? privacy : [...privacy.filter((value) => value !== 'none'), ...ANONYMITY];
  // TS 24.607 §4.5.2.1: who presents the identity against a default of the network says so.
  return isAnonymous(privacy) ? ['none'] : privacy;
}
