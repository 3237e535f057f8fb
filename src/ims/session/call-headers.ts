import type { Headers } from '../sip/headers.js';

/** Communication service identifier of multimedia telephony (TS 24.173 §5.1). */
export const MMTEL_ICSI = 'urn:urn-7:3gpp-service.ims.icsi.mmtel';
/** The same as a feature tag, colons escaped (TS 24.229 §7.2A.8.2). */
export const MMTEL_FEATURE = '+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"';

/** What TS 24.229 §5.1.2A.1 and §5.1.3.1 want in an initial INVITE of a telephone call. */
export function describeCall(headers: Headers): void {
  headers.append('P-Preferred-Service', MMTEL_ICSI);
  headers.append('Accept-Contact', `*;${MMTEL_FEATURE}`);
  // RFC 5009 §8: we render early media.
  headers.append('P-Early-Media', 'supported');
}
