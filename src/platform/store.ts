/** Small texts that outlive the process: what must be remembered between two lives of a stack. */
export interface Store {
  /** @returns null: nothing is kept, or it cannot be read */
  get(key: string): Promise<string | null>;
  /** Resolves when it is kept; rejects where nothing can be. */
  set(key: string, value: string): Promise<void>;
}
