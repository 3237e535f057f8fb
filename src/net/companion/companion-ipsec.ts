import { toHex } from '../../platform/hex.js';
import { checkNegotiation, checkSet } from '../ipsec-check.js';
import type { IkeNegotiation, InstalledSet, Ipsec, SecurityAssociationSet } from '../ipsec.js';
import type { CompanionLink } from './companion-link.js';

/** Security associations through the companion: they live as long as its WebSocket, at most. */
export class CompanionIpsec implements Ipsec {
  /** @param withLink runs its argument with an open link */
  constructor(private readonly withLink: <T>(use: (link: CompanionLink) => Promise<T>) => Promise<T>) {}

  async install(set: SecurityAssociationSet): Promise<InstalledSet> {
    checkSet(set);
    const { integrityKey, encryptionKey } = set;
    const params = { ...set, integrityKey: toHex(integrityKey), encryptionKey: toHex(encryptionKey) };
    return this.withLink((link) => link.call('ipsec.install', params, ({ set: number }) => installed(link, number)));
  }

  async negotiate(negotiation: IkeNegotiation): Promise<InstalledSet> {
    checkNegotiation(negotiation);
    return this.withLink((link) => link.call('ipsec.negotiate', negotiation, ({ set }) => installed(link, set)));
  }
}

function installed(link: CompanionLink, set: number): InstalledSet {
  let removing: Promise<void> | null = null;
  const remove = (): Promise<void> => link.call('ipsec.remove', { set }, () => undefined).catch(() => undefined);
  return { remove: () => (removing ??= remove()) };
}
