import type { SipResponse } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import type { KeepAliveTerms } from '../sip/transport/keep-alive.js';
import { parseUri, SipUri, uriEquals, type Uri } from '../sip/uri.js';
import { parseIdentity, type PublicIdentity } from './public-identity.js';

/** What a 200 to REGISTER gave us. */
export interface Binding {
  /** Seconds. */
  readonly expires: number;
  /** Route of every later request (RFC 3608). */
  readonly serviceRoute: readonly string[];
  /** Public identities, the default one first (RFC 7315 §4.1). */
  readonly associatedUris: readonly PublicIdentity[];
  /** RFC 5627 §4.2; null: the registrar makes none. */
  readonly pubGruu: SipUri | null;
  readonly tempGruu: SipUri | null;
  /** RFC 5626 §6: the registrar keeps the flow. */
  readonly outbound: boolean;
  /** How the flow is to be kept. */
  readonly keepAlive: KeepAliveTerms;
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
  const { contacts, headers } = response;
  const ours = contacts === '*' ? undefined : contacts.find((candidate) => isSameContact(candidate, contact));
  const outbound = headers.getAll('Require').some((tag) => tag.toLowerCase() === 'outbound');
  const named = seconds(ours?.parameters.get('expires') ?? null) ?? response.expires ?? requested;
  return {
    expires: named,
    serviceRoute: headers
      .getAll('Service-Route')
      .slice(0, MAX_VALUES)
      .filter((value) => NameAddr.parse(value) !== null),
    associatedUris: headers
      .getAll('P-Associated-URI')
      .slice(0, MAX_VALUES)
      .flatMap((value) => parseIdentity(value) ?? []),
    pubGruu: gruu(ours, 'pub-gruu'),
    tempGruu: gruu(ours, 'temp-gruu'),
    outbound,
    keepAlive: readKeepAlive(response, outbound),
  };
}

/** The registrar keeps the flow (RFC 5626 §4.4), or the first hop answered our `keep` with a number (RFC 6223 §4.2). */
function readKeepAlive({ headers, via }: SipResponse, outbound: boolean): KeepAliveTerms {
  const wanted = seconds(via?.parameters.get('keep') ?? null);
  const timer = seconds(headers.get('Flow-Timer') ?? null) ?? wanted;
  const received = via?.received ?? via?.address;
  return {
    agreed: outbound || wanted !== null,
    // RFC 6223 §4.3: 0 recommends nothing.
    seconds: timer === 0 ? null : timer,
    translated: received !== via?.address || (via?.rport ?? via?.port) !== via?.port,
  };
}

/** RFC 5627 §3.1: a GRUU has the `gr` parameter. */
function gruu(contact: NameAddr | undefined, name: string): SipUri | null {
  const uri = parseUri(contact?.parameters.get(name) ?? '');
  return uri instanceof SipUri && uri.parameters.has('gr') ? uri : null;
}

function isSameContact(candidate: NameAddr, ours: NameAddr): boolean {
  const instance = ours.parameters.get('+sip.instance');
  if (instance && candidate.parameters.get('+sip.instance') === instance) {
    // RFC 5626 §6: one device may have several flows.
    const [theirs, own] = [candidate.parameters.get('reg-id'), ours.parameters.get('reg-id')];
    if (!theirs || !own || theirs === own) return true;
  }
  return isSameAddress(candidate.uri, ours.uri);
}

/** Registrars add parameters to the URI, or lose some: user, host and port tell. */
export function isSameAddress(a: Uri, b: Uri): boolean {
  return uriEquals(bare(a), bare(b));
}

function bare(uri: Uri): Uri {
  return uri instanceof SipUri ? new SipUri({ user: uri.user, host: uri.host, port: uri.port }) : uri;
}

function seconds(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Math.min(Number(text), 0xffff_ffff) : null;
}
