import type { RegistrationSnapshot } from '../../ims/snapshot.js';
import type { Strings } from '../strings/strings.js';

/** What protects the signalling now, in one line; null before there is anything to say. */
export function securityText(t: Strings, { security, transport }: RegistrationSnapshot): string | null {
  if (!security) return null;
  // RFC 3329 may have agreed on less than the transport brings.
  const encrypted = transport === 'tls' || transport === 'wss';
  const mechanism = encrypted && /^(?:none|digest)$/.test(security.mechanism) ? 'tls' : security.mechanism;
  const parts = [t.security[mechanism]];
  if (security.algorithm) parts.push(security.algorithm.toUpperCase());
  if (security.encryption)
    parts.push(security.encryption === 'null' ? t.security.notEncrypted : security.encryption.toUpperCase());
  return parts.join(' · ');
}
