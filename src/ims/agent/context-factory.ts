import type { Logger } from '../../platform/logger.js';
import { ANONYMOUS, isAnonymous, PrivateHeaders, type PrivacyValue } from '../private-headers/index.js';
import { sameIdentity } from '../registration/public-identity.js';
import type { Registration } from '../registration/registration.js';
import type { RequestContext } from '../request-context.js';
import type { CallContext } from '../session/call-context.js';
import { MMTEL_FEATURE } from '../session/call-headers.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import { NameAddr } from '../sip/name-addr.js';
import type { RequestSender } from '../sip/request-sender.js';
import { targetOf, type Flow } from '../sip/transport/flow.js';
import type { UserAgentOptions } from '../user-agent.js';
import type { AccountPlan } from './account-plan.js';
import type { AgentCapabilities } from './capabilities.js';
import { contactUri, preloadedRoute } from './routing.js';

export interface ContextFactoryOptions {
  readonly agent: UserAgentOptions;
  readonly logger: Logger;
  readonly capabilities: AgentCapabilities;
  readonly endpoint: SipEndpoint;
  readonly sender: RequestSender;
  /** Null: there is none, or not yet. */
  readonly registration: () => Registration | null;
  readonly udpPort: () => number | null;
  readonly changed: () => void;
}

/** Who speaks, and how it is shown. */
export interface Speaker {
  /** Default: the default identity. */
  readonly identity?: NameAddr | null;
  /** Default: as the account says. */
  readonly privacy?: readonly PrivacyValue[];
}

/** Makes what calls and subscriptions need of the user agent, as the registration stands now. */
export class ContextFactory {
  constructor(private readonly options: ContextFactoryOptions) {}

  /** Our address on a flow, for the registrar. */
  address(plan: AccountPlan, flow: Flow): NameAddr {
    return new NameAddr(contactUri(plan.contactUser, flow, flow.transport, this.options.udpPort()));
  }

  request(plan: AccountPlan, speaker: Speaker = {}): RequestContext {
    const { agent, capabilities, endpoint, logger, sender } = this.options;
    const registration = this.options.registration();
    const identity = speaker.identity ?? registration?.identity ?? plan.identity;
    const privacy = speaker.privacy ?? agent.account.privacy ?? [];
    const anonymous = isAnonymous(privacy);
    const flow = registration?.bound ? registration.flow : null;
    const target = flow ? targetOf(flow) : null;
    return {
      endpoint,
      sender,
      clock: agent.clock,
      random: agent.random,
      logger,
      identity,
      from: anonymous ? ANONYMOUS : identity,
      identify: (headers) => PrivateHeaders.identify(headers, identity, privacy),
      routes: preloadedRoute(plan, target, registration?.serviceRoute ?? []),
      target,
      contact: (way) => `${this.#contact(way, plan, identity, anonymous).toString()};${MMTEL_FEATURE}`,
      describe: (headers) => capabilities.describe(headers),
    };
  }

  call(plan: AccountPlan, speaker: Speaker = {}): CallContext {
    const { agent, changed } = this.options;
    return { ...this.request(plan, speaker), media: agent.media, dtx: agent.account.dtx === true, changed };
  }

  /** Contact of dialogs: the GRUU, where the registrar made one for this identity (RFC 5627 §4.4), else our address. */
  #contact(flow: Flow, plan: AccountPlan, identity: NameAddr, anonymous: boolean): NameAddr {
    const registration = this.options.registration();
    const binding = registration?.binding;
    // RFC 5627 §6.1: the temporary one does not tell who we are.
    const gruu = anonymous ? binding?.tempGruu : binding?.pubGruu;
    if (gruu && (anonymous || sameIdentity(identity.uri, plan.identity.uri))) return new NameAddr(gruu);
    const transport = registration?.flow?.transport ?? flow.transport;
    const user = anonymous ? 'anonymous' : plan.contactUser;
    const uri = contactUri(user, flow, transport, this.options.udpPort());
    // RFC 5626 §4.3: requests of the dialog are to come over this flow.
    return new NameAddr(binding?.outbound ? uri.withParameter('ob', null) : uri);
  }
}
