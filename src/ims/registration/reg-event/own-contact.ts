import type { ContactEvent, ContactInfo, RegistrationInfo } from './reginfo.js';

/** How our own contact stands in one registration. */
export interface OwnContact {
  readonly aor: string;
  readonly state: 'active' | 'terminated';
  readonly event: ContactEvent | null;
  /** Seconds. */
  readonly expires: number | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  readonly gruu: string | null;
}

/** What to know our contact by. */
export interface OwnBinding {
  isContact(uri: string): boolean;
  readonly instance: string | null;
}

/**
 * Our contact in each registration that has it. By its URI; by the instance only where the URI is nowhere, since an
 * earlier life of this device may still be listed with the same instance.
 */
export function ownContacts(registrations: readonly RegistrationInfo[], own: OwnBinding): OwnContact[] {
  const byUri = (contact: ContactInfo): boolean => own.isContact(contact.uri);
  const byInstance = (contact: ContactInfo): boolean => own.instance !== null && contact.instance === own.instance;
  const listed = registrations.some(({ contacts }) => contacts.some(byUri));
  const isOurs = listed ? byUri : byInstance;
  return registrations.flatMap(({ aor, state, contacts }) => {
    const ours = contacts.filter(isOurs);
    const contact = ours.find((candidate) => candidate.state === 'active') ?? ours[0];
    if (!contact) return [];
    const { event, expires, retryAfter, pubGruu } = contact;
    const over = state === 'terminated' || contact.state === 'terminated';
    return [{ aor, state: over ? 'terminated' : 'active', event, expires, retryAfter, gruu: pubGruu }];
  });
}

/** What TS 24.229 §5.1.1.7 and §5.1.1.5.2 make of the news about our contact. */
export type NetworkDecision =
  | { readonly kind: 'none' }
  | { readonly kind: 'register' } // deactivated, expired: a new initial registration, now
  | { readonly kind: 'register-later'; readonly after: number | null } // probation; ms
  | { readonly kind: 'ended'; readonly event: ContactEvent | null } // rejected, unregistered: not again by ourselves
  | { readonly kind: 'shortened'; readonly expires: number }; // re-authenticate in time; seconds

/** Which event decides when the identities of one contact ended differently: the friendliest to the user. */
const ORDER: readonly ContactEvent[] = ['deactivated', 'expired', 'probation', 'rejected', 'unregistered'];

/** @param contacts ours, from {@link ownContacts} */
export function decide(contacts: readonly OwnContact[]): NetworkDecision {
  const active = contacts.filter(({ state }) => state === 'active');
  if (active.length > 0) {
    const shortened = active.filter(({ event, expires }) => event === 'shortened' && expires !== null);
    const expires = Math.min(...shortened.map((contact) => contact.expires ?? Infinity));
    return shortened.length > 0 ? { kind: 'shortened', expires } : { kind: 'none' };
  }
  if (contacts.length === 0) return { kind: 'none' };
  const event = ORDER.find((candidate) => contacts.some((contact) => contact.event === candidate)) ?? null;
  switch (event) {
    case 'deactivated':
    case 'expired':
      return { kind: 'register' };
    case 'probation': {
      const waits = contacts.flatMap(({ retryAfter }) => retryAfter ?? []);
      return { kind: 'register-later', after: waits.length > 0 ? Math.max(...waits) * 1000 : null };
    }
    default:
      return { kind: 'ended', event };
  }
}
