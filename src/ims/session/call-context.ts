import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import type { Random } from '../../platform/random.js';
import type { Headers } from '../sip/headers.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { NameAddr } from '../sip/name-addr.js';
import type { RequestSender } from '../sip/request-sender.js';
import type { Flow, Target } from '../sip/transport/flow.js';
import type { MediaFactory } from './media-session.js';

/** What a call needs of the user agent. */
export interface CallContext {
  readonly endpoint: SipEndpoint;
  readonly sender: RequestSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly media: MediaFactory;
  /** Our identity for new calls, without tag. */
  readonly identity: NameAddr;
  /** Preloaded Route of requests outside of dialogs: P-CSCF and Service-Route. */
  readonly routes: readonly string[];
  /** The place that registration found: next hop of requests outside of dialogs, and where DNS fails us. */
  readonly target: Target | null;
  /** Contact of a request or response that leaves on `flow`. */
  contact(flow: Flow): string;
  /** Headers of every new dialog and of its 2xx: Allow, Accept, User-Agent ... */
  describe(headers: Headers): void;
  /** Something that the snapshot shows has changed. */
  changed(): void;
}

/** Times of a call that no RFC sets, ms. */
export const NO_ANSWER_TIMEOUT = 180_000;
