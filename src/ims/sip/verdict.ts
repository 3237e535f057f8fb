import { createResponse, type ResponseOptions, type SipRequest, type SipResponse } from './message.js';
import type { FailedParse } from './parse-failure.js';

/** What a message deserves before any user sees it. */
export type Verdict =
  | { readonly kind: 'accept' }
  | {
      readonly kind: 'reject';
      readonly status: number;
      /** One line for a log. */
      readonly reason: string;
      /** What the response has to carry: Unsupported, Allow, Accept ... */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | { readonly kind: 'discard'; readonly reason: string };

export type Rejection = Extract<Verdict, { kind: 'reject' }>;

export const ACCEPT: Verdict = { kind: 'accept' };

export function reject(status: number, reason: string, headers: Rejection['headers'] = []): Rejection {
  return { kind: 'reject', status, reason, headers };
}

export function discard(reason: string): Verdict {
  return { kind: 'discard', reason };
}

/** What octets deserve that are no message: an answer if they were meant as a request, else nothing. */
export function judgeFailure(failure: FailedParse): Verdict {
  const reason = `${failure.reason}: ${failure.detail}`;
  return failure.partial ? reject(failure.status, reason) : discard(reason);
}

/** The response that a rejection stands for. */
export function createRejection(request: SipRequest, verdict: Rejection, options: ResponseOptions = {}): SipResponse {
  const response = createResponse(request, verdict.status, options);
  for (const [name, value] of verdict.headers) response.headers.append(name, value);
  return response;
}
