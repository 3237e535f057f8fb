import { formatAttributes, type PayloadFormat } from '../ims/sdp/index.js';
import { sameCodec, type CodecPreference } from './codec-preference.js';
import { CODECS, type CodecEntry } from './codec-registry.js';
import { OPUS } from './codecs/opus.js';

type NamedCodec = Pick<CodecEntry, 'description' | 'fmtp' | 'offered' | 'alternative'>;

const WITH_OPUS: readonly NamedCodec[] = [...CODECS, { description: OPUS, fmtp: null, offered: false }];
const FORMATS = WITH_OPUS.map((entry, index) => ({ entry, format: formatOf(entry, index) }));

/** Octets of SDP that our own offers spend on codecs: with as many an INVITE still fits a datagram (RFC 3261 §18.1.1). */
const BUDGET = FORMATS.filter(({ entry }) => entry.offered).reduce((sum, { format }) => sum + octetsOf(format), 0);

/**
 * The payload formats of an offer, or those that an answer may choose from.
 *
 * @param order a person's; null: ours
 * @param offering as many as fit a datagram; else everything that is allowed
 * @param used what the call already uses: it stays, whatever the order says
 * @param opus whether the host has it
 */
export function codecFormats(
  order: readonly CodecPreference[] | null,
  offering: boolean,
  used: (format: PayloadFormat) => boolean,
  opus = false,
): PayloadFormat[] {
  const present = FORMATS.filter(({ entry }) => opus || entry.description !== OPUS);
  if (order === null)
    return present.filter(({ entry, format }) => !offering || entry.offered || used(format)).map((f) => f.format);
  const rank = ({ entry }: (typeof FORMATS)[number]): number =>
    order.findIndex((preference) => preference.enabled && sameCodec(preference, entry.description));
  const allowed = present.filter((f) => rank(f) >= 0 || used(f.format)).sort((a, b) => place(rank(a)) - place(rank(b)));
  let room = BUDGET;
  const fits = (format: PayloadFormat): boolean => {
    if (!offering || used(format)) return true;
    const size = octetsOf(format);
    if (size > room) return false;
    room -= size;
    return true;
  };
  const named = allowed.filter(({ format }) => fits(format));
  const alternatives = named.flatMap(({ entry: { alternative }, format }) =>
    !offering || alternative === undefined || used(format) ? [] : [{ ...format, ...alternative }],
  );
  return [...named.map(({ format }) => format), ...alternatives.filter(fits)];
}

/** What is only there because the call uses it comes last. */
function place(rank: number): number {
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}

function formatOf({ description: d, fmtp }: NamedCodec, index: number): PayloadFormat {
  const { name, clockRate, channels } = d;
  return { payloadType: d.payloadType ?? 102 + index, name, clockRate, channels, fmtp };
}

/** ` PT` in the m-line, and the attribute lines. */
function octetsOf(format: PayloadFormat): number {
  return formatAttributes([format]).reduce(
    (sum, { name, value }) => sum + `a=${name}:${value ?? ''}\r\n`.length,
    ` ${format.payloadType}`.length,
  );
}
