import { MAX_BODY, TAKEN_TYPES } from '../messaging/index.js';
import type { Capabilities } from '../sip/capabilities.js';
import type { Headers } from '../sip/headers.js';

const METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'NOTIFY'];

/** What this user agent does, and nothing else: requests are judged by it, Allow and Accept are made of it. */
export class AgentCapabilities implements Capabilities {
  readonly role = 'endpoint';
  readonly extensions = ['path'];
  readonly schemes = ['sip', 'sips', 'tel'];
  readonly contentTypes = [
    'application/sdp',
    'multipart/mixed',
    'multipart/alternative',
    'application/dtmf-relay',
    'application/dtmf',
    'application/reginfo+xml',
  ];
  readonly maximumBody = 262_144;
  readonly messages = { contentTypes: TAKEN_TYPES, maximumBody: MAX_BODY };

  /** @param takesMessages whether somebody is there who shows them: else they would be lost, and told as delivered */
  constructor(
    private readonly userAgent: string | undefined,
    private readonly takesMessages: () => boolean,
  ) {}

  get methods(): readonly string[] {
    return this.takesMessages() ? [...METHODS, 'MESSAGE'] : METHODS;
  }

  /** RFC 3261 §13.2.1, §13.3.1.4: what a peer wants to know before it asks for more. */
  describe(headers: Headers): void {
    headers.set('Allow', this.methods.join(', '));
    headers.set('Accept', 'application/sdp');
    headers.set('Supported', this.extensions.join(', '));
    if (this.userAgent !== undefined) headers.set('User-Agent', this.userAgent);
  }

  /** RFC 3261 §11.2: the answer to OPTIONS tells of every request that may come. */
  describeAll(headers: Headers): void {
    this.describe(headers);
    if (this.takesMessages()) headers.set('Accept', ['application/sdp', ...TAKEN_TYPES].join(', '));
  }
}
