/** A body as text, or the status that it deserves, with a line that says why. */
export type ReadText = { readonly text: string } | { readonly status: 400 | 415; readonly why: string };

/**
 * Reads a `text/plain` body. RFC 3261 §7.4.1: without a charset it is UTF-8. Never throws.
 *
 * @param contentType the whole value of the header
 */
export function readText(contentType: string, body: Uint8Array): ReadText {
  const [, quoted, bare] = /;[ \t]*charset[ \t]*=[ \t]*(?:"([^"\\]{1,40})"|([^\s;"]{1,40}))/i.exec(contentType) ?? [];
  const charset = (quoted ?? bare ?? 'utf-8').toLowerCase();
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    return { status: 415, why: `unknown charset ${charset}` };
  }
  try {
    return { text: decoder.decode(body) };
  } catch {
    return { status: 400, why: `the body is no ${charset}` };
  }
}
