import { formatIp, parseIp } from '../../../net/ip-address.js';
import type { Endpoint } from '../../../net/network.js';

/** RFC 5389 §6: what tells STUN from anything else. */
const MAGIC = [0x21, 0x12, 0xa4, 0x42] as const;
const HEADER_OCTETS = 20;
const XOR_MAPPED_ADDRESS = 0x0020;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
/** Binding, by class (§6). */
const TYPES = { request: 0x0001, indication: 0x0011, success: 0x0101, error: 0x0111 } as const;
/** Attributes below need not be known (§15). */
const OPTIONAL = 0x8000;
/** Of one message; more is nobody's honest wish. */
const MAX_ATTRIBUTES = 32;

export interface BindingMessage {
  readonly kind: keyof typeof TYPES;
  /** 12 octets. */
  readonly transaction: Uint8Array;
  /** XOR-MAPPED-ADDRESS, of a success. */
  readonly mapped: Endpoint | null;
  /** Types of attributes that the sender wants understood, and we do not. */
  readonly unknown: readonly number[];
}

/** RFC 5389 §6, §8: the two top bits are zero, which they are in no SIP message. */
export function isStun(octets: Uint8Array): boolean {
  return (
    octets.length >= HEADER_OCTETS && (octets[0] ?? 255) < 0x40 && MAGIC.every((octet, i) => octets[4 + i] === octet)
  );
}

/** Reads a Binding message. Never throws. @returns null if it is another method, or malformed */
export function parseBinding(octets: Uint8Array): BindingMessage | null {
  if (!isStun(octets) || word(octets, 2) + HEADER_OCTETS !== octets.length) return null;
  const type = word(octets, 0);
  const kind = (Object.keys(TYPES) as (keyof typeof TYPES)[]).find((name) => TYPES[name] === type);
  if (!kind) return null;
  let mapped: Endpoint | null = null;
  const unknown: number[] = [];
  let count = 0;
  for (let at = HEADER_OCTETS; at < octets.length; count++) {
    if (at + 4 > octets.length || count >= MAX_ATTRIBUTES) return null;
    const [attribute, length] = [word(octets, at), word(octets, at + 2)];
    const value = octets.subarray(at + 4, at + 4 + length);
    if (value.length < length) return null;
    if (attribute === XOR_MAPPED_ADDRESS) mapped ??= readAddress(value, octets);
    else if (attribute < OPTIONAL && attribute !== ERROR_CODE && attribute !== UNKNOWN_ATTRIBUTES)
      unknown.push(attribute);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { kind, transaction: octets.slice(8, HEADER_OCTETS), mapped, unknown };
}

/** A Binding request without attributes, as RFC 5626 §8 has it. @param transaction 12 random octets */
export function bindingRequest(transaction: Uint8Array): Uint8Array {
  return message('request', transaction);
}

/** What a request deserves (RFC 5389 §7.3.1). @param source where it came from */
export function answerBinding({ transaction, unknown }: BindingMessage, source: Endpoint): Uint8Array | null {
  if (unknown.length > 0) {
    // 420: class 4, number 20.
    const types = attribute(
      UNKNOWN_ATTRIBUTES,
      unknown.flatMap((type) => [type >> 8, type & 255]),
    );
    return message('error', transaction, [...attribute(ERROR_CODE, [0, 0, 4, 20]), ...types]);
  }
  const address = parseIp(source.address);
  if (!address) return null;
  const head = message('success', transaction);
  const [high, low] = [source.port >> 8, source.port & 255];
  const value = [0, address.length === 4 ? 1 : 2, high ^ MAGIC[0], low ^ MAGIC[1], ...masked(address, head)];
  return message('success', transaction, attribute(XOR_MAPPED_ADDRESS, value));
}

function message(kind: keyof typeof TYPES, transaction: Uint8Array, attributes: readonly number[] = []): Uint8Array {
  const [type, length] = [TYPES[kind], attributes.length];
  return Uint8Array.of(type >> 8, type & 255, length >> 8, length & 255, ...MAGIC, ...transaction, ...attributes);
}

function attribute(type: number, value: readonly number[]): number[] {
  const padding = new Array<number>((4 - (value.length % 4)) % 4).fill(0);
  return [type >> 8, type & 255, value.length >> 8, value.length & 255, ...value, ...padding];
}

/** §15.2: family, port and address, the latter two against the magic cookie and the transaction. */
function readAddress(value: Uint8Array, head: Uint8Array): Endpoint | null {
  const length = value[1] === 1 ? 4 : value[1] === 2 ? 16 : 0;
  if (length === 0 || value.length !== 4 + length) return null;
  return { address: formatIp(masked(value.subarray(4), head)), port: word(value, 2) ^ ((MAGIC[0] << 8) | MAGIC[1]) };
}

function masked(address: Uint8Array, head: Uint8Array): Uint8Array {
  return address.map((octet, i) => octet ^ (head[4 + i] ?? 0));
}

function word(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}
