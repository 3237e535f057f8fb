import type { FailureReason } from '../../ims/failure.js';

/** What the button of a problem does. `help` shows a button only where the page has given a help address. */
export type RemedyAction = 'retry' | 'pair' | 'sign-in' | 'redial' | 'unlock' | 'help';

/** What trying again may mend. */
type Retried =
  | 'companion-absent'
  | 'companion-refused'
  | 'companion-lost'
  | 'server-unreachable'
  | 'server-not-found'
  | 'server-timeout'
  | 'tls-expired'
  | 'tls'
  | 'registration-rejected'
  | 'microphone-denied'
  | 'microphone-missing'
  | 'media-failed'
  | 'worker-failed'
  | 'internal';

/** Exhaustive on purpose: a new reason does not compile until someone has thought of its remedy. */
const OTHERS: Readonly<Record<Exclude<FailureReason, Retried>, RemedyAction>> = {
  'companion-unpaired': 'pair',
  'credentials-rejected': 'sign-in',
  'credentials-missing': 'sign-in',
  'unknown-user': 'sign-in',
  'not-registered': 'sign-in',
  busy: 'redial',
  declined: 'redial',
  'no-answer': 'redial',
  unavailable: 'redial',
  'call-failed': 'redial',
  'call-lost': 'redial',
  'audio-blocked': 'unlock',
  'tls-name': 'help',
  'tls-authority': 'help',
  'tls-pinned': 'help',
  'network-not-trusted': 'help',
  'security-mismatch': 'help',
  'ipsec-denied': 'help',
  'ipsec-kernel': 'help',
  'ipsec-tool': 'help',
  forbidden: 'help',
  'not-found': 'help',
  'address-invalid': 'help',
  'not-acceptable': 'help',
  'browser-unsupported': 'help',
};

export function remedyAction(reason: FailureReason): RemedyAction {
  return (OTHERS as Readonly<Partial<Record<FailureReason, RemedyAction>>>)[reason] ?? 'retry';
}
