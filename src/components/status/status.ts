import type { ClientSnapshot } from '../../client/client-api.js';
import type { Failure } from '../../ims/failure.js';
import type { RegistrationState } from '../../ims/snapshot.js';

export type StatusKey =
  | 'no-account'
  | 'starting'
  | 'microphone'
  | 'closing'
  | 'idle'
  | 'linking'
  | 'unpaired'
  | 'link-lost'
  | 'failed'
  | RegistrationState;

/** Only waits longer than this are worth a counter, ms. */
export const PATIENCE_MS = 2000;

/** What the status bar shows. The tone also picks a shape, so that colour never stands alone. */
export interface Status {
  readonly key: StatusKey;
  readonly tone: 'ok' | 'busy' | 'idle' | 'problem';
  /** Wall-clock ms since when, for states that a person waits on; null otherwise. */
  readonly since: number | null;
}

const BUSY: ReadonlySet<RegistrationState> = new Set(['resolving', 'registering', 'authenticating', 'unregistering']);

/** @param snapshot null when no account is there to ask */
export function statusOf(snapshot: ClientSnapshot | null): Status {
  if (!snapshot) return { key: 'no-account', tone: 'idle', since: null };
  if (snapshot.busy) return { key: snapshot.busy, tone: 'busy', since: null };
  const { link, registration } = snapshot;
  if (link.state === 'unpaired') return { key: 'unpaired', tone: 'problem', since: null };
  if (link.state === 'lost') return { key: 'link-lost', tone: 'problem', since: null };
  if (link.state === 'connecting') return { key: 'linking', tone: 'busy', since: null };
  if (registration.state === 'registered' || registration.state === 'refreshing')
    return { key: registration.state, tone: 'ok', since: null };
  if (registration.state === 'waiting') return { key: 'waiting', tone: 'problem', since: null };
  if (BUSY.has(registration.state)) return { key: registration.state, tone: 'busy', since: registration.since };
  if (registration.failure) return { key: 'failed', tone: 'problem', since: null };
  return { key: registration.state, tone: 'idle', since: null };
}

/** What keeps the account from being online: without a link there is no registration. */
export function accountProblemOf({ link, registration }: ClientSnapshot): Failure | null {
  if (link.state === 'unpaired') return link.failure ?? { reason: 'companion-unpaired' };
  if (link.state === 'lost') return link.failure ?? { reason: 'companion-lost' };
  return link.failure ?? registration.failure;
}

/** What keeps a person from calling: the account first, then the sound. */
export function problemOf(snapshot: ClientSnapshot): Failure | null {
  return accountProblemOf(snapshot) ?? snapshot.audio.failure;
}
