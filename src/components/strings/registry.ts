import { en } from './en.js';
import type { Strings } from './strings.js';

const tables = new Map<string, Strings>([['en', en]]);
const listeners = new Set<() => void>();

/** Makes a language known to every element, those on the page included. */
export function registerStrings(strings: Strings): void {
  tables.set(strings.lang.toLowerCase(), strings);
  for (const listener of [...listeners]) listener();
}

/** The table for a BCP 47 tag by lookup (RFC 4647 §3.4: `fr-CA` falls back to `fr`), else English. */
export function stringsFor(lang: string): Strings {
  let range = lang.toLowerCase();
  while (range) {
    const table = tables.get(range);
    if (table) return table;
    range = range.slice(0, Math.max(0, range.lastIndexOf('-')));
  }
  return en;
}

/** @returns a function that stops listening */
export function onStringsRegistered(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
