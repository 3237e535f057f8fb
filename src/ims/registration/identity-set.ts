import { NameAddr } from '../sip/name-addr.js';
import { parseUri, type Uri } from '../sip/uri.js';
import type { IdentitySnapshot } from '../snapshot.js';
import { covers, identityOf, isWildcarded, sameIdentity, type PublicIdentity } from './public-identity.js';
import type { OwnContact } from './reg-event/own-contact.js';
import type { RegistrationInfo } from './reg-event/reginfo.js';

interface Entry {
  readonly identity: PublicIdentity;
  state: IdentitySnapshot['state'];
  event: string | null;
  gruu: string | null;
}

/** Identities shown at most. */
const MAX_IDENTITIES = 64;

/**
 * The public identities that are registered together (TS 23.228 §5.2.1a): what P-Associated-URI names, the default one
 * first, and what the reg event tells of each.
 */
export class IdentitySet {
  #entries: readonly Entry[] = [];

  /** @param registered the identity that we registered with; barred if the network names others and not this one */
  constructor(private readonly registered: NameAddr) {}

  get snapshot(): readonly IdentitySnapshot[] {
    return Object.freeze(
      this.#entries.map(({ identity, state, event, gruu }, index) =>
        Object.freeze({
          uri: identity.text,
          displayName: identity.displayName ?? '',
          state,
          event,
          isDefault: index === 0,
          gruu,
        }),
      ),
    );
  }

  /** The identity for calls: the first of P-Associated-URI, else the one that we registered. */
  get preferred(): NameAddr {
    const first = this.#entries.find(({ identity }) => identity.uri !== null);
    const { displayName } = this.registered;
    return first?.identity.uri
      ? new NameAddr(first.identity.uri, displayName ?? first.identity.displayName)
      : this.registered;
  }

  /** A registration was accepted. @param gruu public GRUU of the registered identity */
  accept(associated: readonly PublicIdentity[], gruu: string | null): void {
    const { uri, displayName } = this.registered;
    const identities =
      associated.length > 0 ? associated : [{ text: uri.toString(), displayName: displayName ?? null, uri }];
    const kept = this.#entries;
    this.#entries = identities.slice(0, MAX_IDENTITIES).map((identity) => {
      const before = kept.find((entry) => entry.identity.text === identity.text);
      const own = identity.uri !== null && sameIdentity(identity.uri, uri);
      return {
        identity,
        state: 'active' as const,
        event: before?.state === 'active' ? before.event : null,
        gruu: (own ? gruu : null) ?? before?.gruu ?? null,
      };
    });
  }

  clear(): void {
    this.#entries = [];
  }

  /** News of the reg event. Only what the network registered together with our contact is ours. */
  note(registrations: readonly RegistrationInfo[], own: readonly OwnContact[]): void {
    const entries = this.#entries.map((entry) => ({ ...entry }));
    for (const { aor, state } of registrations) {
      const identity = identityOf(aor);
      if (!identity) continue;
      const contact = own.find((candidate) => candidate.aor === aor);
      let entry = entries.find((known) => sameEntry(known.identity, identity));
      if (!entry) {
        if (contact?.state !== 'active' || entries.length >= MAX_IDENTITIES) continue;
        entry = { identity, state: 'active', event: null, gruu: null };
        entries.push(entry);
      }
      entry.state = contact ? contact.state : state;
      entry.event = contact?.event ?? entry.event;
      entry.gruu = contact?.gruu ?? entry.gruu;
    }
    this.#entries = entries;
  }

  /** The identity that a person chose. @returns null if it is none of ours, or not registered any more */
  choose(text: string): NameAddr | null {
    const uri = parseUri(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `sip:${text}`);
    const entry = uri && this.#find(uri);
    // What stands for many is nobody in particular.
    if (!uri || !entry || isWildcarded(text) || entry.state === 'terminated') return null;
    return new NameAddr(entry.identity.uri ?? uri, this.registered.displayName ?? entry.identity.displayName);
  }

  /** Whether a URI is one of ours. */
  has(uri: Uri): boolean {
    return this.#find(uri) !== null;
  }

  #find(uri: Uri): Entry | null {
    // A distinct identity is matched before a wildcarded one (TS 23.003 §13.5).
    const byUri = this.#entries.find(({ identity }) => identity.uri !== null && covers(identity, uri));
    return byUri ?? this.#entries.find(({ identity }) => identity.uri === null && covers(identity, uri)) ?? null;
  }
}

function sameEntry(a: PublicIdentity, b: PublicIdentity): boolean {
  return a.uri && b.uri ? sameIdentity(a.uri, b.uri) : a.text === b.text;
}
