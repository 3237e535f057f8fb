/** A user of the demo core. */
export interface Subscriber {
  /** User part of the identities: `alice`. */
  readonly user: string;
  readonly password: string;
  readonly displayName?: string;
  /** Telephone number that also leads to this user, E.164 with `+`. */
  readonly number?: string;
}

/** Who may register, and which addresses lead to them. */
export class Subscribers {
  readonly #byUser = new Map<string, Subscriber>();
  readonly #byNumber = new Map<string, Subscriber>();

  constructor(
    readonly domain: string,
    subscribers: readonly Subscriber[],
  ) {
    for (const subscriber of subscribers) {
      this.#byUser.set(subscriber.user, subscriber);
      if (subscriber.number !== undefined) this.#byNumber.set(subscriber.number, subscriber);
    }
  }

  /** @param user user part of a SIP URI of the domain, or a telephone number, with or without visual separators */
  find(user: string): Subscriber | null {
    return this.#byUser.get(user.toLowerCase()) ?? this.#byNumber.get(user.replace(/[-.()]/g, '')) ?? null;
  }

  /** @param username private identity, with or without the domain */
  findByPrivateIdentity(username: string): Subscriber | null {
    const suffix = `@${this.domain}`;
    return this.#byUser.get(username.endsWith(suffix) ? username.slice(0, -suffix.length) : username) ?? null;
  }

  /** Public identities, the default one first (TS 23.228 §4.3.3.4): P-Associated-URI. */
  publicIdentities(subscriber: Subscriber): string[] {
    const sip = `sip:${subscriber.user}@${this.domain}`;
    return subscriber.number === undefined ? [sip] : [sip, `tel:${subscriber.number}`];
  }
}
