import { canonicalIp } from '../../net/ip-address.js';
import type { Endpoint } from '../../net/network.js';

/** Packets in sequence that make a source believed (RFC 3550 A.1, MIN_SEQUENTIAL). */
const PROBATION = 2;
/** A latched source that said nothing for this long may be followed by another, ms. */
const SILENCE = 5000;

/**
 * Decides whose packets are the call's (symmetric RTP, RFC 4961). The endpoint of the SDP is always
 * believed; behind a NAT another one is, if it was first and the SDP's is silent. A stranger cannot take
 * over a source that is sending.
 */
export class SourceLatch {
  #expected: Endpoint | null = null;
  #source: Endpoint | null = null;
  #ssrc: number | null = null;
  #heard = 0;
  #candidate: { from: Endpoint; ssrc: number; sequence: number; count: number } | null = null;
  /** Packets of strangers that were dropped. */
  rejected = 0;

  /** A new remote description. */
  expect(endpoint: Endpoint | null): void {
    const normal = endpoint === null ? null : normalize(endpoint);
    if (same(this.#expected, normal)) return;
    this.#expected = normal;
    this.#source = null;
    this.#ssrc = null;
    this.#candidate = null;
  }

  /** Where to send: where the packets come from, else where the SDP says. */
  get destination(): Endpoint | null {
    return this.#source ?? this.#expected;
  }

  get ssrc(): number | null {
    return this.#ssrc;
  }

  /** @returns whether the packet belongs to the call @param now ms */
  admit(endpoint: Endpoint, ssrc: number, sequence: number, now: number): boolean {
    const from = normalize(endpoint);
    if (same(from, this.#source) && ssrc === this.#ssrc) {
      this.#heard = now;
      this.#candidate = null;
      return true;
    }
    const expected = same(from, this.#expected);
    const silent = this.#source === null || now - this.#heard > SILENCE;
    // The SDP's endpoint at once when nobody else is there; a new SSRC or a return after proof.
    if (expected && this.#source === null) return this.#latch(from, ssrc, now);
    if ((expected || same(from, this.#source) || silent) && this.#proven(from, ssrc, sequence))
      return this.#latch(from, ssrc, now);
    this.rejected += 1;
    return false;
  }

  #proven(from: Endpoint, ssrc: number, sequence: number): boolean {
    const c = this.#candidate;
    if (c !== null && same(c.from, from) && c.ssrc === ssrc && sequence === ((c.sequence + 1) & 0xffff)) {
      c.sequence = sequence;
      c.count += 1;
    } else {
      this.#candidate = { from, ssrc, sequence, count: 1 };
    }
    return (this.#candidate?.count ?? 0) >= PROBATION;
  }

  #latch(from: Endpoint, ssrc: number, now: number): boolean {
    this.#source = from;
    this.#ssrc = ssrc;
    this.#heard = now;
    this.#candidate = null;
    return true;
  }
}

function normalize(endpoint: Endpoint): Endpoint {
  return { address: canonicalIp(endpoint.address) ?? endpoint.address, port: endpoint.port };
}

function same(a: Endpoint | null, b: Endpoint | null): boolean {
  return a !== null && b !== null && a.port === b.port && a.address === b.address;
}
