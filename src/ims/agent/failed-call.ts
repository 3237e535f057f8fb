import type { Failure } from '../failure.js';
import type { CallSnapshot } from '../snapshot.js';

/** A call that never became one: bad address, not registered. Shown like any other that failed. */
export function failedCall(id: string, target: string, local: string, now: number, failure: Failure): CallSnapshot {
  return Object.freeze({
    id,
    direction: 'out',
    state: 'ended',
    remote: Object.freeze({ uri: target, displayName: '' }),
    local,
    startedAt: now,
    answeredAt: null,
    endedAt: now,
    localHold: false,
    remoteHold: false,
    muted: false,
    digitsSent: '',
    digitsReceived: '',
    endedBy: 'local',
    failure: Object.freeze(failure),
    quality: null,
  });
}
