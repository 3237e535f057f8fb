/** Base64 (RFC 4648 §4) in a page, a worker and Node alike. */
export function toBase64(octets: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < octets.length; at += 8192) binary += String.fromCharCode(...octets.subarray(at, at + 8192));
  return btoa(binary);
}

/** @returns null if the text is not base64 */
export function fromBase64(text: string): Uint8Array | null {
  try {
    const binary = atob(text);
    const octets = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) octets[i] = binary.charCodeAt(i);
    return octets;
  } catch {
    return null;
  }
}
