import type { NetworkError, NetworkErrorReason } from '../../net/network.js';
import { messageOf } from '../../platform/message-of.js';
import type { Failure, FailureReason } from '../failure.js';
import type { SipResponse } from '../sip/message.js';
import type { AuthOutcome } from '../sip/request-sender.js';
import { MediaError } from './media-session.js';

const BY_STATUS: Readonly<Record<number, FailureReason>> = {
  403: 'forbidden',
  404: 'not-found',
  406: 'not-acceptable',
  408: 'no-answer',
  410: 'not-found',
  415: 'not-acceptable',
  416: 'address-invalid',
  480: 'unavailable',
  484: 'address-invalid',
  485: 'not-found',
  486: 'busy',
  488: 'not-acceptable',
  600: 'busy',
  603: 'declined',
  604: 'not-found',
  606: 'not-acceptable',
  607: 'declined',
};

/** Why a call failed, from its final response. */
export function failureOfResponse(response: SipResponse, auth: AuthOutcome): Failure {
  const { status } = response;
  const challenged = status === 401 || status === 407;
  const reason = challenged
    ? auth === 'rejected'
      ? 'credentials-rejected'
      : 'credentials-missing'
    : (BY_STATUS[status] ?? 'call-failed');
  return { reason, status, detail: `${status} ${response.reason}` };
}

const BY_NETWORK: Readonly<Partial<Record<NetworkErrorReason, FailureReason>>> = {
  timeout: 'server-timeout',
  dns: 'server-not-found',
  'tls-expired': 'tls-expired',
  'tls-name': 'tls-name',
  'tls-authority': 'tls-authority',
  'tls-pinned': 'tls-pinned',
  tls: 'tls',
  'companion-absent': 'companion-absent',
  'companion-unpaired': 'companion-unpaired',
  'companion-refused': 'companion-refused',
  'companion-lost': 'companion-lost',
  'ipsec-denied': 'ipsec-denied',
  'ipsec-kernel': 'ipsec-kernel',
  'ipsec-tool': 'ipsec-tool',
  internal: 'internal',
};

/** Why the network was no help. @param error null: nobody answered in time */
export function failureOfNetwork(error: NetworkError | null): Failure {
  if (!error) return { reason: 'server-timeout', detail: 'no answer from the server' };
  return { reason: BY_NETWORK[error.reason] ?? 'server-unreachable', detail: `${error.reason}: ${error.message}` };
}

/** Why the media came to nothing. */
export function failureOfMedia(error: unknown): Failure {
  const detail = messageOf(error);
  if (!(error instanceof MediaError)) return { reason: 'internal', detail };
  const ofDescription = error.reason === 'not-acceptable' || error.reason === 'malformed';
  return { reason: ofDescription ? 'not-acceptable' : 'media-failed', detail: `${error.reason}: ${detail}` };
}
