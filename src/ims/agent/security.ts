import { silentLogger } from '../../platform/logger.js';
import type { AkaScheme } from '../auth/index.js';
import { SecurityAgreement } from '../security/index.js';
import type { SipEndpoint } from '../sip/endpoint.js';
import type { UserAgentOptions } from '../user-agent.js';
import type { AccountPlan } from './account-plan.js';

/** The agreement that an account's policy asks for, put in the way of every message; null: none is asked for. */
export function createSecurity(
  { account, clock, random, network, logger = silentLogger }: UserAgentOptions,
  endpoint: SipEndpoint,
  plan: AccountPlan | null,
  aka: AkaScheme | null,
): SecurityAgreement | null {
  const { security: policy, localAddress } = account;
  if (!plan || !policy || policy.mechanisms.length === 0) return null;
  const security = new SecurityAgreement({
    policy,
    clock,
    random,
    network,
    endpoint,
    logger,
    names: plan.proxies.length > 0 ? plan.proxies : [plan.domain],
    keys: () => aka?.agreement ?? null,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  endpoint.onOutgoing = (request, flow) => security.describe(request, flow);
  endpoint.admits = (message, flow) => security.admits(message, flow);
  return security;
}
