const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));/g;

/** Resolves character references and the five entities that need no declaration. @returns null if there are others */
export function unescapeXml(text: string): string | null {
  if (!text.includes('&')) return text;
  const unknown: string[] = [];
  // What is left of an ampersand after all references are gone is not well-formed.
  const rest = text.replace(REFERENCE, '');
  const resolved = text.replace(
    REFERENCE,
    (reference: string, decimal?: string, hexadecimal?: string, name?: string) => {
      const code =
        decimal !== undefined ? Number(decimal) : hexadecimal !== undefined ? parseInt(hexadecimal, 16) : null;
      const character =
        code === null ? NAMED.get(name ?? '') : isCharacter(code) ? String.fromCodePoint(code) : undefined;
      if (character === undefined) unknown.push(reference);
      return character ?? '';
    },
  );
  return unknown.length === 0 && !rest.includes('&') ? resolved : null;
}

/** XML 1.0 §2.2 */
function isCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
