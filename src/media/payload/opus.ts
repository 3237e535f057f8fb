/** Encoder settings that the other side's format parameters ask for (RFC 7587 §6.1). */
export interface OpusParameters {
  /** bit/s */
  readonly bitrate: number;
  readonly constantBitrate: boolean;
  readonly inbandFec: boolean;
  readonly dtx: boolean;
}

/** Speech at the playback rates of RFC 7587 §3.1.1: [highest rate in Hz, bit/s]. */
const BITRATES: readonly (readonly [rate: number, bitrate: number])[] = [
  [8000, 12_000],
  [12_000, 16_000],
  [16_000, 20_000],
  [24_000, 26_000],
];
const FULL_BAND = 32_000;
/** RFC 7587 §6.1: what maxaveragebitrate may be. */
const LEAST = 6000;
const MOST = 510_000;

/** @param fmtp of the other side, `maxplaybackrate=16000; usedtx=1` */
export function opusParameters(fmtp: string): OpusParameters {
  const values = new Map<string, string>();
  for (const part of fmtp.split(';', 32)) {
    const [name = '', value = ''] = part.split('=', 2);
    values.set(name.trim().toLowerCase(), value.trim());
  }
  const number = (name: string): number | null => {
    const text = values.get(name) ?? '';
    return /^\d{1,6}$/.test(text) ? Number(text) : null;
  };
  const rate = number('maxplaybackrate') ?? 48_000;
  const usual = BITRATES.find(([highest]) => rate <= highest)?.[1] ?? FULL_BAND;
  const most = number('maxaveragebitrate') ?? MOST;
  return {
    bitrate: Math.max(LEAST, Math.min(usual, most)),
    constantBitrate: values.get('cbr') === '1',
    inbandFec: values.get('useinbandfec') === '1',
    dtx: values.get('usedtx') === '1',
  };
}

/** What the encoder goes by. @param fmtp of the other side, whose word on silence counts where it says one @param dtx ours */
export function opusWishes(fmtp: string, dtx: boolean): string {
  return dtx ? `usedtx=1;${fmtp}` : fmtp;
}

/** Packet durations that Opus has, ms: RFC 7587 §4.2 and whole multiples of a frame up to 120 ms. */
const DURATIONS = [10, 20, 40, 60, 80, 100, 120] as const;

/** The longest packet of Opus that is not above `wished` ms; 10 ms where less is wished. */
export function opusPacketMs(wished: number): number {
  return DURATIONS.findLast((duration) => duration <= wished) ?? DURATIONS[0];
}

/** Samples at 48 kHz in a frame, by the two lowest bits of the configuration (RFC 6716 §3.1, table 2). */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];
/** 120 ms. */
const MAX_SAMPLES = 5760;
/** RFC 6716 §3.2.1 R2. */
const MAX_FRAME_OCTETS = 1275;

/**
 * How long a packet sounds, told by its first octets.
 * @returns samples at 48 kHz, at most 5760; 0 for what RFC 6716 §3.4 calls malformed
 */
export function opusSamples(packet: Uint8Array): number {
  const [toc, count] = packet;
  if (toc === undefined) return 0;
  const configuration = toc >> 3;
  const frame =
    (configuration < 12
      ? SILK[configuration & 3]
      : configuration < 16
        ? HYBRID[configuration & 1]
        : CELT[configuration & 3]) ?? 0;
  const octets = packet.length - 1;
  switch (toc & 3) {
    case 0:
      return octets <= MAX_FRAME_OCTETS ? frame : 0;
    case 1:
      return octets % 2 === 0 && octets / 2 <= MAX_FRAME_OCTETS ? 2 * frame : 0;
    case 2:
      return secondFrameFits(packet) ? 2 * frame : 0;
    default: {
      const samples = ((count ?? 0) & 63) * frame;
      return samples <= MAX_SAMPLES && octets >= 1 ? samples : 0;
    }
  }
}

/** RFC 6716 §3.2.4: two frames, the first behind its length. */
function secondFrameFits(packet: Uint8Array): boolean {
  const [, first, second = 0] = packet;
  if (first === undefined) return false;
  const isLong = first >= 252;
  if (isLong && packet.length < 3) return false;
  const length = isLong ? 4 * second + first : first;
  return (isLong ? 3 : 2) + length <= packet.length;
}
