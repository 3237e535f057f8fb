import { parseXml, type XmlElement } from '../../xml/index.js';

export const REGINFO_TYPE = 'application/reginfo+xml';

export type RegistrationInfoState = 'init' | 'active' | 'terminated';

/** Events of a contact (RFC 3680 §4.7.1). */
export type ContactEvent =
  | 'registered'
  | 'created'
  | 'refreshed'
  | 'shortened'
  | 'expired'
  | 'deactivated'
  | 'probation'
  | 'unregistered'
  | 'rejected';

export interface ContactInfo {
  readonly id: string;
  /** As text; untrusted. */
  readonly uri: string;
  readonly displayName: string | null;
  readonly state: 'active' | 'terminated';
  /** Null: one that nobody defined. */
  readonly event: ContactEvent | null;
  /** Seconds. */
  readonly expires: number | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  readonly callId: string | null;
  /** Value of `+sip.instance`, without quotes. */
  readonly instance: string | null;
  /** RFC 5628 */
  readonly pubGruu: string | null;
  readonly tempGruu: string | null;
}

export interface RegistrationInfo {
  /** Address of record as text; a wildcarded identity where the network names one (TS 24.229 §7.10.3). Untrusted. */
  readonly aor: string;
  readonly id: string;
  readonly state: RegistrationInfoState;
  readonly contacts: readonly ContactInfo[];
}

export interface ReginfoDocument {
  readonly version: number;
  readonly state: 'full' | 'partial';
  readonly registrations: readonly RegistrationInfo[];
}

const REGINFO = 'urn:ietf:params:xml:ns:reginfo';
const GRUU = 'urn:ietf:params:xml:ns:gruuinfo';
const WILDCARD = 'urn:3gpp:ns:extRegExp:1.0';
/** What one document may hold: an implicit set of a person is a handful. */
const MAX_REGISTRATIONS = 64;
const MAX_CONTACTS = 64;
const MAX_TEXT = 1024;

const EVENTS: readonly ContactEvent[] = [
  'registered',
  'created',
  'refreshed',
  'shortened',
  'expired',
  'deactivated',
  'probation',
  'unregistered',
  'rejected',
];

/** A registration information document (RFC 3680 §5, RFC 5628). Never throws; null if it is none. */
export function parseReginfo(body: Uint8Array | string): ReginfoDocument | null {
  const root = parseXml(body);
  if (root?.namespace !== REGINFO || root.name !== 'reginfo') return null;
  const version = whole(root.attribute('version'));
  const state = root.attribute('state');
  if (version === null || (state !== 'full' && state !== 'partial')) return null;
  const registrations = root
    .all('registration')
    .slice(0, MAX_REGISTRATIONS)
    .flatMap((element) => readRegistration(element) ?? []);
  return { version, state, registrations };
}

function readRegistration(element: XmlElement): RegistrationInfo | null {
  const aor = bounded(element.first('wildcardedIdentity', WILDCARD)?.text) ?? bounded(element.attribute('aor')?.trim());
  const id = bounded(element.attribute('id'));
  const state = element.attribute('state');
  if (aor === null || id === null) return null;
  if (state !== 'init' && state !== 'active' && state !== 'terminated') return null;
  const contacts = element
    .all('contact')
    .slice(0, MAX_CONTACTS)
    .flatMap((contact) => readContact(contact) ?? []);
  return { aor, id, state, contacts };
}

function readContact(element: XmlElement): ContactInfo | null {
  const id = bounded(element.attribute('id'));
  const uri = bounded(element.first('uri')?.text);
  const state = element.attribute('state');
  const event = element.attribute('event');
  if (id === null || uri === null || (state !== 'active' && state !== 'terminated')) return null;
  const instance = element.all('unknown-param').find((p) => p.attribute('name')?.toLowerCase() === '+sip.instance');
  return {
    id,
    uri,
    displayName: bounded(element.first('display-name')?.text),
    state,
    event: EVENTS.find((known) => known === event) ?? null,
    expires: whole(element.attribute('expires')),
    retryAfter: whole(element.attribute('retry-after')),
    callId: bounded(element.attribute('callid')),
    instance: bounded(instance?.text.replace(/^"([^]*)"$/, '$1')),
    pubGruu: gruu(element, 'pub-gruu'),
    tempGruu: gruu(element, 'temp-gruu'),
  };
}

function gruu(element: XmlElement, name: string): string | null {
  // Printed examples break the line within it.
  return bounded(element.first(name, GRUU)?.attribute('uri')?.replace(/\s+/g, ''));
}

function bounded(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && text.length > 0 && text.length <= MAX_TEXT ? text : null;
}

/** An unsigned number that fits 32 bits. */
function whole(text: string | null): number | null {
  const digits = text?.trim() ?? '';
  return /^\d{1,10}$/.test(digits) ? Math.min(Number(digits), 0xffff_ffff) : null;
}
