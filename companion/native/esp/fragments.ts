import type { IpPayload } from './ip-packet.js';

/** Packets that wait for the rest at once. */
const MAX_PACKETS = 16;
/** Fragments of one packet: 64 KiB in the smallest that IPv4 must carry. */
const MAX_FRAGMENTS = 128;
const MAX_OCTETS = 65535;
/** ms that fragments are kept (RFC 791 §3.2 says 15 s). */
const PATIENCE = 15_000;

interface Partial {
  readonly since: number;
  readonly fragments: IpPayload[];
}

/** Puts packets together again whose sender fragmented them before the tunnel (RFC 791 §3.2, RFC 8200 §4.5). */
export class Fragments {
  readonly #partial = new Map<string, Partial>();

  /** @param now ms, never falling */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns the whole payload, with the last fragment or at once; null: something is missing, or nothing can be made of it */
  add(payload: IpPayload): IpPayload | null {
    if (payload.offset === 0 && !payload.more) return payload;
    const { protocol, identification, offset, more, data } = payload;
    if ((more && data.length % 8 !== 0) || data.length === 0 || offset + data.length > MAX_OCTETS) return null;
    this.#forget();
    const key = `${protocol} ${identification}`;
    const { fragments } = this.#partial.get(key) ?? this.#begin(key);
    // RFC 5722 §3: what overlaps is an attack, or a number used again.
    if (fragments.length >= MAX_FRAGMENTS || fragments.some((other) => overlap(other, payload))) {
      this.#partial.delete(key);
      return null;
    }
    fragments.push(payload);
    const whole = join(fragments);
    if (whole) this.#partial.delete(key);
    return whole && { ...payload, offset: 0, more: false, data: whole };
  }

  #begin(key: string): Partial {
    const [oldest] = this.#partial.keys();
    if (this.#partial.size >= MAX_PACKETS && oldest !== undefined) this.#partial.delete(oldest);
    const partial = { since: this.now(), fragments: [] };
    this.#partial.set(key, partial);
    return partial;
  }

  #forget(): void {
    for (const [key, { since }] of this.#partial) if (this.now() - since > PATIENCE) this.#partial.delete(key);
  }
}

function overlap(a: IpPayload, b: IpPayload): boolean {
  return a.offset < b.offset + b.data.length && b.offset < a.offset + a.data.length;
}

/** @returns null: there is a gap, or no end yet */
function join(fragments: readonly IpPayload[]): Uint8Array | null {
  const inOrder = [...fragments].sort((a, b) => a.offset - b.offset);
  let end = 0;
  let open = true;
  for (const { offset, data, more } of inOrder) {
    if (offset !== end) return null;
    end += data.length;
    open = more;
  }
  if (open) return null;
  const whole = new Uint8Array(end);
  for (const { offset, data } of inOrder) whole.set(data, offset);
  return whole;
}
