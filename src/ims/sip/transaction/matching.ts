import { MAGIC_COOKIE, type Via } from '../via.js';
import type { SipRequest, SipResponse } from '../message.js';

/** True if the sender of this Via makes branches as RFC 3261 wants; false: an RFC 2543 peer. */
export function hasMagicCookie(via: Via | null): boolean {
  const branch = via?.branch ?? '';
  return (
    branch.length > MAGIC_COOKIE.length &&
    branch.slice(0, MAGIC_COOKIE.length).toLowerCase() === MAGIC_COOKIE.toLowerCase()
  );
}

/** RFC 3261 §17.1.3: a response belongs to the request with its branch and CSeq method. */
export function clientKey(message: SipRequest | SipResponse): string | null {
  const branch = message.via?.branch;
  const method = message.cseq?.method;
  return branch && method ? `${branch}\n${method}` : null;
}

/**
 * RFC 3261 §17.2.3. With the cookie: branch, sent-by and method (ACK counts as INVITE). Without:
 * Request-URI, From tag, Call-ID, CSeq number and the whole top Via; the To tag of an ACK, which
 * is that of our response, is checked by the machine.
 *
 * @param method the method to look for, INVITE for the transaction that a CANCEL wants
 */
export function serverKey(request: SipRequest, method = request.method): string | null {
  const { via, cseq, callId } = request;
  if (!via || !cseq || callId === null) return null;
  const wanted = method === 'ACK' ? 'INVITE' : method;
  if (hasMagicCookie(via)) {
    return `${via.branch}\n${via.sentBy}\n${wanted}`;
  }
  const topVia = `${via.transport} ${via.sentBy};${via.branch ?? ''}`;
  return [request.requestUri.toString(), request.fromTag ?? '', callId, cseq.number, topVia, wanted].join('\n');
}

/** RFC 3261 §8.2.2.2: what two copies of one request have in common that came by different ways. */
export function mergeKey(request: SipRequest): string | null {
  const { cseq, callId, fromTag } = request;
  return cseq && callId !== null ? `${callId}\n${fromTag ?? ''}\n${cseq.number}\n${cseq.method}` : null;
}
