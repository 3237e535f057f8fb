import { SipRequest, type SipResponse } from '../message.js';

/** RFC 3261 §17.1.1.3: the ACK that the transaction itself sends to a 300-699. */
export function createNon2xxAck(invite: SipRequest, response: SipResponse): SipRequest {
  const ack = derive(invite, 'ACK');
  const to = response.headers.get('To');
  if (to !== undefined) ack.headers.set('To', to);
  return ack;
}

/** RFC 3261 §9.1: same Request-URI, Call-ID, To, From, CSeq number, Route and top Via as the request. */
export function createCancel(invite: SipRequest): SipRequest {
  return derive(invite, 'CANCEL');
}

function derive(invite: SipRequest, method: 'ACK' | 'CANCEL'): SipRequest {
  const request = new SipRequest(method, invite.requestUri);
  const copy = (name: string): void => {
    const values = invite.headers.getAll(name);
    if (values.length > 0) request.headers.set(name, ...values);
  };
  const via = invite.headers.get('Via');
  if (via !== undefined) request.headers.set('Via', via);
  copy('Route');
  request.headers.set('Max-Forwards', '70');
  for (const name of ['From', 'To', 'Call-ID']) copy(name);
  request.headers.set('CSeq', `${invite.cseq?.number ?? 0} ${method}`);
  return request;
}
