/** What differs between AMR and AMR-WB in RFC 4867. */
export interface AmrBand {
  /** Bits of a frame by its type, 0..15; -1 where the type is reserved (RFC 4867 §4.3.2, tables 1a of TS 26.101 and 26.201). */
  readonly frameBits: readonly number[];
  /** Highest speech mode. */
  readonly topMode: number;
  /** Frame type of a silence description. */
  readonly sid: number;
  /** First line of a storage file (§5). */
  readonly magic: string;
}

/** Frame type of a frame that is not sent. */
export const NO_DATA = 15;
/** Frame type of a frame that was lost on the way, AMR-WB only. */
export const SPEECH_LOST = 14;
/** Codec mode request: none. */
export const NO_REQUEST = 15;

export const AMR_NB: AmrBand = {
  frameBits: [95, 103, 118, 134, 148, 159, 204, 244, 39, -1, -1, -1, -1, -1, -1, 0],
  topMode: 7,
  sid: 8,
  magic: '#!AMR\n',
};

export const AMR_WB: AmrBand = {
  frameBits: [132, 177, 253, 285, 317, 365, 397, 461, 477, 40, -1, -1, -1, -1, 0, 0],
  topMode: 8,
  sid: 9,
  magic: '#!AMR-WB\n',
};

/** Octets of the longest frame. */
export const MAX_FRAME_OCTETS = 60;

/** @returns octets of a frame of this type, or -1 for a reserved type */
export function frameOctets(band: AmrBand, type: number): number {
  const bits = band.frameBits[type] ?? -1;
  return bits < 0 ? -1 : (bits + 7) >> 3;
}
