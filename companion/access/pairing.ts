import { flag, integer, list, record, text } from '../protocol/guard.js';
import { hashSecret, matchesHash, newCode, normalizeCode } from './secret.js';
import type { StateDirectory } from './state-directory.js';

const FILE = 'pairing.json';
const LIFETIME = 5 * 60000;
const MAX_ATTEMPTS = 5;

const shape = record(
  {
    codeHash: text(64),
    expires: integer(0, Number.MAX_SAFE_INTEGER),
    attempts: integer(0, 1000),
    destinations: list(text(128), 64),
    listen: flag,
  },
  { origin: text(512) },
);

/** What the person who pairs grants with a code. */
export interface PairingOffer {
  /** The only origin that may use the code; any if absent. */
  readonly origin?: string;
  readonly destinations: readonly string[];
  readonly listen: boolean;
}

/**
 * The one pairing code that may be open: for five minutes, five attempts, one use. It lives in the
 * state directory, so that `ims-companion pair` can make it and the running companion take it.
 */
export class Pairing {
  constructor(private readonly directory: StateDirectory) {}

  /** Opens a new code, in place of an older one. @returns what the person types into the page */
  open(offer: PairingOffer): string {
    const code = newCode();
    const codeHash = hashSecret(normalizeCode(code));
    this.directory.write(FILE, { ...offer, codeHash, expires: Date.now() + LIFETIME, attempts: 0 });
    return code;
  }

  /** True while a code is open that this origin may try. */
  isOpenFor(origin: string): boolean {
    const current = this.#current();
    return current !== null && (current.origin === undefined || current.origin === origin);
  }

  /** Takes a code. @returns what it grants; null if it is wrong, used, too old or tried too often */
  take(origin: string, typed: string): PairingOffer | null {
    const current = this.#current();
    if (!current || (current.origin !== undefined && current.origin !== origin)) return null;
    if (matchesHash(normalizeCode(typed), current.codeHash)) {
      this.directory.remove(FILE);
      return current;
    }
    const attempts = current.attempts + 1;
    if (attempts >= MAX_ATTEMPTS) this.directory.remove(FILE);
    else this.directory.write(FILE, { ...current, attempts });
    return null;
  }

  close(): void {
    this.directory.remove(FILE);
  }

  #current(): (PairingOffer & { codeHash: string; attempts: number }) | null {
    const file = this.directory.read(FILE);
    return shape(file) && file.expires > Date.now() ? file : null;
  }
}
