import type { CallSnapshot } from '../../ims/snapshot.js';

/** Which of its faces the phone shows, and the calls on it. */
export type Stage =
  | { readonly kind: 'dial' }
  | { readonly kind: 'incoming'; readonly call: CallSnapshot }
  | { readonly kind: 'outgoing'; readonly call: CallSnapshot }
  | { readonly kind: 'call'; readonly call: CallSnapshot }
  | { readonly kind: 'ended'; readonly call: CallSnapshot };

export interface PhoneView {
  readonly stage: Stage;
  /** Ringing calls that are not on the stage: shown as cards above it. */
  readonly waiting: readonly CallSnapshot[];
  /** Live calls that are neither on the stage nor ringing. */
  readonly others: readonly CallSnapshot[];
}

export interface StageInput {
  readonly calls: readonly CallSnapshot[];
  /** The call a person chose to look at. */
  readonly chosen: string | null;
  /** A person is dialling a further call. */
  readonly dialling: boolean;
  /** A person is typing into the phone: an incoming call must not take the field away. */
  readonly typing: boolean;
  readonly ended: CallSnapshot | null;
}

export function isLive(call: CallSnapshot): boolean {
  return call.state !== 'ended';
}

function isOutgoing(call: CallSnapshot): boolean {
  return call.state === 'dialling' || call.state === 'ringing-out' || call.state === 'early-media';
}

export function phoneView({ calls, chosen, dialling, typing, ended }: StageInput): PhoneView {
  const live = calls.filter(isLive);
  const ringing = live.filter((call) => call.state === 'ringing-in');
  const talking = live.filter((call) => call.state !== 'ringing-in');
  const current =
    talking.find((call) => call.id === chosen) ??
    talking.find(isOutgoing) ??
    talking.find((call) => !call.localHold) ??
    talking[0];

  if (current && !dialling)
    return {
      stage: { kind: isOutgoing(current) ? 'outgoing' : 'call', call: current },
      waiting: ringing,
      others: talking.filter((call) => call !== current),
    };
  const first = ringing[0];
  if (first && !current && !typing)
    return { stage: { kind: 'incoming', call: first }, waiting: ringing.slice(1), others: [] };
  if (!current && !first && ended) return { stage: { kind: 'ended', call: ended }, waiting: [], others: [] };
  return { stage: { kind: 'dial' }, waiting: ringing, others: talking };
}
