/** What a user of the stack supports, as far as requests are judged by it. */
export interface Capabilities {
  /** A proxy looks at less than an endpoint (RFC 3261 §16.3 against §8.2). */
  readonly role: 'endpoint' | 'proxy';
  /** Methods that are handled: Allow. A proxy forwards any method. With REGISTER among them we are a registrar. */
  readonly methods: readonly string[];
  /** Option tags of extensions: Supported. Of a proxy: those that may stand in Proxy-Require. */
  readonly extensions: readonly string[];
  /** URI schemes of the Request-URI, lower case. */
  readonly schemes: readonly string[];
  /** Media types of bodies, lower case, with `type/*` for all of a type: Accept. */
  readonly contentTypes: readonly string[];
  /** Octets of the largest body; no limit if it is not there. */
  readonly maximumBody?: number;
  /** MESSAGE, whose body is what it is for: other types than the rest, and never optional. Absent: as the rest. */
  readonly messages?: Pick<Capabilities, 'contentTypes' | 'maximumBody'>;
}

/** A telephone of today: what `ims parse` and the tests judge by when nothing else is said. */
export const TELEPHONE: Capabilities = {
  role: 'endpoint',
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'PRACK', 'MESSAGE', 'NOTIFY', 'REFER'],
  extensions: ['100rel', 'timer', 'replaces', 'path', 'outbound', 'gruu', 'precondition', 'norefersub', 'eventlist'],
  schemes: ['sip', 'sips', 'tel'],
  contentTypes: [
    'application/sdp', 'application/dtmf-relay', 'application/pidf+xml', 'application/rlmi+xml', 'application/reginfo+xml',
    'application/im-iscomposing+xml', 'application/media_control+xml', 'application/simple-message-summary',
    'multipart/*', 'message/*', 'text/plain', 'text/html',
  ], // prettier-ignore
};

/** Methods that SIP knows (IANA): anything else is 501, these are 405 when they are not handled. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER', 'UPDATE', 'INFO', 'PRACK', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY',
  'REFER', 'PUBLISH',
]); // prettier-ignore
