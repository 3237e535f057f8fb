import type { Clock } from '../platform/clock.js';
import { createInstanceId, isInstanceId } from '../platform/instance-id.js';
import type { Random } from '../platform/random.js';
import type { Store } from '../platform/store.js';

const DATABASE = 'ims-elements';
const TABLE = 'device';
/** Pages of this origin that each keep a name; more of them have one for as long as they live. */
const MAX_SLOTS = 16;
/** ms for the storage to answer. */
const PATIENCE = 1000;

/** IndexedDB of the page's origin. Where the browser gives none (a sandboxed frame), nothing outlives the worker. */
export class IndexedDbStore implements Store {
  readonly #database: Promise<IDBDatabase>;

  constructor() {
    this.#database = new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no IndexedDB'));
    });
    this.#database.catch(() => undefined);
  }

  async get(key: string): Promise<string | null> {
    try {
      const value: unknown = await this.#run('readonly', (table) => table.get(key));
      return typeof value === 'string' ? value : null;
    } catch {
      return null;
    }
  }

  async set(key: string, value: string): Promise<void> {
    await this.#run('readwrite', (table) => table.put(value, key));
  }

  async #run<T>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await this.#database).transaction(TABLE, mode);
    return new Promise((resolve, reject) => {
      const request = act(transaction.objectStore(TABLE));
      // Not at the request's success: what is kept has to be on the disk (TS 33.102 §6.3.3: SQN is stored first).
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
    });
  }
}

/**
 * The instance id of this page. Two pages of one browser at the same time are two instances: the same name in both would
 * make the registrar take the binding of the one for the other's (RFC 5626 §6). Each holds the lock on one of a row of
 * names for as long as its worker lives, so that a page that is loaded again has the name it had.
 */
export async function deviceInstance(store: Store, random: Random, clock: Clock): Promise<string> {
  const created = createInstanceId(random);
  // Nobody waits for a storage that hangs: the registration would never begin.
  const late = new Promise<string>((resolve) => clock.setTimeout(PATIENCE, () => resolve(created)));
  return Promise.race([keptInstance(store, created), late]);
}

/** @returns what an earlier page of this slot was called, else `created`, which is kept then if it can be */
async function keptInstance(store: Store, created: string): Promise<string> {
  // Only in a secure context (http://localhost is one).
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (!locks) return created;
  try {
    for (let slot = 0; slot < MAX_SLOTS; slot++) {
      const key = `instance-${slot}`;
      if (!(await hold(locks, `ims-elements:${key}`))) continue;
      const kept = await store.get(key);
      if (isInstanceId(kept)) return kept;
      await store.set(key, created);
      return created;
    }
  } catch {
    // No storage: the name lasts as long as the page.
  }
  return created;
}

/** @returns whether nobody else has the lock; it is held until the worker ends */
function hold(locks: LockManager, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => undefined);
      })
      .catch(reject);
  });
}
