import { Headers } from './headers.js';
import { reasonPhrase } from './reason-phrases.js';
import { NO_BODY, SipMessage } from './sip-message.js';
import type { Uri } from './uri.js';

export { NO_BODY, SipMessage };

export class SipRequest extends SipMessage {
  constructor(
    /** Case counts: `invite` is another method (RFC 3261 §7.1). */
    public method: string,
    public requestUri: Uri,
    headers?: Headers,
    body?: Uint8Array,
  ) {
    super(headers, body);
  }

  /** A copy whose headers can be changed without changing these; the body is shared. */
  clone(): SipRequest {
    return new SipRequest(this.method, this.requestUri, this.headers.clone(), this.body);
  }
}

export class SipResponse extends SipMessage {
  constructor(
    /** 100 to 699. */
    public status: number,
    public reason: string,
    headers?: Headers,
    body?: Uint8Array,
  ) {
    super(headers, body);
  }

  clone(): SipResponse {
    return new SipResponse(this.status, this.reason, this.headers.clone(), this.body);
  }
}

export interface ResponseOptions {
  readonly reason?: string;
  /** Added to To if it has no tag yet, except in a 100 (RFC 3261 §8.2.6.2). */
  readonly toTag?: string;
}

/**
 * A response to `request` (RFC 3261 §8.2.6): every Via, From, To, Call-ID and CSeq as they came, Record-Route where a
 * dialog may begin (§12.1.1), Timestamp in a 100 (§8.2.6.1). Works on a malformed request too, as far as it goes.
 */
export function createResponse(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
  const headers = new Headers();
  copy(request, headers, 'Via');
  if (status > 100 && status < 300) copy(request, headers, 'Record-Route');
  copy(request, headers, 'From');
  const to = request.headers.get('To');
  if (to !== undefined) headers.append('To', withTag(request, to, status > 100 ? options.toTag : undefined));
  copy(request, headers, 'Call-ID');
  copy(request, headers, 'CSeq');
  if (status === 100) copy(request, headers, 'Timestamp');
  return new SipResponse(status, options.reason ?? reasonPhrase(status), headers);
}

function withTag(request: SipRequest, to: string, tag: string | undefined): string {
  // A To that cannot be parsed is echoed as it is: a tag at its end might land inside an open quote.
  return tag === undefined || request.to === null || request.toTag !== null ? to : `${to};tag=${tag}`;
}

function copy(request: SipRequest, headers: Headers, name: string): void {
  for (const value of request.headers.rawValues(name)) headers.append(name, value);
}
