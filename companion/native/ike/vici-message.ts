/**
 * Messages of vici, the control interface of strongSwan's IKE daemon (its README.md, "Message format"): a tree of sections,
 * keys with values, and lists. What the daemon sends is read with limits and never throws.
 */
export type ViciValue = Uint8Array | readonly Uint8Array[] | ViciSection;
/** By name, in the order of the message. A Map: no name of the daemon's means anything to us. */
export type ViciSection = ReadonlyMap<string, ViciValue>;
/** The same as it is written in code. */
export interface ViciTree {
  readonly [name: string]: string | Uint8Array | readonly (string | Uint8Array)[] | ViciTree;
}

const SECTION_START = 1;
const SECTION_END = 2;
const KEY_VALUE = 3;
const LIST_START = 4;
const LIST_ITEM = 5;
const LIST_END = 6;

/** Sections within sections; the daemon's own have five. */
const MAX_DEPTH = 16;
/** Elements of one message. */
const MAX_ELEMENTS = 16_384;
/** Octets of a value: 16 bits of length. */
const MAX_VALUE = 65_535;

const encoder = new TextEncoder();

/** @throws RangeError for a name or value that the format has no room for */
export function viciSection(tree: ViciTree): ViciSection {
  return new Map(
    Object.entries(tree).map(([name, value]): [string, ViciValue] => {
      if (typeof value === 'string' || value instanceof Uint8Array) return [name, octets(value)];
      return isList(value) ? [name, value.map(octets)] : [name, viciSection(value)];
    }),
  );
}

/** The text of a key; null: there is none of that name. */
export function viciText(section: ViciSection, name: string): string | null {
  const value = section.get(name);
  return value instanceof Uint8Array ? decode(value) : null;
}

/** The texts of a list; empty if there is none of that name. */
export function viciTexts(section: ViciSection, name: string): readonly string[] {
  const value = section.get(name);
  return value !== undefined && isList(value) ? value.map(decode) : [];
}

/** @throws RangeError for a name or value that the format has no room for */
export function printViciMessage(section: ViciSection): Uint8Array {
  const out: number[] = [];
  print(section, out);
  return Uint8Array.from(out);
}

function print(section: ViciSection, out: number[]): void {
  for (const [name, value] of section) {
    if (value instanceof Uint8Array) {
      out.push(KEY_VALUE);
      printName(name, out);
      printValue(value, out);
    } else if (isList(value)) {
      out.push(LIST_START);
      printName(name, out);
      for (const item of value) {
        out.push(LIST_ITEM);
        printValue(item, out);
      }
      out.push(LIST_END);
    } else {
      out.push(SECTION_START);
      printName(name, out);
      print(value, out);
      out.push(SECTION_END);
    }
  }
}

function printName(name: string, out: number[]): void {
  if (!/^[\x20-\x7e]{1,255}$/.test(name)) throw new RangeError('vici: a name is 1 to 255 characters of ASCII');
  out.push(name.length, ...encoder.encode(name));
}

function printValue(value: Uint8Array, out: number[]): void {
  if (value.length > MAX_VALUE) throw new RangeError('vici: a value has 65535 octets at most');
  out.push(value.length >> 8, value.length & 255);
  for (const octet of value) out.push(octet);
}

/** @returns null if the octets are no message, or one beyond the limits */
export function parseViciMessage(data: Uint8Array): ViciSection | null {
  const reader = new ViciReader(data);
  const root = new Map<string, ViciValue>();
  return reader.section(root, 0) && reader.ended ? root : null;
}

class ViciReader {
  #at = 0;
  #elements = 0;

  constructor(private readonly data: Uint8Array) {}

  get ended(): boolean {
    return this.#at === this.data.length;
  }

  /** Reads into `section` up to its end; that of the root is the end of the message. @returns whether it was well formed */
  section(section: Map<string, ViciValue>, depth: number): boolean {
    while (!this.ended) {
      const type = this.#type();
      if (type === SECTION_END) return depth > 0;
      const name = type === SECTION_START || type === KEY_VALUE || type === LIST_START ? this.#name() : null;
      // Names are unique in a section.
      if (name === null || section.has(name)) return false;
      const value = type === KEY_VALUE ? this.#value() : type === LIST_START ? this.#list() : this.#inner(depth + 1);
      if (!value) return false;
      section.set(name, value);
    }
    return depth === 0;
  }

  #inner(depth: number): ViciSection | null {
    const inner = new Map<string, ViciValue>();
    return depth <= MAX_DEPTH && this.section(inner, depth) ? inner : null;
  }

  #list(): Uint8Array[] | null {
    const items: Uint8Array[] = [];
    for (let type = this.#type(); type !== LIST_END; type = this.#type()) {
      const item = type === LIST_ITEM ? this.#value() : null;
      if (!item) return null;
      items.push(item);
    }
    return items;
  }

  /** @returns null at the end, and where there are too many */
  #type(): number | null {
    return ++this.#elements > MAX_ELEMENTS ? null : (this.#take(1)?.[0] ?? null);
  }

  #name(): string | null {
    const length = this.#take(1)?.[0] ?? 0;
    const name = length > 0 ? this.#take(length) : null;
    return name?.every((octet) => octet >= 0x20 && octet <= 0x7e) ? decode(name) : null;
  }

  #value(): Uint8Array | null {
    const length = this.#take(2);
    return length && this.#take(((length[0] ?? 0) << 8) | (length[1] ?? 0));
  }

  #take(length: number): Uint8Array | null {
    if (this.#at + length > this.data.length) return null;
    this.#at += length;
    return this.data.slice(this.#at - length, this.#at);
  }
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

function octets(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

function decode(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
