import type { SipResponse } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import { SipUri, uriEquals, type Uri } from '../sip/uri.js';

/** What a 200 to REGISTER gave us. */
export interface Binding {
  /** Seconds. */
  readonly expires: number;
  /** Route of every later request (RFC 3608). */
  readonly serviceRoute: readonly string[];
  /** Public identities, the default one first (RFC 7315 §4.1). */
  readonly associatedUris: readonly NameAddr[];
}

/** Values of one header that are looked at. */
const MAX_VALUES = 32;

/**
 * Reads a 200 to REGISTER. It lists every binding of the address of record (RFC 3261 §10.3 step 8): ours
 * is the one with our URI, or our instance.
 *
 * @param requested seconds asked for, which count if the registrar names none
 */
export function readBinding(response: SipResponse, contact: NameAddr, requested: number): Binding {
  const { contacts } = response;
  const ours = contacts === '*' ? undefined : contacts.find((candidate) => isSameContact(candidate, contact));
  const named = seconds(ours?.parameters.get('expires') ?? null) ?? response.expires ?? requested;
  return {
    expires: named,
    serviceRoute: response.headers
      .getAll('Service-Route')
      .slice(0, MAX_VALUES)
      .filter((value) => NameAddr.parse(value) !== null),
    associatedUris: response.headers
      .getAll('P-Associated-URI')
      .slice(0, MAX_VALUES)
      .flatMap((value) => NameAddr.parse(value) ?? []),
  };
}

function isSameContact(candidate: NameAddr, ours: NameAddr): boolean {
  const instance = ours.parameters.get('+sip.instance');
  if (instance && candidate.parameters.get('+sip.instance') === instance) return true;
  return uriEquals(bare(candidate.uri), bare(ours.uri));
}

/** Registrars add parameters to the URI, or lose some: user, host and port tell. */
function bare(uri: Uri): Uri {
  return uri instanceof SipUri ? new SipUri({ user: uri.user, host: uri.host, port: uri.port }) : uri;
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Math.min(Number(text), 0xffff_ffff) : null;
}
