import type { Headers } from '../sip/headers.js';
import { SipRequest, type SipMessage, type SipResponse } from '../sip/message.js';
import { NameAddr } from '../sip/name-addr.js';
import type { Flow } from '../sip/transport/flow.js';
import { printPrivacy, type PrivacyValue } from './privacy.js';

export interface PrivateHeadersOptions {
  /** P-Access-Network-Info, as configured; null: not known. */
  readonly accessNetworkInfo: string | null;
  /** Whether a flow leads to the network that we trust, and that trusts us (RFC 3324, 3325): the P-CSCF, or the proxy. */
  readonly trusts: (flow: Flow) => boolean;
}

/** Which of them travel, and which way (RFC 7315 §5.7, RFC 3325 §9, RFC 6050 §4, RFC 5009 §6). */
interface Rule {
  /** Whether a user agent says it to a network that it trusts; nobody else is told. */
  readonly said: boolean;
  /** Whether it is listened to when that network says it; nobody else is. */
  readonly heard: boolean;
}

const SAID: Rule = { said: true, heard: false };
const HEARD: Rule = { said: false, heard: true };
const BOTH: Rule = { said: true, heard: true };
/** Between networks alone: neither ours to say nor meant for us. */
const NETWORK: Rule = { said: false, heard: false };

export const PRIVATE_HEADERS: ReadonlyMap<string, Rule> = new Map([
  ['P-Preferred-Identity', SAID],
  ['P-Asserted-Identity', HEARD],
  ['P-Access-Network-Info', SAID],
  ['P-Visited-Network-ID', NETWORK],
  ['P-Charging-Vector', NETWORK],
  ['P-Charging-Function-Addresses', NETWORK],
  ['P-Called-Party-ID', HEARD],
  ['P-Early-Media', BOTH],
  ['P-Preferred-Service', SAID],
  ['P-Asserted-Service', HEARD],
]);

/** Every private header of every message, from this one place (row R11). */
export class PrivateHeaders {
  constructor(private readonly options: PrivateHeadersOptions) {}

  /** Who asks, in a request that begins a dialog or stands alone (TS 24.229 §5.1.2A.1.1). */
  static identify(headers: Headers, identity: NameAddr, privacy: readonly PrivacyValue[]): void {
    headers.set('P-Preferred-Identity', new NameAddr(identity.uri, identity.displayName).toString());
    const wish = printPrivacy(privacy);
    if (wish !== null) headers.set('Privacy', wish);
  }

  /** The last look at a request that leaves. */
  outgoing(request: SipRequest, flow: Flow): void {
    const { method, headers } = request;
    const trusted = this.options.trusts(flow);
    this.#strip(headers, trusted ? 'said' : null);
    // TS 24.229 §5.1.2A.1.1: not in ACK and CANCEL.
    if (trusted && method !== 'ACK' && method !== 'CANCEL' && (method !== 'REGISTER' || isProven(request, flow)))
      this.#access(headers);
  }

  /** The last look at a response that leaves. */
  answering(response: SipResponse, request: SipRequest, flow: Flow): void {
    const trusted = this.options.trusts(flow);
    this.#strip(response.headers, trusted ? 'said' : null);
    if (trusted && response.status > 100 && request.method !== 'CANCEL') this.#access(response.headers);
  }

  /** The first look at what came: what only a network may say is taken away from everybody else's messages. */
  incoming(message: SipMessage, flow: Flow): void {
    this.#strip(message.headers, this.options.trusts(flow) ? 'heard' : null);
  }

  #access(headers: Headers): void {
    const { accessNetworkInfo } = this.options;
    if (accessNetworkInfo !== null) headers.set('P-Access-Network-Info', accessNetworkInfo);
  }

  #strip(headers: Headers, kept: keyof Rule | null): void {
    for (const [name, rule] of PRIVATE_HEADERS) {
      if (kept !== null && rule[kept]) continue;
      if (headers.has(name)) headers.delete(name);
    }
  }
}

/** TS 24.229 §5.1.1.2: where we are is not told in clear to who did not ask who we are yet. */
function isProven(request: SipRequest, flow: Flow): boolean {
  if (flow.protectedBy || flow.transport === 'tls') return true;
  return request.headers.rawValues('Authorization').some((value) => /\bresponse="[^"]+"/.test(value));
}
