import type { CallSnapshot } from '../ims/snapshot.js';

/** What a person should hear about the state of the calls; `null`: nothing. */
export type CallTone = 'ring' | 'call-waiting' | 'ring-back' | 'busy';

/** How long the busy tone lasts after a call that failed, ms. */
const BUSY_TONE_MS = 3000;

/**
 * One tone for all calls: an incoming call wins over what an outgoing one sounds like, and while
 * another call is up it only knocks. Early media brings its own ring-back (RFC 3960).
 *
 * @param now wall-clock ms
 */
export function toneFor(calls: readonly CallSnapshot[], now: number): CallTone | null {
  const talking = calls.some((call) => call.state === 'active' && !call.localHold);
  if (calls.some((call) => call.state === 'ringing-in')) return talking ? 'call-waiting' : 'ring';
  if (talking) return null;
  if (calls.some((call) => call.state === 'ringing-out')) return 'ring-back';
  const failed = calls.some(
    (call) =>
      call.state === 'ended' &&
      call.direction === 'out' &&
      call.failure !== null &&
      call.answeredAt === null &&
      now - (call.endedAt ?? 0) < BUSY_TONE_MS,
  );
  return failed && calls.every((call) => call.state === 'ended') ? 'busy' : null;
}
