import { type AmrBand, NO_REQUEST } from './amr-band.js';
import type { AmrParameters } from './amr-fmtp.js';

/** Chooses the mode of each frame that we send: the peer's requests within what was negotiated (RFC 4867 §3.3, §4.3.1). */
export class AmrModeControl {
  readonly #modes: readonly number[];
  #mode: number;
  #wanted: number;
  /** Frames since the mode may have changed. */
  #frame = 0;

  /** @param preferred mode until a request comes; the next lower one of the set, if it is not in the set */
  constructor(
    private readonly parameters: AmrParameters,
    band: AmrBand,
    private readonly preferred: number,
  ) {
    this.#modes = parameters.modeSet ?? Array.from({ length: band.topMode + 1 }, (_, mode) => mode);
    this.#mode = this.#nearest(preferred);
    this.#wanted = this.#mode;
  }

  /** @param cmr four bits from a received payload */
  request(cmr: number): void {
    if (cmr === NO_REQUEST) this.#wanted = this.#nearest(this.preferred);
    // §4.3.1: a request for what is no mode of the set is ignored.
    else if (this.#modes.includes(cmr)) this.#wanted = cmr;
  }

  /** @returns the mode of the next frame */
  next(): number {
    const mayChange = this.#frame % this.parameters.modeChangePeriod === 0;
    this.#frame = (this.#frame + 1) % 2;
    if (mayChange && this.#mode !== this.#wanted) this.#mode = this.#step();
    return this.#mode;
  }

  #step(): number {
    if (!this.parameters.modeChangeNeighbor) return this.#wanted;
    const at = this.#modes.indexOf(this.#mode);
    return this.#modes[at + (this.#wanted > this.#mode ? 1 : -1)] ?? this.#mode;
  }

  #nearest(mode: number): number {
    let best = this.#modes[0] ?? 0;
    for (const candidate of this.#modes) if (candidate <= mode) best = candidate;
    return best;
  }
}
