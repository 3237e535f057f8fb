import type { HistoryEntry } from '../../ims/snapshot.js';
import { lastDialled, suggestionsFor, type Suggestion } from './entry-suggestions.js';

/** Longer addresses exist in no network; a pasted novel is cut. */
const LONGEST = 256;

/** The number or address being entered, and its list of earlier parties. */
export class EntryModel {
  text = '';
  open = false;
  /** Index of the suggestion under the cursor, -1 for none. */
  active = -1;

  constructor(private readonly changed: () => void) {}

  suggestions(history: readonly HistoryEntry[]): readonly Suggestion[] {
    return this.open ? suggestionsFor(history, this.text) : [];
  }

  /** From the keyboard: the list opens as soon as something is typed. */
  type(text: string): void {
    this.#set(text);
    this.open = this.text !== '';
    this.changed();
  }

  /** From the pad: no list, the pad would jump. */
  insert(tone: string): void {
    this.#set(this.text + tone);
    this.changed();
  }

  erase(): void {
    this.#set(Array.from(this.text).slice(0, -1).join(''));
    this.changed();
  }

  clear(): void {
    this.#set('');
    this.open = false;
    this.changed();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.active = -1;
    this.changed();
  }

  /** Arrow keys: opens the list, or moves in it; past the end is back in the field. */
  move(step: 1 | -1, history: readonly HistoryEntry[]): void {
    if (!this.open) {
      this.open = true;
      this.active = -1;
    }
    const count = suggestionsFor(history, this.text).length;
    // -1 (the field) is one of the places to be.
    this.active = count === 0 ? -1 : ((this.active + 1 + step + count + 1) % (count + 1)) - 1;
    this.changed();
  }

  choose(suggestion: Suggestion): void {
    this.#set(suggestion.address);
    this.open = false;
    this.changed();
  }

  /** "Call" on an empty field brings the last number back; a second one calls it. */
  recall(history: readonly HistoryEntry[]): void {
    this.#set(lastDialled(history) ?? '');
    this.changed();
  }

  #set(text: string): void {
    this.text = text.slice(0, LONGEST);
    this.active = -1;
  }
}
