/** A codec as a person orders them: the first that both sides have is used. */
export interface CodecPreference {
  /** Encoding name as registered: 'PCMA', 'AMR-WB'. */
  readonly name: string;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  /** False: neither offered nor accepted. */
  readonly enabled: boolean;
}

const codec = (name: string, clockRate = 8000, enabled = true): CodecPreference =>
  Object.freeze({ name, clockRate, enabled });

/**
 * What a person starts from: the registry's codecs in its order, without their code. Those that are not named in
 * offers by themselves come last; they are taken when the other side offers them.
 */
export const DEFAULT_CODECS: readonly CodecPreference[] = Object.freeze([
  codec('PCMA'),
  codec('PCMU'),
  codec('G722'),
  codec('GSM'),
  codec('iLBC'),
  codec('AMR'),
  codec('AMR-WB', 16_000),
  codec('speex', 16_000),
  codec('speex'),
  codec('speex', 32_000),
  codec('DVI4', 16_000),
  codec('DVI4'),
  codec('L16', 16_000),
  codec('L16'),
  // Only in a browser that has it in WebCodecs.
  codec('opus', 48_000),
]);

export function sameCodec(
  a: Pick<CodecPreference, 'name' | 'clockRate'>,
  b: Pick<CodecPreference, 'name' | 'clockRate'>,
): boolean {
  return a.name.toUpperCase() === b.name.toUpperCase() && a.clockRate === b.clockRate;
}

/**
 * Makes an order whole: names that are not known go, each stays once, and what is missing (a codec of a later version)
 * is added behind its neighbour in {@link DEFAULT_CODECS}. An order with nothing switched on is no order.
 */
export function completeCodecs(order: readonly CodecPreference[]): readonly CodecPreference[] {
  const known: CodecPreference[] = [];
  for (const { name, clockRate, enabled } of order) {
    const own = DEFAULT_CODECS.find((c) => sameCodec(c, { name, clockRate }));
    if (own !== undefined && !known.some((c) => sameCodec(c, own))) known.push(Object.freeze({ ...own, enabled }));
  }
  if (!known.some(({ enabled }) => enabled)) return DEFAULT_CODECS;
  DEFAULT_CODECS.forEach((missing, index) => {
    if (known.some((c) => sameCodec(c, missing))) return;
    const before = DEFAULT_CODECS[index - 1];
    const at = before === undefined ? 0 : known.findIndex((c) => sameCodec(c, before)) + 1;
    known.splice(at, 0, missing);
  });
  return Object.freeze(known);
}
