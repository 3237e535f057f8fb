import { sameCodec, type CodecPreference } from '../../client/client-api.js';

/** Names one codec within an order. */
export function codecKey({ name, clockRate }: Pick<CodecPreference, 'name' | 'clockRate'>): string {
  return `${name}/${clockRate}`;
}

export function moveCodec(order: readonly CodecPreference[], from: number, to: number): readonly CodecPreference[] {
  const moved = order[from];
  if (moved === undefined || to < 0 || to >= order.length) return order;
  const rest = order.filter((_, index) => index !== from);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

/** @returns the same order when that would switch the last one off */
export function toggleCodec(order: readonly CodecPreference[], index: number): readonly CodecPreference[] {
  const chosen = order[index];
  if (chosen === undefined) return order;
  if (chosen.enabled && order.filter(({ enabled }) => enabled).length === 1) return order;
  return order.map((codec, i) => (i === index ? { ...codec, enabled: !codec.enabled } : codec));
}

/**
 * A codec that is being moved, by pointer or keyboard. What is shown is a draft until it is put down:
 *
 *     idle --grab--> grabbed --moveTo--> grabbed --drop--> idle (kept)
 *                                        grabbed --cancel--> idle (as before)
 */
export class CodecOrder {
  /** Key of the codec that is held, or null. */
  grabbed: string | null = null;
  #draft: readonly CodecPreference[] | null = null;

  constructor(
    private readonly current: () => readonly CodecPreference[],
    private readonly commit: (order: readonly CodecPreference[]) => void,
    private readonly changed: () => void,
  ) {}

  get order(): readonly CodecPreference[] {
    return this.#draft ?? this.current();
  }

  indexOf(key: string): number {
    return this.order.findIndex((codec) => codecKey(codec) === key);
  }

  grab(key: string): void {
    this.grabbed = key;
    this.#draft = this.current();
    this.changed();
  }

  /** @returns whether it went anywhere */
  moveTo(index: number): boolean {
    if (this.grabbed === null) return false;
    const before = this.order;
    this.#draft = moveCodec(before, this.indexOf(this.grabbed), index);
    if (this.#draft === before || same(this.#draft, before)) return false;
    this.changed();
    return true;
  }

  drop(): void {
    const { order, grabbed } = this;
    this.#release();
    if (grabbed !== null && !same(order, this.current())) this.commit(order);
  }

  cancel(): void {
    this.#release();
  }

  /** @returns false when it is the last one that is on */
  toggle(index: number): boolean {
    const before = this.order;
    const after = toggleCodec(before, index);
    if (after === before) return false;
    if (this.grabbed === null) this.commit(after);
    else this.#draft = after;
    this.changed();
    return true;
  }

  reset(): void {
    this.#release();
    this.commit([]);
  }

  #release(): void {
    this.grabbed = null;
    this.#draft = null;
    this.changed();
  }
}

function same(a: readonly CodecPreference[], b: readonly CodecPreference[]): boolean {
  return (
    a.length === b.length &&
    a.every((codec, i) => {
      const other = b[i];
      return other !== undefined && sameCodec(codec, other) && codec.enabled === other.enabled;
    })
  );
}
