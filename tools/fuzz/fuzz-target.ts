/** Something that reads octets from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** Well-formed and odd inputs to begin with. */
  seeds(): readonly Uint8Array[];
  /** What is worth inserting: delimiters, keywords, extreme numbers. */
  readonly words: readonly string[];
  /** Reads `octets` in every way the product does. Throws if it finds a promise broken: a throw is a finding. */
  run(octets: Uint8Array): void;
}
