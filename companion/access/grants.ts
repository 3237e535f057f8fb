import { flag, list, record, text, type Guarded } from '../protocol/guard.js';
import { parseDestinationRule, type DestinationRule } from './destination-rules.js';
import { hashSecret, matchesHash, newToken } from './secret.js';
import type { StateDirectory } from './state-directory.js';

const FILE = 'grants.json';
const MAX_GRANTS = 256;

const grantShape = record({
  id: text(32),
  origin: text(512),
  tokenHash: text(64),
  created: text(32),
  destinations: list(text(128), 64),
  listen: flag,
});
const fileShape = record({ grants: list(grantShape, MAX_GRANTS) });

/** One paired page: an origin, its token's hash and what it may reach. */
export type StoredGrant = Guarded<typeof grantShape>;

/** What a page that has been let in may do. */
export interface Grant {
  readonly id: string;
  readonly origin: string;
  readonly rules: readonly DestinationRule[];
  readonly listen: boolean;
}

/** The paired pages, kept in the state directory and read anew when another process changed it. */
export class GrantStore {
  #stamp = '';
  #grants: readonly StoredGrant[] = [];

  constructor(private readonly directory: StateDirectory) {}

  get all(): readonly StoredGrant[] {
    const stamp = this.directory.stamp(FILE);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      const file = this.directory.read(FILE);
      this.#grants = fileShape(file) ? file.grants : [];
    }
    return this.#grants;
  }

  knowsOrigin(origin: string): boolean {
    return this.all.some((grant) => grant.origin === origin);
  }

  /** The grant that this token of this origin stands for. */
  find(origin: string, token: string): Grant | null {
    const stored = this.all.find((grant) => grant.origin === origin && matchesHash(token, grant.tokenHash));
    return stored ? usable(stored) : null;
  }

  has(id: string): boolean {
    return this.all.some((grant) => grant.id === id);
  }

  /** @returns the token, which is not kept */
  add(origin: string, destinations: readonly string[], listen: boolean): string {
    const token = newToken();
    const tokenHash = hashSecret(token);
    const created = new Date().toISOString();
    const grant: StoredGrant = { id: tokenHash.slice(0, 12), origin, tokenHash, created, destinations, listen };
    this.#save([...this.all, grant].slice(-MAX_GRANTS));
    return token;
  }

  /** @param which an id or an origin. @returns how many were taken back */
  revoke(which: string): number {
    const kept = this.all.filter((grant) => grant.id !== which && grant.origin !== which);
    const count = this.all.length - kept.length;
    if (count > 0) this.#save(kept);
    return count;
  }

  #save(grants: readonly StoredGrant[]): void {
    this.directory.write(FILE, { grants });
  }
}

function usable(stored: StoredGrant): Grant {
  const rules = stored.destinations.map(parseDestinationRule).filter((rule) => rule !== null);
  return { id: stored.id, origin: stored.origin, rules, listen: stored.listen };
}
