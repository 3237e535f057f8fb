import { keepPayloadTypes, sameEncoding, type FmtpNegotiation, type PayloadFormat } from '../ims/sdp/index.js';
import { codecFormats } from './codec-formats.js';
import type { CodecPreference } from './codec-preference.js';
import { findCodec } from './codec-registry.js';
import { COMFORT_NOISE_TYPE } from './codecs/comfort-noise.js';

/** Payload types of telephone-event by clock rate, Hz: RFC 4733 §2.1, the clock is that of the speech beside it. */
const EVENT_TYPES: Readonly<Record<number, number>> = { 8000: 101, 16_000: 100, 32_000: 99, 48_000: 98 };
/** And of comfort noise. */
const NOISE_TYPES: Readonly<Record<number, number>> = { 8000: COMFORT_NOISE_TYPE, 16_000: 118 };

/**
 * The payload formats that we name, in our order: codecs, then their telephone-events and comfort noise.
 * @param order a person's; null: ours
 * @param bound numbers that this call already uses
 * @param offering what we name ourselves, and what this call already uses; else everything we can take
 * @param opus whether the host has it
 * @param dtx whether we offer comfort noise (RFC 3389 §5.1); it is taken where others offer it
 */
export function localFormats(
  order: readonly CodecPreference[] | null,
  bound: readonly PayloadFormat[],
  offering: boolean,
  opus = false,
  dtx = false,
): PayloadFormat[] {
  const used = ({ name, clockRate }: PayloadFormat): boolean =>
    bound.some((b) => b.name === name && b.clockRate === clockRate);
  const codecs = codecFormats(order, offering, used, opus).map((format) => {
    // RFC 3264 §8.3.2: a number keeps its meaning, parameters included.
    const known = offering ? bound.find((b) => sameEncoding(b, format)) : undefined;
    return known === undefined ? format : { ...format, fmtp: known.fmtp };
  });
  const rates = [...new Set(codecs.map(({ clockRate }) => clockRate))].sort((a, b) => a - b);
  const events = rates.flatMap((clockRate, index) => {
    const payloadType = EVENT_TYPES[clockRate];
    if (payloadType === undefined) return [];
    // RFC 4733 §2.5.1.1: 0-15 is what silence means; said once for those who do not know.
    return [{ payloadType, name: 'telephone-event', clockRate, channels: 1, fmtp: index === 0 ? '0-15' : null }];
  });
  const noise = rates.flatMap((clockRate) => {
    const payloadType = NOISE_TYPES[clockRate];
    if (payloadType === undefined || !codecs.some(needsNoise(clockRate))) return [];
    const format = { payloadType, name: 'CN', clockRate, channels: 1, fmtp: null };
    return dtx || !offering || used(format) ? [format] : [];
  });
  return keepPayloadTypes([...codecs, ...events, ...noise], bound);
}

/** A codec of this clock without silence of its own. */
function needsNoise(rate: number): (format: PayloadFormat) => boolean {
  return ({ name, clockRate }) =>
    clockRate === rate && findCodec(name, clockRate)?.description.discontinuous === undefined;
}

/** What our codecs make of the other side's parameters. */
export const negotiateFmtp: FmtpNegotiation = (local, remote) => {
  const negotiate = findCodec(local.name, local.clockRate)?.negotiate;
  if (negotiate === undefined) return { fmtp: local.fmtp };
  const fmtp = negotiate(remote.fmtp ?? '', local.fmtp);
  return fmtp === null ? 'refuse' : { fmtp };
};
