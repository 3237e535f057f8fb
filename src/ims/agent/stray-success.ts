import { Dialog } from '../sip/dialog.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { SipResponse } from '../sip/message.js';
import type { RequestSender } from '../sip/request-sender.js';

/** RFC 3261 §13.2.2.4: a 2xx to an INVITE that we gave up is acknowledged, and its session ended. */
export function endStraySuccess(response: SipResponse, endpoint: SipEndpoint, sender: RequestSender): void {
  if (response.cseq?.method !== 'INVITE' || response.status < 200 || response.status > 299) return;
  const dialog = Dialog.ofCaller(response);
  if (!dialog) return;
  for (const { request, nextHop } of [dialog.createAckFor(response), dialog.createRequest('BYE')]) {
    if (request.method === 'ACK') endpoint.sendRequest(request, { nextHop }).catch(() => undefined);
    else sender.send(request, { onFinal: () => undefined, onFailure: () => undefined }, { nextHop });
  }
}
