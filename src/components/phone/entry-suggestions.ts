import type { HistoryEntry } from '../../ims/snapshot.js';
import { addressOf, nameOf } from '../format/party.js';

export interface Suggestion {
  readonly address: string;
  readonly name: string;
}

const MOST = 5;

/** Earlier parties whose address or name holds what was typed, newest first, each once. */
export function suggestionsFor(history: readonly HistoryEntry[], typed: string): readonly Suggestion[] {
  const needle = typed.trim().toLocaleLowerCase();
  const found = new Map<string, Suggestion>();
  for (const entry of history) {
    const address = addressOf(entry.remote.uri);
    if (!address || found.has(address) || address === typed) continue;
    const name = nameOf(entry.remote);
    if (address.toLocaleLowerCase().includes(needle) || name.toLocaleLowerCase().includes(needle))
      found.set(address, { address, name });
    if (found.size === MOST) break;
  }
  return [...found.values()];
}

/** The address of the last call that went out: what a phone redials. */
export function lastDialled(history: readonly HistoryEntry[]): string | null {
  const entry = history.find((candidate) => candidate.direction === 'out');
  return entry ? addressOf(entry.remote.uri) : null;
}
