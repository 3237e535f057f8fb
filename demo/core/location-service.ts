import { uriEquals, type NameAddr, type SipUri } from '../../src/ims/sip/index.js';
import type { Flow } from '../../src/ims/sip/transport/flow.js';
import type { Clock } from '../../src/platform/clock.js';

/** A contact that a user registered. */
export interface Binding {
  readonly user: string;
  readonly contact: NameAddr;
  readonly uri: SipUri;
  readonly callId: string;
  readonly cseq: number;
  /** `Clock.now()` when it ends. */
  readonly expiresAt: number;
  /** Path of the REGISTER, first hop first (RFC 3327). */
  readonly path: readonly string[];
  /** Where the REGISTER came from: requests go back the same way as long as it is open. */
  readonly flow: Flow;
}

/** Devices of one user at most. */
export const MAX_BINDINGS = 10;

/** RFC 3261 §10: the bindings of every user. Bounded by subscribers times {@link MAX_BINDINGS}. */
export class LocationService {
  readonly #bindings = new Map<string, Binding[]>();

  constructor(private readonly clock: Clock) {}

  /** Bindings that are in force, the newest first. */
  of(user: string): readonly Binding[] {
    const now = this.clock.now();
    const alive = (this.#bindings.get(user) ?? []).filter((binding) => binding.expiresAt > now);
    this.replace(user, alive);
    return alive;
  }

  replace(user: string, bindings: readonly Binding[]): void {
    if (bindings.length === 0) this.#bindings.delete(user);
    else this.#bindings.set(user, [...bindings]);
  }

  /** The user whose device is at the other end of this flow. */
  userAt(flow: Flow): string | null {
    for (const user of this.#bindings.keys()) {
      if (this.of(user).some((binding) => sameFlow(binding.flow, flow))) return user;
    }
    return null;
  }

  /** The open way to a registered contact. */
  flowTo(contact: SipUri): Flow | null {
    for (const user of this.#bindings.keys()) {
      const binding = this.of(user).find(({ uri, flow }) => !flow.closed && uriEquals(uri, contact));
      if (binding) return binding.flow;
    }
    return null;
  }

  /** Number of bindings, for leak tests. */
  get size(): number {
    let total = 0;
    for (const bindings of this.#bindings.values()) total += bindings.length;
    return total;
  }
}

/** The binding that a new one takes the place of: the same contact (RFC 3261 §10.3), or the same device (RFC 5626 §6). */
export function isSameDevice(binding: Binding, contact: NameAddr): boolean {
  const instance = contact.parameters.get('+sip.instance');
  if (typeof instance === 'string' && binding.contact.parameters.get('+sip.instance') === instance) return true;
  return uriEquals(binding.contact.uri, contact.uri);
}

function sameFlow(a: Flow, b: Flow): boolean {
  return (
    a === b || (a.transport === b.transport && a.remote.address === b.remote.address && a.remote.port === b.remote.port)
  );
}
