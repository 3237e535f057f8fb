import { NameAddr } from '../sip/name-addr.js';
import { SipUri } from '../sip/uri.js';

/** Values of Privacy (RFC 3323 §4.2, RFC 3325 §9.3). */
export type PrivacyValue = 'header' | 'session' | 'user' | 'id' | 'critical' | 'none';

export const PRIVACY_VALUES: readonly PrivacyValue[] = ['header', 'session', 'user', 'id', 'critical', 'none'];

/** RFC 3323 §4.1.1.3 */
export const ANONYMOUS = new NameAddr(new SipUri({ user: 'anonymous', host: 'anonymous.invalid' }), 'Anonymous');

/** What a caller who wants to be anonymous asks for (TS 24.607 §4.5.2.1): From is ours to hide, the rest the network's. */
export const ANONYMITY: readonly PrivacyValue[] = ['id'];

/** Whether somebody with these wishes is to be named nowhere. */
export function isAnonymous(privacy: readonly PrivacyValue[]): boolean {
  return privacy.includes('id') || privacy.includes('user');
}

/** RFC 3323 §4.2: `none` stands alone; `critical` adds to others. @returns null: there is nothing to say */
export function printPrivacy(privacy: readonly PrivacyValue[]): string | null {
  if (privacy.length === 0) return null;
  if (privacy.includes('none')) return 'none';
  const values = PRIVACY_VALUES.filter((value) => privacy.includes(value));
  return values.some((value) => value !== 'critical') ? values.join(';') : null;
}
