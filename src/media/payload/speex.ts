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

/** RFC 5574 §4.1: variable rate, one rate with short frames in silence, or one rate. */
export type SpeexVbr = 'on' | 'vad' | 'off';

/** The rate that the other side prefers (RFC 5574 §4.1, `vbr`). */
export function speexVbr(fmtp: string): SpeexVbr {
  const value = parameter(fmtp, 'vbr');
  return value === 'on' || value === 'vad' ? value : 'off';
}

/** Whether the other side wants silence filled with comfort noise (RFC 5574 §4.1, `cng`). */
export function speexComfortNoise(fmtp: string): boolean {
  return parameter(fmtp, 'cng') === 'on';
}

/** Value of a parameter, lower case, without quotes; nothing where it is absent. */
function parameter(fmtp: string, name: 'vbr' | 'cng' | 'mode'): string {
  for (const part of fmtp.split(';')) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim().toLowerCase() !== name) continue;
    return part
      .slice(at + 1)
      .trim()
      .replace(/^"|"$/g, '')
      .toLowerCase();
  }
  return '';
}

function modes(fmtp: string): string[] {
  return parameter(fmtp, 'mode')
    .split(',')
    .map((mode) => mode.trim());
}
