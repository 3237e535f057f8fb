const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Octets that are no UTF-8 become the lone surrogates U+DC80 to U+DCFF, and come back as they were. */
const ESCAPE_BASE = 0xdc00;

/**
 * Octets to text. Valid UTF-8 is decoded as such; every octet that is not part of valid UTF-8 is kept as a lone
 * surrogate, so that `encodeUtf8(decodeUtf8(x))` equals `x` for any `x` and a foreign encoding in a display name
 * never costs the message. Never throws.
 */
export function decodeUtf8(octets: Uint8Array): string {
  try {
    return strictDecoder.decode(octets);
  } catch {
    return decodeWithEscapes(octets);
  }
}

function decodeWithEscapes(octets: Uint8Array): string {
  let text = '';
  let run = 0; // start of the valid run that was not yet decoded
  for (let i = 0; i < octets.length;) {
    const length = sequenceLength(octets, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i > run) text += strictDecoder.decode(octets.subarray(run, i));
    text += String.fromCharCode(ESCAPE_BASE + (octets[i] ?? 0));
    run = ++i;
  }
  return run < octets.length ? text + strictDecoder.decode(octets.subarray(run)) : text;
}

/** Octets of the valid UTF-8 sequence that starts at `i`; 0 if there is none (RFC 3629 §4). */
function sequenceLength(octets: Uint8Array, i: number): number {
  const first = octets[i] ?? 0;
  if (first < 0x80) return 1;
  const second = octets[i + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0;
  const third = octets[i + 2] ?? 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isTail(third) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && isTail(third) && isTail(octets[i + 3] ?? 0) ? 4 : 0;
  }
  return 0;
}

function isTail(octet: number): boolean {
  return (octet & 0xc0) === 0x80;
}

/** Text to octets, the inverse of {@link decodeUtf8}. */
export function encodeUtf8(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const parts: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) parts.push(code - ESCAPE_BASE);
    else for (const octet of encoder.encode(character)) parts.push(octet);
  }
  return Uint8Array.from(parts);
}
