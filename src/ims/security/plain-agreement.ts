import type { InstalledSet } from '../../net/ipsec.js';
import { NetworkError } from '../../net/network.js';
import type { Flow } from '../sip/transport/flow.js';
import type { ChosenMechanism } from './choice.js';
import { KeyedRoute } from './keyed-route.js';
import { manualSet } from './manual.js';
import type { SecurityPolicy } from './policy.js';
import { mismatch, SecurityFailure } from './security-failure.js';
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

/** The agreement with its associations in force, if the policy says how they are made. @throws NetworkError, SecurityFailure */
export async function keyed(plain: PlainAgreement, host: KeyedHost): Promise<PlainAgreement> {
  if (plain.route) return plain;
  const { manual, ike } = host.policy;
  const { transport, local, remote } = plain.flow;
  const ends = { local: host.localAddress ?? local.address, remote: remote.address, transport };
  if (plain.name === 'ipsec-man' && manual) {
    const set = manualSet(manual, ends.local, ends.remote);
    const { localPort, remotePort } = manual;
    const install = (): Promise<InstalledSet> => host.network.ipsec.install(set);
    return { ...plain, route: await KeyedRoute.establish(host, { ...ends, localPort, remotePort }, install) };
  }
  if (plain.name !== 'ipsec-ike' || !ike) return plain;
  const { localPort = 0, remotePort = remote.port, ...rest } = ike;
  const negotiate = (port: number): Promise<InstalledSet> =>
    host.network.ipsec
      .negotiate({ ...rest, local: ends.local, remote: ends.remote, localPort: port, remotePort })
      .catch(agreementFailed);
  return { ...plain, route: await KeyedRoute.establish(host, { ...ends, localPort, remotePort }, negotiate) };
}

/** RFC 3329 §2.4: where IKE comes to nothing with the P-CSCF, so does the agreement. */
function agreementFailed(error: unknown): never {
  const failed = error instanceof NetworkError && (error.reason === 'refused' || error.reason === 'timeout');
  throw failed ? new SecurityFailure(mismatch(error.message), error.message) : error;
}
