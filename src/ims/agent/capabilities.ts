import type { Capabilities } from '../sip/capabilities.js';
import type { Headers } from '../sip/headers.js';

/** What this user agent does, and nothing else: requests are judged by it, Allow and Accept are made of it. */
export const CAPABILITIES: Capabilities = {
  role: 'endpoint',
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'NOTIFY'],
  extensions: ['path'],
  schemes: ['sip', 'sips', 'tel'],
  contentTypes: [
    'application/sdp',
    'multipart/mixed',
    'multipart/alternative',
    'application/dtmf-relay',
    'application/dtmf',
    'application/reginfo+xml',
  ],
  maximumBody: 262_144,
};

/** RFC 3261 §11.2, §13.2.1, §13.3.1.4: what a peer wants to know before it asks for more. */
export function describeCapabilities(headers: Headers, userAgent: string | undefined): void {
  headers.set('Allow', CAPABILITIES.methods.join(', '));
  headers.set('Accept', 'application/sdp');
  headers.set('Supported', CAPABILITIES.extensions.join(', '));
  if (userAgent !== undefined) headers.set('User-Agent', userAgent);
}
