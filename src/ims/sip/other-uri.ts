// RFC 3986 §2: visible US-ASCII without the delimiters that a SIP header gives a meaning of its own.
const OPAQUE = /^[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;

/** A URI of a scheme that SIP gives no structure: urn:, http:, im:, pres: ... */
export class OtherUri {
  /** @param rest what stands after the colon, as written */
  constructor(
    readonly scheme: string,
    readonly rest: string,
  ) {}

  static parseRest(scheme: string, rest: string): OtherUri | null {
    return OPAQUE.test(rest) ? new OtherUri(scheme.toLowerCase(), rest) : null;
  }

  equals(other: OtherUri): boolean {
    // RFC 8141 §3.1: the namespace identifier of a URN compares without regard to case.
    if (this.scheme === 'urn') return other.scheme === 'urn' && this.rest.toLowerCase() === other.rest.toLowerCase();
    return this.scheme === other.scheme && this.rest === other.rest;
  }

  toString(): string {
    return `${this.scheme}:${this.rest}`;
  }
}
