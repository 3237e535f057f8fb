/** What the E-model needs to know of a call. */
export interface CallImpairments {
  /** Mouth to ear, ms. */
  readonly delay: number;
  /** Packets lost or too late, 0..1. */
  readonly loss: number;
  /** Equipment impairment and loss robustness of the codec (ITU-T G.113). */
  readonly ie: number;
  readonly bpl: number;
  /** Mean burst length over that of random loss (ITU-T G.107 BurstR). Default 1. */
  readonly burst?: number;
}

/** Transmission rating R by ITU-T G.107 with default values elsewhere, 0..93.2. */
export function rating({ delay, loss, ie, bpl, burst = 1 }: CallImpairments): number {
  const lost = 100 * Math.max(0, Math.min(1, loss));
  const equipment = ie + (95 - ie) * (lost / (lost / burst + bpl));
  return Math.max(0, Math.min(93.2, 93.2 - delayImpairment(Math.max(0, delay)) - equipment));
}

/** Mean opinion score, 1..4.5, by ITU-T G.107 annex B. */
export function meanOpinionScore(impairments: CallImpairments): number {
  const r = rating(impairments);
  if (r <= 0) return 1;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** Idd of ITU-T G.107 §7.4: nothing up to 100 ms. */
function delayImpairment(delay: number): number {
  if (delay <= 100) return 0;
  const x = Math.log2(delay / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}
