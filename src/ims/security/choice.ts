import { readIpsec3gpp, type Ipsec3gpp } from './ipsec-parameters.js';
import { MECHANISM_NAMES, parseMechanism, type MechanismName } from './mechanism.js';
import { suitesOf, type IpsecSuite, type SecurityPolicy } from './policy.js';

/** The mechanism that both sides have. */
export type ChosenMechanism =
  { readonly name: 'ipsec-3gpp'; readonly ipsec: Ipsec3gpp } | { readonly name: Exclude<MechanismName, 'ipsec-3gpp'> };

interface Candidate {
  readonly q: number;
  /** Place in our policy. */
  readonly rank: number;
  readonly suite: number;
  readonly chosen: ChosenMechanism;
}

/** Values that are looked at: a server has a handful. */
const MAX_VALUES = 64;

/**
 * RFC 3329 §2.3.1: the one of the server's mechanisms with the highest q among those that we offered.
 *
 * @param values of Security-Server, hostile
 * @returns null if there is none in common
 */
export function chooseMechanism(values: readonly string[], policy: SecurityPolicy): ChosenMechanism | null {
  const suites = suitesOf(policy);
  const common = values.slice(0, MAX_VALUES).flatMap((value): Candidate[] => {
    const mechanism = parseMechanism(value);
    const name = MECHANISM_NAMES.find((known) => known === mechanism?.name);
    if (!mechanism || !name || !policy.mechanisms.includes(name)) return [];
    const rank = policy.mechanisms.indexOf(name);
    if (name !== 'ipsec-3gpp') return [{ q: mechanism.q, rank, suite: 0, chosen: { name } }];
    const ipsec = readIpsec3gpp(mechanism);
    const suite = ipsec ? suites.findIndex((own) => sameSuite(own, ipsec)) : -1;
    return ipsec && suite >= 0 ? [{ q: mechanism.q, rank, suite, chosen: { name, ipsec } }] : [];
  });
  // Two with one q is an error of the server: then what we like better.
  common.sort((a, b) => b.q - a.q || a.rank - b.rank || a.suite - b.suite);
  return common[0]?.chosen ?? null;
}

function sameSuite(a: IpsecSuite, b: IpsecSuite): boolean {
  return a.integrity === b.integrity && a.encryption === b.encryption && a.mode === b.mode && a.protocol === b.protocol;
}
