import type { Account } from '../account.js';
import type { Failure } from '../failure.js';
import { ipFamily } from '../../net/ip-address.js';
import { hostReference } from '../sip/host.js';
import { NameAddr } from '../sip/name-addr.js';
import type { SipTransport } from '../sip/transport/flow.js';
import { parseUri, SipUri } from '../sip/uri.js';

/** An account, read once. */
export interface AccountPlan {
  /** Public identity with display name. */
  readonly identity: NameAddr;
  readonly privateIdentity: string;
  /** R-URI of REGISTER, and host of dialled numbers. */
  readonly domain: SipUri;
  /** P-CSCFs or proxies in the order of preference; none: found from the domain. */
  readonly proxies: readonly SipUri[];
  readonly transport: SipTransport | null;
  /** User part of our Contact. */
  readonly contactUser: string;
}

/** TS 24.229 §5.1.1.2.1 */
export const DEFAULT_EXPIRES = 600_000;

/** @returns a failure `address-invalid` if the account is not one */
export function readAccount(account: Account): AccountPlan | Failure {
  const uri = parseUri(
    /^[a-z][a-z0-9+.-]*:/i.test(account.publicIdentity) ? account.publicIdentity : `sip:${account.publicIdentity}`,
  );
  if (!uri) return invalid('public identity', account.publicIdentity);
  const host = account.domain ?? (uri instanceof SipUri ? uri.host : undefined);
  const domain = host === undefined ? null : parseUri(`sip:${reference(host.replace(/^sips?:/i, ''))}`);
  if (!(domain instanceof SipUri)) return invalid('domain', host ?? '');
  const proxies: SipUri[] = [];
  for (const text of splitList(account.proxy)) {
    const parsed = parseUri(/^sips?:/i.test(text) ? text : `sip:${reference(text)}`);
    if (!(parsed instanceof SipUri)) return invalid('proxy', text);
    proxies.push(parsed);
  }
  const user = uri instanceof SipUri ? uri.user : null;
  return {
    identity: new NameAddr(uri, account.displayName ?? null),
    privateIdentity: account.privateIdentity ?? uri.toString().replace(/^[a-z]+:/i, ''),
    domain: new SipUri({ scheme: domain.scheme, host: domain.host, port: domain.port }),
    proxies,
    transport: account.transport ?? null,
    contactUser: user ?? 'ims',
  };
}

/** A bare IPv6 address gets its brackets; anything else stays. */
function reference(host: string): string {
  return ipFamily(host) === 6 ? hostReference(host) : host;
}

/** `a, b c`: as people write lists. */
function splitList(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((item) => item !== '');
}

function invalid(what: string, value: string): Failure {
  return { reason: 'address-invalid', detail: `${what} ${JSON.stringify(value.slice(0, 80))} is no address` };
}
