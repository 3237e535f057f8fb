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
  readonly proxy: SipUri | null;
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
  let proxy: SipUri | null = null;
  if (account.proxy !== undefined && account.proxy !== '') {
    const parsed = parseUri(/^sips?:/i.test(account.proxy) ? account.proxy : `sip:${reference(account.proxy)}`);
    if (!(parsed instanceof SipUri)) return invalid('proxy', account.proxy);
    proxy = parsed;
  }
  const user = uri instanceof SipUri ? uri.user : null;
  return {
    identity: new NameAddr(uri, account.displayName ?? null),
    privateIdentity: account.privateIdentity ?? uri.toString().replace(/^[a-z]+:/i, ''),
    domain: new SipUri({ scheme: domain.scheme, host: domain.host, port: domain.port }),
    proxy,
    transport: account.transport ?? null,
    contactUser: user ?? 'ims',
  };
}

/** A bare IPv6 address gets its brackets; anything else stays. */
function reference(host: string): string {
  return ipFamily(host) === 6 ? hostReference(host) : host;
}

function invalid(what: string, value: string): Failure {
  return { reason: 'address-invalid', detail: `${what} ${JSON.stringify(value.slice(0, 80))} is no address` };
}
