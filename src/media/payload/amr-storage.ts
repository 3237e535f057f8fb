import { type AmrBand, frameOctets, NO_DATA } from './amr-band.js';

/** A frame of a storage file (RFC 4867 §5). */
export interface AmrFrame {
  readonly type: number;
  /** false: damaged. */
  readonly quality: boolean;
  readonly data: Uint8Array;
}

export type AmrFile =
  | { readonly ok: true; readonly frames: readonly AmrFrame[] }
  | { readonly ok: false; readonly reason: 'magic' | 'frame-type' | 'truncated'; readonly offset: number };

/** Reads an .amr or .awb file of one channel. */
export function parseAmrFile(file: Uint8Array, band: AmrBand): AmrFile {
  for (let i = 0; i < band.magic.length; i += 1) {
    if (file[i] !== band.magic.charCodeAt(i)) return { ok: false, reason: 'magic', offset: i };
  }
  const frames: AmrFrame[] = [];
  for (let at = band.magic.length; at < file.length;) {
    const header = file[at] ?? 0;
    const type = (header >> 3) & 15;
    const octets = frameOctets(band, type);
    if (octets < 0) return { ok: false, reason: 'frame-type', offset: at };
    if (at + 1 + octets > file.length) return { ok: false, reason: 'truncated', offset: at };
    frames.push({ type, quality: (header & 4) !== 0, data: file.subarray(at + 1, at + 1 + octets) });
    at += 1 + octets;
  }
  return { ok: true, frames };
}

/** Writes an .amr or .awb file of one channel. */
export function printAmrFile(frames: readonly AmrFrame[], band: AmrBand): Uint8Array {
  const length = frames.reduce((sum, { type }) => sum + 1 + Math.max(0, frameOctets(band, type)), band.magic.length);
  const file = new Uint8Array(length);
  for (let i = 0; i < band.magic.length; i += 1) file[i] = band.magic.charCodeAt(i);
  let at = band.magic.length;
  for (const { type, quality, data } of frames) {
    file[at] = ((type & NO_DATA) << 3) | (quality ? 4 : 0);
    const octets = Math.max(0, frameOctets(band, type));
    file.set(data.subarray(0, octets), at + 1);
    at += 1 + octets;
  }
  return file;
}
