import { parseIp } from '../../../src/net/ip-address.js';
import type { Endpoint } from '../../../src/net/network.js';

/** RFC 4303 §2.6: what an ESP packet holds in tunnel mode. */
export const NEXT_IPV4 = 4;
export const NEXT_IPV6 = 41;
const UDP = 17;
const FRAGMENT = 44;
const HOPS = 64;

/** A fragment, or all, of what an IP packet carries. */
export interface IpPayload {
  /** 4 or 16 octets each. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  /** What fragments of one packet have in common. */
  readonly identification: number;
  /** Octets. */
  readonly offset: number;
  readonly more: boolean;
  readonly data: Uint8Array;
}

/** A datagram, with the addresses of its packet. */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly data: Uint8Array;
}

/** Most that a UDP datagram holds within an IPv4 packet. */
export const MAX_UDP_DATA = 65535 - 20 - 8;

/** An IP packet with one UDP datagram. @param from @param to address literals of one family @returns null: too long */
export function printUdpPacket(
  from: Endpoint,
  to: Endpoint,
  data: Uint8Array,
  identification: number,
): Uint8Array | null {
  const [source, destination] = [parseIp(from.address), parseIp(to.address)];
  if (!source || !destination || source.length !== destination.length || data.length > MAX_UDP_DATA) return null;
  const length = 8 + data.length;
  const head = source.length === 4 ? 20 : 40;
  const packet = new Uint8Array(head + length);
  const view = viewOf(packet);
  if (head === 20) {
    // RFC 791 §3.1. Version 4, five words.
    packet[0] = 0x45;
    view.setUint16(2, packet.length);
    view.setUint16(4, identification & 0xffff);
    packet[8] = HOPS;
    packet[9] = UDP;
    packet.set(source, 12);
    packet.set(destination, 16);
    view.setUint16(10, checksum(packet.subarray(0, 20)));
  } else {
    // RFC 8200 §3
    packet[0] = 0x60;
    view.setUint16(4, length);
    packet[6] = UDP;
    packet[7] = HOPS;
    packet.set(source, 8);
    packet.set(destination, 24);
  }
  view.setUint16(head, from.port);
  view.setUint16(head + 2, to.port);
  view.setUint16(head + 4, length);
  packet.set(data, head + 8);
  // RFC 768: a sum of 0 is sent as all ones.
  view.setUint16(head + 6, udpChecksum(source, destination, packet.subarray(head)) || 0xffff);
  return packet;
}

/** @param packet hostile @returns null: no packet of this version, or not whole */
export function parseIpPacket(packet: Uint8Array, nextHeader: number): IpPayload | null {
  if (nextHeader === NEXT_IPV4) return parseIpv4(packet);
  return nextHeader === NEXT_IPV6 ? parseIpv6(packet) : null;
}

/** @param payload whole @returns null: not UDP, or damaged */
export function parseUdp({ protocol, source, destination, data }: IpPayload): UdpDatagram | null {
  if (protocol !== UDP || data.length < 8) return null;
  const view = viewOf(data);
  const length = view.getUint16(4);
  if (length < 8 || length > data.length) return null;
  const datagram = data.subarray(0, length);
  // RFC 768: 0 is no checksum; RFC 8200 §8.1: IPv6 wants one.
  const unchecked = view.getUint16(6) === 0;
  if (unchecked ? source.length === 16 : udpChecksum(source, destination, datagram) !== 0) return null;
  return { sourcePort: view.getUint16(0), destinationPort: view.getUint16(2), data: datagram.slice(8) };
}

function parseIpv4(packet: Uint8Array): IpPayload | null {
  const view = viewOf(packet);
  const head = 4 * ((packet[0] ?? 0) & 15);
  if (packet.length < 20 || (packet[0] ?? 0) >> 4 !== 4 || head < 20 || head > packet.length) return null;
  const total = view.getUint16(2);
  if (total < head || total > packet.length || checksum(packet.subarray(0, head)) !== 0) return null;
  const flags = view.getUint16(6);
  return {
    source: packet.subarray(12, 16),
    destination: packet.subarray(16, 20),
    protocol: packet[9] ?? 0,
    identification: view.getUint16(4),
    offset: 8 * (flags & 0x1fff),
    more: (flags & 0x2000) !== 0,
    data: packet.subarray(head, total),
  };
}

/** Of the extension headers only that of a fragment: a peer of SIP sends no other. */
function parseIpv6(packet: Uint8Array): IpPayload | null {
  if (packet.length < 40 || (packet[0] ?? 0) >> 4 !== 6) return null;
  const view = viewOf(packet);
  const end = 40 + view.getUint16(4);
  if (end > packet.length) return null;
  const addresses = { source: packet.subarray(8, 24), destination: packet.subarray(24, 40) };
  const protocol = packet[6] ?? 0;
  if (protocol !== FRAGMENT) {
    return { ...addresses, protocol, identification: 0, offset: 0, more: false, data: packet.subarray(40, end) };
  }
  if (end < 48) return null;
  const flags = view.getUint16(42);
  return {
    ...addresses,
    protocol: packet[40] ?? 0,
    identification: view.getUint32(44),
    offset: flags & 0xfff8,
    more: (flags & 1) !== 0,
    data: packet.subarray(48, end),
  };
}

function udpChecksum(source: Uint8Array, destination: Uint8Array, datagram: Uint8Array): number {
  return checksum(source, destination, Uint8Array.of(0, UDP, datagram.length >> 8, datagram.length & 255), datagram);
}

/** RFC 1071, over parts of which only the last may be odd. */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}
