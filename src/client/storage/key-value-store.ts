/** Small things that outlive a page: pairing tokens, call history, chosen devices. Never passwords. */
export interface KeyValueStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
}

/** localStorage where the page may use it (a sandboxed frame may not), memory otherwise. */
export function browserStore(): KeyValueStore {
  try {
    const storage = globalThis.localStorage;
    const probe = 'ims-elements:probe';
    storage.setItem(probe, '1');
    storage.removeItem(probe);
    return {
      get: (key) => storage.getItem(key),
      set: (key, value) => {
        try {
          storage.setItem(key, value);
        } catch {
          // Quota: what does not fit is not kept.
        }
      },
      delete: (key) => storage.removeItem(key),
    };
  } catch {
    return memoryStore();
  }
}

export function memoryStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
  };
}
