import { NetworkError } from '../../net/network.js';
import type { Failure } from '../failure.js';

/** Why a REGISTER is not sent on: an agreement that cannot be, or must not be believed. */
export class SecurityFailure extends NetworkError {
  constructor(
    readonly failure: Failure,
    message: string,
    /** Whether the next offer is another one, which may do better. */
    readonly again = false,
  ) {
    super('internal', message);
  }
}

export function mismatch(detail: string): Failure {
  return { reason: 'security-mismatch', detail: `security agreement: ${detail}` };
}
