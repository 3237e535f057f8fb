/** What the stack knows of a header field. */
export interface HeaderName {
  /** Lower case, long form: what names are compared by. */
  readonly key: string;
  /** As it is printed. */
  readonly name: string;
  /** Several values may stand in one field, separated by commas (RFC 3261 §7.3.1). */
  readonly list: boolean;
  /** In the tables below, so surely a token. */
  readonly known: boolean;
}

/** Fields that are comma lists: RFC 3261 §20 and the RFCs named in each row. */
const LISTS = [
  'Via', 'Route', 'Record-Route', 'Contact', 'Accept', 'Accept-Encoding', 'Accept-Language', 'Alert-Info', 'Allow',
  'Call-Info', 'Content-Encoding', 'Content-Language', 'Error-Info', 'In-Reply-To', 'Proxy-Require', 'Require',
  'Supported', 'Unsupported', 'Warning',
  'Allow-Events', // 6665
  'Path', 'Service-Route', // 3327, 3608
  'P-Asserted-Identity', 'P-Preferred-Identity', // 3325
  'P-Associated-URI', 'P-Access-Network-Info', 'P-Visited-Network-ID', // 7315
  'Security-Client', 'Security-Server', 'Security-Verify', // 3329
  'Reason', 'History-Info', 'Diversion', // 3326, 7044, 5806
  'Accept-Contact', 'Reject-Contact', 'Request-Disposition', // 3841
  'Accept-Resource-Priority', 'Resource-Priority', // 4412
  'Geolocation', 'Recv-Info', 'Permission-Missing', 'Trigger-Consent', 'Feature-Caps',
]; // prettier-ignore

/** Fields that stand once. */
const SINGLES = [
  'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length', 'Content-Type', 'Content-Disposition', 'Date',
  'Expires', 'Min-Expires', 'MIME-Version', 'Organization', 'Priority', 'Reply-To', 'Retry-After', 'Server', 'Subject',
  'Timestamp', 'User-Agent',
  'Event', 'Subscription-State', // 6665
  'Refer-To', 'Referred-By', 'Replaces', // 3515, 3892, 3891
  'RAck', 'RSeq', 'Session-Expires', 'Min-SE', // 3262, 4028
  'SIP-ETag', 'SIP-If-Match', // 3903
  'Privacy', 'Join', 'Target-Dialog', 'Identity', 'Flow-Timer', 'Info-Package', 'Answer-Mode',
  'P-Called-Party-ID', 'P-Charging-Vector', 'P-Charging-Function-Addresses', 'P-Early-Media', 'P-Asserted-Service',
  'P-Preferred-Service',
]; // prettier-ignore

/** Fields that may stand several times, each with one value, because the value itself holds commas. */
const REPEATED = [
  'Authorization',
  'Authentication-Info',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'WWW-Authenticate',
];

/** RFC 3261 §7.3.3 and the IANA registry of compact forms. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact', b: 'Referred-By', c: 'Content-Type', d: 'Request-Disposition', e: 'Content-Encoding', f: 'From',
  i: 'Call-ID', j: 'Reject-Contact', k: 'Supported', l: 'Content-Length', m: 'Contact', o: 'Event', r: 'Refer-To',
  s: 'Subject', t: 'To', u: 'Allow-Events', v: 'Via', x: 'Session-Expires', y: 'Identity',
}; // prettier-ignore

const KNOWN = new Map<string, HeaderName>();

function know(names: readonly string[], list: boolean): void {
  for (const name of names) {
    const entry: HeaderName = { key: name.toLowerCase(), name, list, known: true };
    KNOWN.set(entry.key, entry);
    KNOWN.set(name, entry); // the usual spelling is found without a change of case
  }
}

know(LISTS, true);
know(SINGLES, false);
know(REPEATED, false);
for (const [compact, name] of Object.entries(COMPACT)) {
  const entry = KNOWN.get(name);
  if (entry) KNOWN.set(compact, entry);
}

/** The header field that `name` means, in any case and in long or compact form. Unknown names are kept as written. */
export function headerName(name: string): HeaderName {
  const known = KNOWN.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  return KNOWN.get(lower) ?? { key: lower, name, list: false, known: false };
}
