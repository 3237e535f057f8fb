import {
  judgeFailure,
  judgeForm,
  judgeSupport,
  parseMessage,
  SipRequest,
  TELEPHONE,
  type Capabilities,
  type SipMessage,
  type SipResponse,
  type Verdict,
} from '../src/ims/sip/index.js';

/** What `ims parse FILE` prints, one JSON line for each file. */
export interface ParseReport {
  readonly file: string;
  readonly octets: number;
  /** Of the form alone (RFC 3261 §8.2, RFC 4475): a well-formed request that we do not support is accepted. */
  readonly verdict: 'accept' | 'reject' | 'discard';
  /** Why it is not accepted, or why its sender would get {@link response}; null if all is well. */
  readonly reason: string | null;
  /** Status that the sender would get from a telephone before any user sees the request; null if none. */
  readonly response: number | null;
  /** What that response would carry besides: Unsupported, Allow, Accept ... */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly message: MessageSummary | null;
}

/** The message as it was understood; what is absent or malformed is null. */
export interface MessageSummary {
  readonly kind: 'request' | 'response';
  readonly method: string | null;
  readonly requestUri?: string;
  readonly status?: number;
  readonly reasonPhrase?: string;
  readonly via: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly callId: string | null;
  readonly cseq: number | null;
  readonly maxForwards: number | null;
  readonly contact: readonly string[];
  readonly route: readonly string[];
  /** Number of header fields. */
  readonly fields: number;
  readonly contentType: string | null;
  readonly bodyOctets: number;
}

/**
 * Reads `octets` as one datagram and says what becomes of it.
 * @param file name for the report
 */
export function parseReport(file: string, octets: Uint8Array, capabilities: Capabilities = TELEPHONE): ParseReport {
  const result = parseMessage(octets);
  const message = result.ok ? result.message : result.partial;
  const form = result.ok ? judgeForm(result.message) : judgeFailure(result);
  const full = form.kind === 'accept' && message instanceof SipRequest ? judgeSupport(message, capabilities) : form;
  return {
    file,
    octets: octets.length,
    verdict: form.kind,
    reason: full.kind === 'accept' ? null : full.reason,
    response: full.kind === 'reject' ? full.status : null,
    ...responseHeaders(full),
    message: message && summary(message),
  };
}

function responseHeaders(verdict: Verdict): Pick<ParseReport, 'responseHeaders'> {
  if (verdict.kind !== 'reject' || verdict.headers.length === 0) return {};
  return { responseHeaders: Object.fromEntries(verdict.headers) };
}

function summary(message: SipRequest | SipResponse): MessageSummary {
  const startLine =
    message instanceof SipRequest
      ? { kind: 'request' as const, method: message.method, requestUri: message.requestUri.toString() }
      : {
          kind: 'response' as const,
          method: message.cseq?.method ?? null,
          status: message.status,
          reasonPhrase: message.reason,
        };
  const { from, to, callId, cseq, maxForwards, contentType, body } = message;
  return {
    ...startLine,
    via: message.vias.map(String),
    from: from && String(from),
    to: to && String(to),
    callId,
    cseq: cseq && cseq.number,
    maxForwards,
    contact: contacts(message),
    route: message.routes.map(String),
    fields: message.headers.size,
    contentType,
    bodyOctets: body.length,
  };
}

function contacts({ contacts: values }: SipMessage): string[] {
  return values === '*' ? ['*'] : values.map(String);
}
