import type { Account } from '../ims/account.js';
import type { FailureReason } from '../ims/failure.js';
import type { CallSnapshot, RegistrationSnapshot } from '../ims/snapshot.js';

/** Intents can be seen and stopped by any ancestor, across shadow roots. Facts stay on their element. */
const INTENT: EventInit = { bubbles: true, composed: true, cancelable: true };

/** A person asks for a call. Prevented: no call is made. */
export class ImsCallRequestEvent extends Event {
  /** @param address as typed: digits, `user@host`, or a sip:, sips: or tel: URI */
  constructor(readonly address: string) {
    super('ims-call-request', INTENT);
  }
}

/** A person answers. Prevented: the call goes on ringing. */
export class ImsAnswerRequestEvent extends Event {
  constructor(readonly call: CallSnapshot) {
    super('ims-answer-request', INTENT);
  }
}

/** A person hangs up, cancels or declines. Prevented: nothing happens. */
export class ImsHangUpRequestEvent extends Event {
  constructor(readonly call: CallSnapshot) {
    super('ims-hang-up-request', INTENT);
  }
}

/**
 * A person signs in, or wants to (`account` null: the phone's "Sign in" button; the account element
 * then shows its form). Prevented: the page signs in its own way.
 */
export class ImsSignInRequestEvent extends Event {
  constructor(readonly account: Account | null) {
    super('ims-sign-in-request', INTENT);
  }
}

/** A person wants help with a problem. Not prevented: the element opens its `help-url`. */
export class ImsHelpRequestEvent extends Event {
  constructor(readonly reason: FailureReason) {
    super('ims-help-request', INTENT);
  }
}

/** A call exists, in or out. */
export class ImsCallStartedEvent extends Event {
  constructor(readonly call: CallSnapshot) {
    super('ims-call-started');
  }
}

export class ImsCallEndedEvent extends Event {
  constructor(readonly call: CallSnapshot) {
    super('ims-call-ended');
  }
}

/** The registration's state changed. */
export class ImsRegistrationChangedEvent extends Event {
  constructor(readonly registration: RegistrationSnapshot) {
    super('ims-registration-changed');
  }
}

declare global {
  interface HTMLElementEventMap {
    'ims-call-request': ImsCallRequestEvent;
    'ims-answer-request': ImsAnswerRequestEvent;
    'ims-hang-up-request': ImsHangUpRequestEvent;
    'ims-sign-in-request': ImsSignInRequestEvent;
    'ims-help-request': ImsHelpRequestEvent;
    'ims-call-started': ImsCallStartedEvent;
    'ims-call-ended': ImsCallEndedEvent;
    'ims-registration-changed': ImsRegistrationChangedEvent;
  }
}
