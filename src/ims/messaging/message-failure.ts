import type { NetworkError } from '../../net/network.js';
import { failureOfNetwork } from '../session/call-failure.js';
import type { SipResponse } from '../sip/message.js';
import type { AuthOutcome } from '../sip/request-sender.js';
import type { MessageFailure } from './page-message.js';

const BY_STATUS: Readonly<Record<number, MessageFailure['reason']>> = {
  403: 'forbidden',
  404: 'not-found',
  405: 'message-unsupported',
  406: 'message-type',
  408: 'unavailable',
  410: 'not-found',
  413: 'message-too-large',
  415: 'message-type',
  416: 'address-invalid',
  430: 'unavailable',
  480: 'unavailable',
  484: 'address-invalid',
  485: 'not-found',
  486: 'unavailable',
  488: 'message-type',
  501: 'message-unsupported',
  504: 'unavailable',
  513: 'message-too-large',
  600: 'unavailable',
  604: 'not-found',
  606: 'message-type',
};

/** Why a message was not taken, from the final response to it. RFC 3428 §7: a 6xx has seen it, and did not want it. */
export function failureOfAnswer(response: SipResponse, auth: AuthOutcome): MessageFailure {
  const { status } = response;
  const detail = `${status} ${response.reason}`;
  if (status === 401 || status === 407)
    return { reason: auth === 'rejected' ? 'credentials-rejected' : 'credentials-missing', status, detail };
  // Who answered claims to know our secret, and does not (RFC 7616 §3.5): nothing that it says is believed.
  if (auth === 'response-invalid') return { reason: 'network-not-trusted', status, detail };
  return { reason: BY_STATUS[status] ?? (status >= 600 ? 'declined' : 'message-failed'), status, detail };
}

/** Why nobody answered. @param error null: in time */
export function failureOfSilence(error: NetworkError | null): MessageFailure {
  if (error?.reason === 'too-large') return { reason: 'message-too-large', detail: error.message };
  return failureOfNetwork(error);
}
