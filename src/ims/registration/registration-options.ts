import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import type { Random } from '../../platform/random.js';
import type { SecurityAgreement } from '../security/index.js';
import type { Headers } from '../sip/headers.js';
import type { NameAddr } from '../sip/name-addr.js';
import type { RequestSender } from '../sip/request-sender.js';
import type { Flow, Target } from '../sip/transport/flow.js';
import type { SipUri } from '../sip/uri.js';
import type { LastWill } from './last-will.js';
import type { RegisterRequestOptions } from './register-request.js';

export interface RegistrationOptions extends RegisterRequestOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sender: RequestSender;
  /** Agreement on security with the P-CSCF (RFC 3329); null: none is sought. */
  readonly security: SecurityAgreement | null;
  readonly will: LastWill;
  /** Seconds asked for. */
  readonly expires: number;
  /** `urn:uuid:...` of this device: GRUUs and flows need it. Null: neither is asked for. */
  readonly instance: string | null;
  /** Whether to ask for GRUUs (RFC 5627). */
  readonly gruu: boolean;
  /** Whether to ask for a flow that the network keeps (RFC 5626). */
  readonly outbound: boolean;
  /** The P-CSCFs, best first. @throws NetworkError */
  locate(): Promise<readonly Target[]>;
  /** Where a redirection leads. @throws NetworkError */
  locateUri(uri: SipUri): Promise<readonly Target[]>;
  /** Our contact on a flow, without header parameters. */
  contact(flow: Flow): NameAddr;
  describe(headers: Headers): void;
  changed(): void;
  /** A registration was accepted. @param initial there was none before, or it was over another flow */
  onRegistered?(initial: boolean): void;
  /** Nothing is registered any more. */
  onUnregistered?(): void;
}
