import type { Failure, FailureReason } from '../ims/failure.js';
import type { LinkSnapshot } from '../ims/snapshot.js';
import { NetworkError, type NetworkErrorReason } from '../net/network.js';
import type { CompanionEvents, CompanionNetwork, CompanionState } from '../net/companion-network.js';
import type { PairResult } from './ims-protocol.js';
import type { ServiceLink } from './ims-service.js';
import { messageOf } from '../platform/message-of.js';

const STATES: Record<CompanionState, LinkSnapshot['state']> = {
  idle: 'idle',
  connecting: 'connecting',
  connected: 'connected',
  unpaired: 'unpaired',
  refused: 'lost',
  absent: 'lost',
  lost: 'lost',
  closed: 'idle',
};

const FAILURES: Partial<Record<NetworkErrorReason, FailureReason>> = {
  'companion-absent': 'companion-absent',
  'companion-unpaired': 'companion-unpaired',
  'companion-refused': 'companion-refused',
  'companion-lost': 'companion-lost',
};

const PAIR_FAILURES: Partial<Record<NetworkErrorReason, Exclude<PairResult, { ok: true }>['reason']>> = {
  'companion-unpaired': 'wrong-code',
  denied: 'wrong-code',
  timeout: 'expired',
  limit: 'too-many',
  'companion-absent': 'absent',
  'companion-lost': 'absent',
  'companion-refused': 'refused',
};

/** The signalling link to the companion, as the service shows it. */
export class CompanionServiceLink implements ServiceLink {
  onChange: (() => void) | null = null;
  #snapshot: LinkSnapshot;

  constructor(private readonly network: CompanionNetwork) {
    this.#snapshot = Object.freeze({ state: STATES[network.state], failure: null });
    network.on('state', (event) => this.#update(event));
    network.open().catch(() => undefined);
  }

  get snapshot(): LinkSnapshot {
    return this.#snapshot;
  }

  async pair(code: string): Promise<PairResult> {
    try {
      return { ok: true, token: await this.network.pair(code.trim()) };
    } catch (error) {
      const reason = error instanceof NetworkError ? PAIR_FAILURES[error.reason] : undefined;
      return {
        ok: false,
        reason: reason ?? 'internal',
        message: messageOf(error),
      };
    }
  }

  reconnect(): void {
    this.network.open().catch(() => undefined);
  }

  close(): void {
    this.network.close();
  }

  #update({ state, error, retryIn }: CompanionEvents['state']): void {
    const failure = error && state !== 'closed' ? toFailure(error, retryIn) : null;
    // While it tries again the person keeps seeing why: no flicker between two attempts.
    const kept = state === 'connecting' ? this.#snapshot.failure : failure;
    this.#snapshot = Object.freeze({ state: STATES[state], failure: kept });
    this.onChange?.();
  }
}

function toFailure(error: NetworkError, retryIn: number | null): Failure {
  const failure = { reason: FAILURES[error.reason] ?? 'companion-lost', detail: error.message };
  return Object.freeze(retryIn === null ? failure : { ...failure, retryAfter: retryIn });
}
