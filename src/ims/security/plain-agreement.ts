import type { Flow } from '../sip/transport/flow.js';
import type { ChosenMechanism } from './choice.js';
import { KeyedRoute } from './keyed-route.js';
import { manualSet } from './manual.js';
import type { SecurityPolicy } from './policy.js';
import type { SecuritySetHost } from './security-set.js';

/** An agreement whose keys do not come from AKA: tls, digest, ipsec-man, ipsec-ike. */
export interface PlainAgreement {
  readonly name: Exclude<ChosenMechanism['name'], 'ipsec-3gpp'>;
  /** Values of Security-Verify. */
  readonly verify: readonly string[];
  /** By which it was agreed. */
  readonly flow: Flow;
  /** Associations that we put in force for it. */
  readonly route: KeyedRoute | null;
}

export interface KeyedHost extends SecuritySetHost {
  readonly policy: SecurityPolicy;
  readonly localAddress?: string;
}

/** The agreement with its associations in force, if the policy says how they are made. @throws NetworkError */
export async function keyed(plain: PlainAgreement, host: KeyedHost): Promise<PlainAgreement> {
  const { manual } = host.policy;
  if (plain.route || plain.name !== 'ipsec-man' || !manual) return plain;
  const { transport, local, remote } = plain.flow;
  const set = manualSet(manual, host.localAddress ?? local.address, remote.address);
  const { localPort, remotePort } = manual;
  const ends = { local: set.local, remote: set.remote, localPort, remotePort, transport };
  const route = await KeyedRoute.establish(host, ends, () => host.network.ipsec.install(set));
  return { ...plain, route };
}
