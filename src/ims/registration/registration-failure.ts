import { failureOfNetwork } from '../session/call-failure.js';
import type { NetworkError } from '../../net/network.js';
import type { Failure } from '../failure.js';
import { SecurityFailure } from '../security/index.js';
import type { SipResponse } from '../sip/message.js';
import type { AuthOutcome } from '../sip/request-sender.js';
import { retryAfter } from '../sip/retry-after.js';

export interface RegistrationFailure {
  readonly failure: Failure;
  /** Whether trying again later can help; ms if the server named a time, null: by back-off. */
  readonly retry: false | { readonly after: number | null; readonly local: boolean };
  /** Another P-CSCF, if there is one, may do better. */
  readonly elsewhere: boolean;
}

/** What a final response means that is not followed otherwise. */
type Recovery =
  | 'elsewhere' // ask the next P-CSCF, then wait
  | 'wait' // Retry-After, or back-off
  | 'stop'; // only a person, or the network, can mend it

interface Rule {
  readonly recovery: Recovery;
  readonly reason: Failure['reason'];
}

/** TS 24.229 §5.1.1.2.1 and §5.1.1.4.1: what is done about each answer to a REGISTER. */
const RULES: Readonly<Record<number, Rule>> = {
  // Another P-CSCF, or the same one later; its Contact does not count.
  305: { recovery: 'elsewhere', reason: 'registration-rejected' },
  403: { recovery: 'stop', reason: 'forbidden' },
  404: { recovery: 'stop', reason: 'unknown-user' },
  408: { recovery: 'elsewhere', reason: 'server-timeout' },
  480: { recovery: 'wait', reason: 'registration-rejected' },
  500: { recovery: 'wait', reason: 'registration-rejected' },
  501: { recovery: 'stop', reason: 'registration-rejected' },
  503: { recovery: 'elsewhere', reason: 'registration-rejected' },
  504: { recovery: 'elsewhere', reason: 'server-timeout' },
  505: { recovery: 'stop', reason: 'registration-rejected' },
};

function ruleFor(status: number): Rule {
  return (
    RULES[status] ?? { recovery: status >= 500 && status < 600 ? 'wait' : 'stop', reason: 'registration-rejected' }
  );
}

const LATER = { after: null, local: false };

/**
 * @param able whether there was anything to answer a challenge with
 * @param byPassword whether this is what came of the password, given for a challenge a moment ago
 */
export function failureOfRegister(
  response: SipResponse,
  auth: AuthOutcome,
  able: boolean,
  byPassword: boolean,
): RegistrationFailure {
  const { status } = response;
  const unknown = auth === 'unanswerable' && able ? ': no algorithm that we know' : '';
  const detail = `${status} ${response.reason}${unknown}`;
  const final = (reason: Failure['reason']): RegistrationFailure => ({
    failure: { reason, status, detail },
    retry: false,
    elsewhere: false,
  });
  // TS 24.229 §5.1.1.5.5: the S-CSCF is authenticated by rspauth.
  if (auth === 'response-invalid') return final('network-not-trusted');
  const after = retryAfter(response);
  const { recovery, reason } = ruleFor(status);
  // TS 24.229 §5.1.1.5.3: no further attempt by ourselves.
  if (auth === 'challenge-invalid' && recovery === 'stop') return final('network-not-trusted');
  if (status === 401 || status === 407) return final(able ? 'credentials-rejected' : 'credentials-missing');
  // TS 24.229 §5.4.1.2: an S-CSCF need not challenge again who gave a wrong answer.
  if (status === 403 && byPassword) return final('credentials-rejected');
  if (status === 403 || status === 404) return final(reason);
  if (recovery === 'stop' && after === null) return final(reason);
  return { failure: { reason, status, detail }, retry: { after, local: false }, elsewhere: recovery === 'elsewhere' };
}

export function failureOfAttempt(error: NetworkError | null): RegistrationFailure {
  // What spoils an agreement may be one forged answer: later it may go well.
  if (error instanceof SecurityFailure) return { failure: error.failure, retry: LATER, elsewhere: false };
  const failure = failureOfNetwork(error);
  // No time mends what this machine lacks.
  if (failure.reason.startsWith('ipsec-')) return { failure, retry: false, elsewhere: false };
  const local = failure.reason.startsWith('companion-') || error?.reason === 'unreachable';
  return { failure, retry: { after: null, local }, elsewhere: !failure.reason.startsWith('companion-') };
}

export function troubleOf(detail: string, retry: RegistrationFailure['retry']): RegistrationFailure {
  return { failure: { reason: 'registration-rejected', detail }, retry, elsewhere: false };
}
