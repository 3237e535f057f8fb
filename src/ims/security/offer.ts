import { NO_PARAMETERS } from '../sip/parameters.js';
import { printIpsec3gpp, type IpsecEnds } from './ipsec-parameters.js';
import { printMechanism, type MechanismName } from './mechanism.js';
import { suitesOf, type SecurityPolicy } from './policy.js';

/**
 * The values of Security-Client that a policy makes (RFC 3329 §2.3.1), the best last: some servers look at the last
 * one only.
 *
 * @param ends our ports and SPIs; null: ipsec-3gpp is not offered
 */
export function securityClient(policy: SecurityPolicy, ends: IpsecEnds | null): readonly string[] {
  const best = policy.mechanisms.flatMap((name) => valuesOf(name, policy, ends));
  return [...best].reverse();
}

function valuesOf(name: MechanismName, policy: SecurityPolicy, ends: IpsecEnds | null): readonly string[] {
  if (name !== 'ipsec-3gpp') return [printMechanism({ name, parameters: NO_PARAMETERS })];
  if (!ends) return [];
  return suitesOf(policy).map((suite) => printMechanism({ name, parameters: printIpsec3gpp(suite, ends) }));
}
