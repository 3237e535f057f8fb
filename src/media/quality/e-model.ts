/** What the E-model needs to know of a call. */
export interface CallImpairments {
  /** Mouth to ear, ms. */
  readonly delay: number;
  /** Packets lost or too late, 0..1. */
  readonly loss: number;
  /** Equipment impairment and loss robustness of the codec (ITU-T G.113). */
  readonly ie: number;
  readonly bpl: number;
  /** The codec's figures are those of the wide-band scale (ITU-T G.107.1, G.113 appendix IV). Default false. */
  readonly wideband?: boolean;
  /** Mean burst length over that of random loss (ITU-T G.107 BurstR). Default 1. */
  readonly burst?: number;
}

/** R of a call without impairments: ITU-T G.107 table 3, G.107.1 §7.2 (`Ro,WB`). */
const BEST = { narrowband: 93.2, wideband: 129 } as const;
/** G.107.1 annex A: R of the wide-band scale, on that of the narrow-band one. */
const WIDEBAND_SCALE = 1.29;

/** Transmission rating R with default values elsewhere: by ITU-T G.107, 0..93.2; wide band by G.107.1, 0..129. */
export function rating({ delay, loss, ie, bpl, wideband = false, burst = 1 }: CallImpairments): number {
  const best = wideband ? BEST.wideband : BEST.narrowband;
  const lost = 100 * Math.max(0, Math.min(1, loss));
  const equipment = ie + (95 - ie) * (lost / (lost / burst + bpl));
  return Math.max(0, Math.min(best, best - delayImpairment(Math.max(0, delay)) - equipment));
}

/** Mean opinion score, 1..4.5, by annex B of ITU-T G.107, annex A of G.107.1: narrow band reaches 4.41, wide band 4.5. */
export function meanOpinionScore(impairments: CallImpairments): number {
  const r = rating(impairments) / (impairments.wideband === true ? WIDEBAND_SCALE : 1);
  if (r <= 0) return 1;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** Idd of ITU-T G.107 §7.4: nothing up to 100 ms. */
function delayImpairment(delay: number): number {
  if (delay <= 100) return 0;
  const x = Math.log2(delay / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}
