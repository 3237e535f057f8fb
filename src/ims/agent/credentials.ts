import { fromHex } from '../../platform/hex.js';
import type { Random } from '../../platform/random.js';
import type { Store } from '../../platform/store.js';
import type { Account, AkaCredentials } from '../account.js';
import { AkaScheme, DigestScheme, SequenceMemory, SoftIsim, type AuthScheme, type KeyStore } from '../auth/index.js';
import type { Failure } from '../failure.js';

/** What an account can answer challenges with. */
export interface Credentials {
  /** A scheme is chosen by what a challenge offers: the strongest first. */
  readonly schemes: readonly AuthScheme[];
  /** Named in the first REGISTER; null: there is nothing to answer with. */
  readonly algorithm: string | null;
  /** That of the schemes which agrees on keys. */
  readonly aka: AkaScheme | null;
}

export const NO_CREDENTIALS: Credentials = { schemes: [], algorithm: null, aka: null };

/**
 * @param keyStore comes before the keys of the account
 * @param store keeps the sequence numbers of AKA; null: they are forgotten
 * @returns a failure `credentials-missing` if a key is none
 */
export function readCredentials(
  account: Account,
  username: string,
  keyStore: KeyStore | null,
  random: Random,
  store: Store | null,
): Credentials | Failure {
  const { aka, password } = account;
  const isim = keyStore ?? (aka ? readIsim(aka, username, store) : null);
  if (isim && 'reason' in isim) return isim;
  const schemes: AuthScheme[] = [];
  const scheme = isim ? new AkaScheme(username, isim, random) : null;
  if (scheme) schemes.push(scheme);
  if (password !== undefined) schemes.push(new DigestScheme({ username, password }, random));
  const algorithm = isim ? (aka?.algorithm ?? 'AKAv1-MD5') : password === undefined ? null : 'MD5';
  return { schemes, algorithm, aka: scheme };
}

function readIsim({ k, op, opc, sqn }: AkaCredentials, username: string, store: Store | null): SoftIsim | Failure {
  const key = octets(k, 16);
  if (!key) return missing('K', 16);
  if ((op === undefined) === (opc === undefined)) return missing('either OP or OPc', 16);
  const variant = octets(op ?? opc ?? '', 16);
  if (!variant) return missing(op === undefined ? 'OPc' : 'OP', 16);
  const highest = sqn === undefined ? null : octets(sqn, 6);
  if (sqn !== undefined && !highest) return missing('SQN', 6);
  return new SoftIsim({
    k: key,
    operator: op === undefined ? { opc: variant } : { op: variant },
    sqn: highest,
    ...(store ? { memory: new SequenceMemory(store, username, key) } : {}),
  });
}

/** People group digits. */
function octets(text: string, length: number): Uint8Array | null {
  const value = fromHex(text.replace(/[\s:-]/g, ''));
  return value?.length === length ? value : null;
}

/** Never tells what was there instead. */
function missing(what: string, length: number): Failure {
  return { reason: 'credentials-missing', detail: `AKA needs ${what}: ${2 * length} hexadecimal digits` };
}
