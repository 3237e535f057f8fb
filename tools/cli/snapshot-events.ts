import type { MessageFailure, MessageOutcome, ReceivedMessage } from '../../src/ims/messaging/index.js';
import type { CallSnapshot, ImsSnapshot, RegistrationSnapshot } from '../../src/ims/snapshot.js';

/** What a command tells the world: one JSON line, or one sentence. */
export type ImsEvent =
  | {
      readonly event: 'registration';
      readonly state: RegistrationSnapshot['state'];
      readonly identity: string | null;
      readonly transport: string | null;
      readonly server: string | null;
      readonly expiresAt: number | null;
      readonly failure: RegistrationSnapshot['failure'];
      /** Each with its state, as the reg event tells. */
      readonly identities: RegistrationSnapshot['identities'];
      readonly security: RegistrationSnapshot['security'];
    }
  | {
      readonly event: 'call';
      readonly id: string;
      readonly direction: 'in' | 'out';
      readonly state: CallSnapshot['state'];
      readonly remote: string;
      readonly displayName: string;
      readonly localHold: boolean;
      readonly remoteHold: boolean;
      readonly muted: boolean;
      readonly endedBy: CallSnapshot['endedBy'];
      readonly failure: CallSnapshot['failure'];
      /** Present once packets flow. */
      readonly quality: CallSnapshot['quality'];
    }
  /** A message came. */
  | ({ readonly event: 'message' } & ReceivedMessage)
  /** What became of a message of ours. */
  | {
      readonly event: 'message-sent';
      readonly id: string;
      readonly to: string;
      readonly state: MessageOutcome['state'];
      readonly failure: MessageFailure | null;
    }
  /** The other side pressed keys. */
  | { readonly event: 'dtmf'; readonly id: string; readonly keys: string }
  | { readonly event: 'ready' }
  | { readonly event: 'recorded'; readonly file: string; readonly seconds: number }
  | { readonly event: 'error'; readonly message: string }
  | {
      readonly event: 'state';
      readonly registration: string;
      readonly calls: readonly { readonly id: string; readonly state: string; readonly remote: string }[];
    };

/** What changed between two snapshots, in the order a person would tell it. Quality alone is no event. */
export function snapshotEvents(before: ImsSnapshot, after: ImsSnapshot): ImsEvent[] {
  const events: ImsEvent[] = [];
  if (differs(registrationEvent(before.registration), registrationEvent(after.registration)))
    events.push(registrationEvent(after.registration));
  for (const call of after.calls) {
    const earlier = before.calls.find(({ id }) => id === call.id);
    if (!earlier || differs(callEvent({ ...earlier, quality: null }), callEvent({ ...call, quality: null })))
      events.push(callEvent(call));
    const keys = newKeys(earlier?.digitsReceived ?? '', call.digitsReceived);
    if (keys !== '') events.push({ event: 'dtmf', id: call.id, keys });
  }
  return events;
}

/** What was added; the beginning of a long row of keys is forgotten. */
function newKeys(before: string, after: string): string {
  for (let from = 0; from < before.length; from++) {
    const kept = before.slice(from);
    if (after.startsWith(kept)) return after.slice(kept.length);
  }
  return after;
}

function registrationEvent(registration: RegistrationSnapshot): ImsEvent {
  const { state, identity, transport, server, expiresAt, failure, identities, security } = registration;
  return { event: 'registration', state, identity, transport, server, expiresAt, failure, identities, security };
}

function callEvent(call: CallSnapshot): ImsEvent {
  const { id, direction, state, remote, localHold, remoteHold, muted, endedBy, failure, quality } = call;
  return {
    event: 'call',
    id,
    direction,
    state,
    remote: remote.uri,
    displayName: remote.displayName,
    localHold,
    remoteHold,
    muted,
    endedBy,
    failure,
    quality,
  };
}

function differs(a: ImsEvent, b: ImsEvent): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
