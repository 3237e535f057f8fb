/** RFC 5574 §4.1.1, table 1: narrow-band mode → quality of the encoder; of two, the higher. */
const NARROW_QUALITY: readonly (number | undefined)[] = [undefined, 0, 2, 4, 6, 8, 9, 10, 1];

/**
 * Quality, 0 .. 10, that the other side prefers to receive (RFC 5574 §4.1.1): the first of its modes that there is.
 * @param fmtp of the other side, `mode="4,any";vbr=on`
 */
export function speexQuality(fmtp: string, clockRate: number): number {
  const narrow = clockRate === 8000;
  for (const mode of modes(fmtp)) {
    if (mode === 'any') break;
    if (!/^\d{1,2}$/.test(mode)) continue;
    const quality = narrow ? NARROW_QUALITY[Number(mode)] : Number(mode);
    if (quality !== undefined && quality <= 10) return quality;
  }
  // Without a mode, as if mode="3,any" or mode="8,any" had been said.
  return narrow ? 4 : 8;
}

function modes(fmtp: string): string[] {
  const list = /(?:^|;)\s*mode\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(fmtp);
  return (list?.[1] ?? list?.[2] ?? '').split(',').map((mode) => mode.trim().toLowerCase());
}
