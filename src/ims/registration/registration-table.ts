import type { RegistrationState } from '../snapshot.js';

/** What can happen to a registration. */
export type RegistrationEvent =
  // wishes of ours
  | 'register'
  | 'unregister'
  // time
  | 'refresh-due' // half time, or 600 s before the end
  | 'retry-due' // the pause after a failure is over
  | 'expired'
  // answers to the REGISTER in flight
  | 'sent' // a way was found
  | 'challenged' // 401, 407 that can be answered
  | 'accepted' // 200
  | 'answered' // 200, though we want to leave
  | 'adjust' // 423, 420, 439: the same again, asked otherwise
  | 'redirected' // 300, 301, 302
  | 'next-server' // 305, 408, 503, 504, no answer, no connection: there is another P-CSCF to ask
  | 'deferred' // the same, and all were asked; 480, 5xx, Retry-After
  | 'refused' // every other answer
  | 'removed' // any answer to a REGISTER with Expires 0, or none
  // the network
  | 'flow-lost' // the connection was closed, or does not answer
  | 'flow-unstable' // the same again, soon after the last time
  | 'suspended' // no sockets, no companion
  | 'deactivated' // reg event: register again now (TS 24.229 §5.1.1.7)
  | 'postponed' // reg event: probation
  | 'ended-by-network'; // reg event: rejected, unregistered

/** What is done about it. */
export type RegistrationAction =
  | 'attempt' // REGISTER to the P-CSCF in use, else to the best one
  | 'send-again' // the same attempt goes on
  | 'pause' // try again later, keep what holds
  | 'forget' // no binding any more
  | 'forget-and-attempt'
  | 'forget-and-pause'
  | 'halt' // as `forget`, and what is in flight is given up
  | 'note-wish' // register, as soon as the binding is taken away
  | 'leave' // REGISTER with Expires 0
  | 'leave-later' // the same, when the REGISTER in flight was answered (RFC 3261 §10.2)
  | 'none';

/** `attempting`: `refreshing` while there is a binding, else `resolving`. */
export type NextState = RegistrationState | 'attempting' | 'same';

export interface Transition {
  readonly to: NextState;
  readonly act: RegistrationAction;
}

type Row = Readonly<Partial<Record<RegistrationEvent, Transition>>>;

function to(next: NextState, act: RegistrationAction): Transition {
  return { to: next, act };
}

/** While a REGISTER is in flight: every answer has its place. */
const IN_FLIGHT: Row = {
  unregister: to('unregistering', 'leave-later'),
  sent: to('same', 'none'),
  accepted: to('registered', 'none'),
  adjust: to('same', 'send-again'),
  redirected: to('same', 'send-again'),
  'next-server': to('same', 'send-again'),
  deferred: to('waiting', 'pause'),
  refused: to('unregistered', 'forget'),
  // The REGISTER in flight will tell.
  expired: to('same', 'forget'),
  suspended: to('waiting', 'halt'),
};

/** Who has no binding to take away is done at once: `leave` sees to that. */
const LATE_ANSWER: Row = {
  answered: to('same', 'leave'),
  adjust: to('same', 'leave'),
  redirected: to('same', 'leave'),
  'next-server': to('same', 'leave'),
  deferred: to('same', 'leave'),
  refused: to('same', 'leave'),
};

/**
 * The registration of one contact as TS 24.229 §5.1.1 has it. An event that has no place in a row changes nothing.
 *
 *   unregistered -> resolving -> registering -> authenticating -> registered <-> refreshing
 *                      ^              |               |               |             |
 *                      +- waiting <---+---------------+---------------+-------------+
 */
export const REGISTRATION_TABLE: Readonly<Record<RegistrationState, Row>> = {
  unregistered: {
    register: to('attempting', 'attempt'),
  },
  resolving: {
    ...IN_FLIGHT,
    sent: to('registering', 'none'),
  },
  registering: {
    ...IN_FLIGHT,
    challenged: to('authenticating', 'none'),
  },
  authenticating: {
    ...IN_FLIGHT,
    // A challenge was answered, and the next server asks anew.
    adjust: to('registering', 'send-again'),
    redirected: to('registering', 'send-again'),
    'next-server': to('registering', 'send-again'),
  },
  registered: {
    register: to('refreshing', 'attempt'),
    'refresh-due': to('refreshing', 'attempt'),
    unregister: to('unregistering', 'leave'),
    expired: to('resolving', 'forget-and-attempt'),
    'flow-lost': to('refreshing', 'attempt'),
    'flow-unstable': to('waiting', 'pause'),
    suspended: to('waiting', 'halt'),
    deactivated: to('resolving', 'forget-and-attempt'),
    postponed: to('waiting', 'forget-and-pause'),
    'ended-by-network': to('unregistered', 'forget'),
  },
  refreshing: {
    ...IN_FLIGHT,
    challenged: to('same', 'none'),
  },
  unregistering: {
    register: to('same', 'note-wish'),
    removed: to('unregistered', 'forget'),
    // The answer that `leave-later` waits for, whatever it says.
    ...LATE_ANSWER,
    suspended: to('unregistered', 'halt'),
  },
  waiting: {
    register: to('attempting', 'attempt'),
    'retry-due': to('attempting', 'attempt'),
    unregister: to('unregistering', 'leave'),
    expired: to('same', 'forget'),
    suspended: to('waiting', 'halt'),
  },
};
