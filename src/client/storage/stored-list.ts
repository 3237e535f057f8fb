/** Entries of any list that is stored: the rest of one that was edited by hand is not read. */
const LIMIT = 100;

/** A list as JSON, of which only what `isItem` knows is taken: it may be from another version, or edited by hand. */
export function parseList<T>(
  text: string | null,
  isItem: (item: Partial<Record<keyof T, unknown>>) => boolean,
): readonly T[] {
  try {
    const list = JSON.parse(text ?? '') as T[];
    return Object.freeze(list.filter((item) => isItem(Object(item) as Partial<T>)).slice(0, LIMIT));
  } catch {
    return [];
  }
}
