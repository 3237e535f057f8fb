import type { FailureReason } from '../../ims/failure.js';

/** What the button of a problem does. `help` shows a button only where the page has given a help address. */
export type RemedyAction = 'retry' | 'pair' | 'sign-in' | 'redial' | 'unlock' | 'help';

/** Exhaustive on purpose: a new reason does not compile until someone has thought of its remedy. */
export function remedyAction(reason: FailureReason): RemedyAction {
  switch (reason) {
    case 'companion-unpaired':
      return 'pair';
    case 'companion-absent':
    case 'companion-refused':
    case 'companion-lost':
    case 'server-unreachable':
    case 'server-not-found':
    case 'server-timeout':
    case 'tls-expired':
    case 'tls':
    case 'registration-rejected':
    case 'microphone-denied':
    case 'microphone-missing':
    case 'media-failed':
    case 'worker-failed':
    case 'internal':
      return 'retry';
    case 'credentials-rejected':
    case 'credentials-missing':
    case 'unknown-user':
    case 'not-registered':
      return 'sign-in';
    case 'busy':
    case 'declined':
    case 'no-answer':
    case 'unavailable':
    case 'call-failed':
    case 'call-lost':
      return 'redial';
    case 'audio-blocked':
      return 'unlock';
    case 'tls-name':
    case 'tls-authority':
    case 'tls-pinned':
    case 'network-not-trusted':
    case 'security-mismatch':
    case 'ipsec-denied':
    case 'ipsec-kernel':
    case 'ipsec-tool':
    case 'forbidden':
    case 'not-found':
    case 'address-invalid':
    case 'not-acceptable':
    case 'browser-unsupported':
      return 'help';
    default:
      return unknownReason(reason);
  }
}

function unknownReason(_reason: never): RemedyAction {
  return 'retry';
}
