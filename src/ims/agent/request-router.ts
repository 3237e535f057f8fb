import { createResponse, type SipRequest } from '../sip/message.js';
import type { ServerTransaction } from '../sip/transaction/server-transaction.js';
import type { Flow } from '../sip/transport/flow.js';
import type { Headers } from '../sip/headers.js';
import type { InviteSession } from '../session/invite-session.js';

export interface RouterOptions {
  readonly sessions: () => Iterable<InviteSession>;
  readonly onCall: (invite: SipRequest, transaction: ServerTransaction, flow: Flow) => void;
  /** @returns whether it belongs to a subscription of ours */
  readonly onNotify: (request: SipRequest, transaction: ServerTransaction) => boolean;
  /** @param session in whose dialog it came; null: it stands alone */
  readonly onMessage: (request: SipRequest, transaction: ServerTransaction, session: InviteSession | null) => void;
  readonly describe: (headers: Headers) => void;
  readonly token: () => string;
}

/** Gives each request to whom it is for (RFC 3261 §8.2, §12.2.2). */
export function routeRequest(
  request: SipRequest,
  transaction: ServerTransaction | null,
  flow: Flow,
  options: RouterOptions,
): void {
  const session = request.toTag === null ? null : findSession(request, options.sessions());
  if (!transaction) {
    session?.receiveAck(request);
    return;
  }
  if (request.method === 'MESSAGE' && (session || request.toTag === null))
    return options.onMessage(request, transaction, session);
  if (session) return session.receive(request, transaction, flow);
  if (request.toTag === null && request.method === 'INVITE') return options.onCall(request, transaction, flow);
  if (request.method === 'NOTIFY' && options.onNotify(request, transaction)) return;
  // §11.2: answered as an INVITE would be, within a dialog or not.
  const status = request.toTag === null && request.method === 'OPTIONS' ? 200 : 481;
  const response = createResponse(request, status, { toTag: options.token() });
  if (status === 200) options.describe(response.headers);
  transaction.respond(response);
}

function findSession(request: SipRequest, sessions: Iterable<InviteSession>): InviteSession | null {
  const { callId, toTag } = request;
  const fromTag = request.fromTag ?? '';
  for (const session of sessions) {
    const { dialog } = session;
    if (dialog && dialog.callId === callId && dialog.localTag === toTag && dialog.remoteTag === fromTag) return session;
  }
  return null;
}
