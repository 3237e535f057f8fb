import { DEFAULT_DESTINATIONS, parseDestinationRule } from './destination-rules.js';
import { GrantStore, type Grant } from './grants.js';
import { Pairing, type PairingOffer } from './pairing.js';
import type { StateDirectory } from './state-directory.js';

export interface AccessOptions {
  /** Origins let in without a token: the page that the companion itself serves, tests. */
  readonly trustedOrigins: readonly string[];
  /** What trusted origins may reach. */
  readonly trustedDestinations: readonly string[];
}

/** Who may use the companion, and what for. */
export class Access {
  readonly grants: GrantStore;
  readonly pairing: Pairing;
  readonly #trusted: Set<string>;
  readonly #trustedRules;

  constructor(directory: StateDirectory, options: AccessOptions) {
    this.grants = new GrantStore(directory);
    this.pairing = new Pairing(directory);
    this.#trusted = new Set(options.trustedOrigins);
    this.#trustedRules = options.trustedDestinations.map(parseDestinationRule).filter((rule) => rule !== null);
  }

  trust(origin: string): void {
    this.#trusted.add(origin);
  }

  isTrusted(origin: string): boolean {
    return this.#trusted.has(origin);
  }

  /** Origins that are told more than "there is something here". */
  isKnown(origin: string): boolean {
    return this.isTrusted(origin) || this.grants.knowsOrigin(origin);
  }

  /** Origins that may open a WebSocket at all. */
  mayConnect(origin: string): boolean {
    return this.isKnown(origin) || this.pairing.isOpenFor(origin);
  }

  /** @returns null if the page has to be paired (again) */
  admit(origin: string, token: string | undefined): Grant | null {
    if (token !== undefined) {
      const grant = this.grants.find(origin, token);
      if (grant) return grant;
    }
    return this.isTrusted(origin) ? { id: '', origin, rules: this.#trustedRules, listen: true } : null;
  }

  /** True as long as a grant given by {@link admit} holds. */
  stillHolds(grant: Grant): boolean {
    return grant.id === '' || this.grants.has(grant.id);
  }

  /** @returns a token, or null if the code is not good */
  pair(origin: string, code: string): string | null {
    const offer = this.pairing.take(origin, code);
    return offer ? this.grants.add(origin, offer.destinations, offer.listen) : null;
  }

  /** Opens a pairing code. @throws RangeError if a destination is no rule */
  offer(offer: Partial<PairingOffer>): string {
    const destinations = offer.destinations ?? DEFAULT_DESTINATIONS;
    for (const rule of destinations) {
      if (!parseDestinationRule(rule)) throw new RangeError(`Not a destination rule: ${rule}`);
    }
    const origin = offer.origin === undefined ? {} : { origin: offer.origin };
    return this.pairing.open({ ...origin, destinations, listen: offer.listen ?? true });
  }
}
