import { printChallenge } from '../sip/challenge.js';
import { Headers } from '../sip/headers.js';
import { SipRequest } from '../sip/message.js';
import type { NameAddr } from '../sip/name-addr.js';
import type { SipUri } from '../sip/uri.js';

export interface RegisterRequestOptions {
  /** Home domain, R-URI. */
  readonly domain: SipUri;
  /** Public identity to register, without parameters. */
  readonly identity: NameAddr;
  readonly privateIdentity: string;
  /** Named in the first Authorization: what we can answer with. Null: no credentials are configured. */
  readonly algorithm: string | null;
  readonly callId: string;
  readonly tag: string;
}

/** REGISTER as TS 24.229 §5.1.1.2.1 wants it; Via, Contact and Supported are to come. */
export function createRegister(options: RegisterRequestOptions, cseq: number, expires: number): SipRequest {
  const { domain, identity, privateIdentity, algorithm } = options;
  const headers = new Headers([
    ['Max-Forwards', '70'],
    ['From', identity.withParameter('tag', options.tag).toString()],
    ['To', identity.toString()],
    ['Call-ID', options.callId],
    ['CSeq', `${cseq} REGISTER`],
    ['Expires', String(expires)],
  ]);
  if (algorithm !== null) {
    // TS 24.229 §5.1.1.2.1 and RFC 3310 §3.3: tells the registrar who will be challenged.
    const parameters = new Map([
      ['username', privateIdentity],
      ['realm', domain.address],
      ['uri', domain.toString()],
      ['nonce', ''],
      ['response', ''],
      ['algorithm', algorithm],
    ]);
    headers.append('Authorization', printChallenge({ scheme: 'Digest', parameters }));
  }
  return new SipRequest('REGISTER', domain, headers);
}
