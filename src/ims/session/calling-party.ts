import type { SipRequest } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import type { Party } from '../snapshot.js';

/** Who calls: what the network asserts (RFC 3325 §9.1), else what the caller says. */
export function callingParty(invite: SipRequest): Party {
  // RFC 3325 §9.3: who wants no name told is not named, though the network forgot to take it away.
  const hidden = /(?:^|[;\s])(?:id|user)(?:$|[;\s])/i.test(invite.headers.rawValues('Privacy').join(';'));
  const asserted = hidden ? [] : invite.headers.getAll('P-Asserted-Identity').map((value) => NameAddr.parse(value));
  const identity = asserted.find((value) => value !== null) ?? invite.from;
  const displayName = identity?.displayName ?? invite.from?.displayName ?? '';
  return Object.freeze({ uri: identity?.uri.toString() ?? '', displayName });
}

/** RFC 7315 §4.2: which of our identities was called; null if the network does not say. */
export function calledIdentity(invite: SipRequest): string | null {
  const called = invite.headers.get('P-Called-Party-ID');
  return (called === undefined ? null : NameAddr.parse(called)?.uri.toString()) ?? null;
}
