import { failureOfNetwork } from '../session/call-failure.js';
import type { NetworkError } from '../../net/network.js';
import type { Failure } from '../failure.js';
import { SecurityFailure } from '../security/index.js';
import type { SipResponse } from '../sip/message.js';
import type { AuthOutcome } from '../sip/request-sender.js';

export interface RegistrationFailure {
  readonly failure: Failure;
  /** Whether trying again later can help; ms if the server named a time, null: by back-off. */
  readonly retry: false | { readonly after: number | null; readonly local: boolean };
}

/** What a final response other than 200 and 423 means (TS 24.229 §5.1.1.2). @param able whether there was anything to answer a challenge with */
export function failureOfRegister(response: SipResponse, auth: AuthOutcome, able: boolean): RegistrationFailure {
  const { status } = response;
  const unknown = auth === 'unanswerable' && able ? ': no algorithm that we know' : '';
  const detail = `${status} ${response.reason}${unknown}`;
  const final = (reason: Failure['reason']): RegistrationFailure => ({
    failure: { reason, status, detail },
    retry: false,
  });
  const after = retryAfter(response);
  // 305: another P-CSCF, or the same one later; its Contact does not count (TS 24.229 §5.1.1.2.1).
  const transient =
    status === 305 ||
    status === 408 ||
    status === 480 ||
    (status >= 500 && status < 600 && status !== 501 && status !== 505);
  // TS 24.229 §5.1.1.5.3: no further attempt by ourselves.
  if (auth === 'challenge-invalid' && !transient) return final('network-not-trusted');
  if (status === 401 || status === 407) return final(able ? 'credentials-rejected' : 'credentials-missing');
  if (status === 403) return final('forbidden');
  if (status === 404) return final('unknown-user');
  if (!transient && after === null) return final('registration-rejected');
  const reason = status === 408 || status === 504 ? 'server-timeout' : 'registration-rejected';
  return { failure: { reason, status, detail }, retry: { after, local: false } };
}

export function failureOfAttempt(error: NetworkError | null): RegistrationFailure {
  // What spoils an agreement may be one forged answer: later it may go well.
  if (error instanceof SecurityFailure) return { failure: error.failure, retry: { after: null, local: false } };
  const failure = failureOfNetwork(error);
  // No time mends what this machine lacks.
  if (failure.reason.startsWith('ipsec-')) return { failure, retry: false };
  const local = failure.reason.startsWith('companion-') || error?.reason === 'unreachable';
  return { failure, retry: { after: null, local } };
}

/** RFC 3261 §20.33: seconds before any comment or parameter. @returns ms, a day at most */
function retryAfter(response: SipResponse): number | null {
  const seconds = /^\d{1,9}/.exec(response.headers.get('Retry-After') ?? '')?.[0];
  return seconds === undefined ? null : Math.min(Number(seconds), 86_400) * 1000;
}
