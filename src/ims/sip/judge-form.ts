import { isGrammatical, type GrammarRule } from './jssip.js';
import type { SipMessage } from './message.js';
import { SipRequest, SipResponse } from './message.js';
import { NameAddr } from './name-addr.js';
import { SipUri } from './uri.js';
import { ACCEPT, discard, reject, type Verdict } from './verdict.js';
import { MAGIC_COOKIE, Via } from './via.js';

/** Fields that decide how a message is handled, so that two of them make it ambiguous. */
const DECISIVE = [
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Type',
  'Event',
  'Replaces',
  'Refer-To',
  'RAck',
];

/** Values that are rare enough to leave them to the grammar, and decisive where they stand. */
const BY_GRAMMAR: readonly (readonly [name: string, rule: GrammarRule])[] = [
  ['Event', 'Event'],
  ['Replaces', 'Replaces'],
  ['Session-Expires', 'Session_Expires'],
  ['Subscription-State', 'Subscription_State'],
];

/**
 * Whether a message is well formed as far as its handling depends on it (RFC 3261 §8.2, RFC 4475): other malformed
 * fields are ignored. Knows nothing of what we support.
 */
export function judgeForm(message: SipMessage): Verdict {
  const fault = faultOf(message);
  if (message instanceof SipResponse) return fault === null ? judgeVias(message) : discard(fault);
  if (!(message instanceof SipRequest)) return discard('neither request nor response');
  const problem = fault ?? faultOfRequest(message);
  if (problem === null) return ACCEPT;
  // RFC 3261 §17: there is no response to an ACK; without a Via nobody knows where a response goes.
  return message.method === 'ACK' || !message.headers.has('Via') ? discard(problem) : reject(400, problem);
}

function faultOf(message: SipMessage): string | null {
  const { headers } = message;
  for (const name of DECISIVE) if (headers.count(name) > 1) return `more than one ${name}`;
  const vias = headers.getAll('Via');
  if (vias.length === 0) return 'no Via';
  if (message.vias.length < vias.length) return 'malformed Via';
  if (message.from === null) return headers.has('From') ? 'malformed From' : 'no From';
  if (message.to === null) return headers.has('To') ? 'malformed To' : 'no To';
  if (message.callId === null || /\s/.test(message.callId)) return message.callId ? 'malformed Call-ID' : 'no Call-ID';
  if (message.cseq === null) return headers.has('CSeq') ? 'malformed CSeq' : 'no CSeq';
  for (const name of ['Contact', 'Route', 'Record-Route']) {
    if (!nameAddrsAreWhole(message, name)) return `malformed ${name}`;
  }
  return null;
}

function nameAddrsAreWhole(message: SipMessage, name: string): boolean {
  if (!message.headers.has(name)) return true;
  if (name === 'Contact' && message.contacts === '*') return true;
  const texts = message.headers.getAll(name);
  const values = name === 'Contact' ? message.contacts : name === 'Route' ? message.routes : message.recordRoutes;
  return values.length === texts.length;
}

function faultOfRequest(request: SipRequest): string | null {
  const { headers, requestUri } = request;
  if (request.cseq?.method !== request.method) return `CSeq is of ${request.cseq?.method}`; // §8.1.1.5
  if (headers.has('Max-Forwards') && request.maxForwards === null) return 'malformed Max-Forwards';
  // RFC 4475 §3.2.1: the cookie promises an identifier that is not there.
  if (request.via?.branch === MAGIC_COOKIE) return 'branch without identifier';
  // RFC 3261 §19.1.1, table 1: no headers in a Request-URI.
  if (requestUri instanceof SipUri && requestUri.headers !== null) return 'Request-URI with headers';
  // RFC 3261 §10.3 step 6
  if (request.contacts === '*' && (request.method !== 'REGISTER' || request.expires !== 0))
    return 'Contact * out of place';
  for (const [name, rule] of BY_GRAMMAR) {
    const text = headers.get(name);
    if (text !== undefined && !isGrammatical(rule, text)) return `malformed ${name}`;
  }
  // RFC 3262 §7.2
  if (request.method === 'PRACK' && !/^\d{1,10}[ \t]+\d{1,10}[ \t]+\S+$/.test(headers.get('RAck') ?? '')) {
    return headers.has('RAck') ? 'malformed RAck' : 'no RAck';
  }
  if (request.method === 'REFER') {
    const target = headers.get('Refer-To');
    if (target === undefined || NameAddr.parse(target) === null) return 'no Refer-To'; // RFC 3515 §2.4.2
  }
  return null;
}

/** RFC 4475 §3.3.10: nobody sends through a broadcast address. */
function judgeVias(response: SipResponse): Verdict {
  const lured = response.vias.some((via: Via) => via.host === '255.255.255.255' || via.host === '0.0.0.0');
  return lured ? discard('Via of a broadcast address') : ACCEPT;
}
