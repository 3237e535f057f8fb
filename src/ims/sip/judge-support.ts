import { KNOWN_METHODS, type Capabilities } from './capabilities.js';
import type { SipRequest } from './message.js';
import { SipUri, TelUri } from './uri.js';
import { ACCEPT, reject, type Verdict } from './verdict.js';

/**
 * Whether a well-formed request asks for more than is supported, in the order of RFC 3261 §8.2 (endpoint) or §16.3
 * (proxy). Loops, merged requests, dialogs and credentials are for those who hold that state.
 */
export function judgeSupport(request: SipRequest, capabilities: Capabilities): Verdict {
  if (request.method === 'ACK') return ACCEPT;
  return capabilities.role === 'proxy' ? judgeForProxy(request, capabilities) : judgeForEndpoint(request, capabilities);
}

function judgeForProxy(request: SipRequest, capabilities: Capabilities): Verdict {
  return (
    judgeScheme(request, capabilities) ??
    (request.maxForwards === 0 ? reject(483, 'Max-Forwards is 0') : null) ?? // §16.3 step 3
    judgeExtensions(request, capabilities, 'Proxy-Require') ?? // §16.3 step 5
    ACCEPT
  );
}

function judgeForEndpoint(request: SipRequest, capabilities: Capabilities): Verdict {
  return (
    judgeMethod(request, capabilities) ??
    judgeScheme(request, capabilities) ??
    judgeRegistration(request) ??
    judgeExtensions(request, capabilities, 'Require') ??
    judgeEvent(request) ??
    judgeContent(request, capabilities) ??
    judgeAccept(request) ??
    ACCEPT
  );
}

/** §8.2.1; §21.5.2: 501 if nobody knows the method. */
function judgeMethod({ method }: SipRequest, { methods }: Capabilities): Verdict | null {
  if (methods.includes(method)) return null;
  const allow: [string, string] = ['Allow', methods.join(', ')];
  return KNOWN_METHODS.has(method) ? reject(405, `no ${method} here`, [allow]) : reject(501, `unknown method`, [allow]);
}

/** §8.2.2.1 */
function judgeScheme({ requestUri }: SipRequest, { schemes }: Capabilities): Verdict | null {
  return schemes.includes(requestUri.scheme) ? null : reject(416, `scheme ${requestUri.scheme}`);
}

/** §10.3 step 5: the address of record is a SIP, SIPS or tel URI. */
function judgeRegistration(request: SipRequest): Verdict | null {
  if (request.method !== 'REGISTER') return null;
  const uri = request.to?.uri;
  return uri instanceof SipUri || uri instanceof TelUri ? null : reject(400, 'To is no address of record');
}

/** §8.2.2.3: not in a CANCEL. */
function judgeExtensions(request: SipRequest, { extensions }: Capabilities, name: string): Verdict | null {
  if (request.method === 'CANCEL') return null;
  const missing = request.headers.getAll(name).filter((tag) => !extensions.includes(tag.toLowerCase()));
  if (missing.length === 0) return null;
  return reject(420, `${name}: ${missing.join(', ')}`, [['Unsupported', missing.join(', ')]]);
}

/** RFC 6665 §8.2.1, RFC 3903 §6: what event is this about? */
function judgeEvent({ method, headers }: SipRequest): Verdict | null {
  if (!/^(?:SUBSCRIBE|NOTIFY|PUBLISH)$/.test(method) || headers.has('Event')) return null;
  return reject(489, 'no Event');
}

/** §8.2.3, §21.4.11 */
function judgeContent(request: SipRequest, capabilities: Capabilities): Verdict | null {
  const { body, headers, contentType } = request;
  if (body.length === 0) return null;
  const own = request.method === 'MESSAGE' ? capabilities.messages : undefined;
  const { contentTypes, maximumBody } = own ?? capabilities;
  if (maximumBody !== undefined && body.length > maximumBody) return reject(413, `body of ${body.length} octets`);
  if (!own && /;\s*handling\s*=\s*optional\b/i.test(headers.get('Content-Disposition') ?? '')) return null;
  const encodings = headers.getAll('Content-Encoding').filter((encoding) => encoding.toLowerCase() !== 'identity');
  if (encodings.length > 0) return reject(415, `encoding ${encodings.join(', ')}`, [['Accept-Encoding', 'identity']]);
  if (contentType !== null && contentTypes.some((type) => covers(type, contentType))) return null;
  return reject(415, contentType ?? 'body without Content-Type', [['Accept', contentTypes.join(', ')]]);
}

/** RFC 4475 §3.3.15: the answer to an INVITE is SDP; who cannot read it cannot be answered. */
function judgeAccept({ method, headers }: SipRequest): Verdict | null {
  if (method !== 'INVITE' || !headers.has('Accept')) return null;
  const wanted = headers
    .getAll('Accept')
    .filter((range) => !/;[ \t]*q[ \t]*=[ \t]*0(?:\.0*)?[ \t]*(?:;|$)/i.test(range));
  const ranges = wanted.map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  if (ranges.some((range) => covers(range, 'application/sdp') || covers(range, 'multipart/mixed'))) return null;
  return reject(406, 'Accept without application/sdp', [['Warning', '399 ims-elements "only application/sdp"']]);
}

function covers(range: string, type: string): boolean {
  return range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}
