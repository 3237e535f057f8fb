import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import type { Random } from '../platform/random.js';
import type { SipEndpoint } from './sip/endpoint.js';
import type { Headers } from './sip/headers.js';
import type { NameAddr } from './sip/name-addr.js';
import type { RequestSender } from './sip/request-sender.js';
import type { Flow, Target } from './sip/transport/flow.js';

/** What anybody needs of the user agent who sends requests: calls, subscriptions, messages. */
export interface RequestContext {
  readonly endpoint: SipEndpoint;
  readonly sender: RequestSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Our identity for new dialogs and stand-alone requests, without tag. */
  readonly identity: NameAddr;
  /** From of those requests, without tag: the identity, or nobody. */
  readonly from: NameAddr;
  /** Preloaded Route of requests outside of dialogs: P-CSCF and Service-Route. */
  readonly routes: readonly string[];
  /** The place that registration found: next hop of requests outside of dialogs, and where DNS fails us. */
  readonly target: Target | null;
  /** Contact of a request or response that leaves on `flow`. */
  contact(flow: Flow): string;
  /** Who asks, for the network: in requests that begin a dialog or stand alone. */
  identify(headers: Headers): void;
  /** Headers of every new dialog and of its 2xx: Allow, Accept, User-Agent ... */
  describe(headers: Headers): void;
}
