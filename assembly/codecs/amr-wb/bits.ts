/** Frames of RFC 4867 §4.3.2 / TS 26.201 (bits sorted by class) to and from the order of TS 26.190. */
import { MODE_12k, MODE_14k, MODE_16k, MODE_18k, MODE_20k, MODE_23k, MODE_24k, MODE_7k, MODE_9k } from './frame';
import {
  NB_OF_BITS, SORT_1265, SORT_1425, SORT_1585, SORT_1825, SORT_1985, SORT_2305, SORT_2385, SORT_660, SORT_885, SORT_SID,
} from './tables';

/** Bits of the frame at hand, one an octet. */
const BITS: usize = memory.data(480, 16);
let cursor: usize = BITS;

function order(mode: i32): usize {
  switch (mode) {
    case MODE_7k: return SORT_660;
    case MODE_9k: return SORT_885;
    case MODE_12k: return SORT_1265;
    case MODE_14k: return SORT_1425;
    case MODE_16k: return SORT_1585;
    case MODE_18k: return SORT_1825;
    case MODE_20k: return SORT_1985;
    case MODE_23k: return SORT_2305;
    case MODE_24k: return SORT_2385;
    default: return SORT_SID;
  }
}

/** Bits of a speech frame, or of a SID without its type and mode. */
export function frameBits(mode: i32): i32 {
  return mode > MODE_24k ? 35 : load<u16>(NB_OF_BITS + ((<usize>mode) << 1));
}

// @ts-ignore: decorator
@inline
export function packedBit(octets: usize, i: i32): i32 {
  return (load<u8>(octets + (i >> 3)) >> (~i & 7)) & 1;
}

/** Octets of a frame → bits, to be read from the first. */
export function unpack(octets: usize, mode: i32): void {
  const sorted = order(mode);
  for (let i = 0, n = frameBits(mode); i < n; i += 1) store<u8>(BITS + load<u16>(sorted + ((<usize>i) << 1)), packedBit(octets, i));
  cursor = BITS;
}

/** Bit `i` of the frame at hand, in the order of TS 26.190. */
export function bitAt(i: i32): i32 {
  return load<u8>(BITS + i);
}

export function rewind(): void {
  cursor = BITS;
}

/** Next parameter of `count` bits. */
export function Serial_parm(count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i += 1, cursor += 1) value = (value << 1) | load<u8>(cursor);
  return value;
}

/** Appends a parameter. */
export function Parm_serial(value: i32, count: i32): void {
  for (let i = count - 1; i >= 0; i -= 1, cursor += 1) store<u8>(cursor, (value >> i) & 1);
}

/** Bits → octets of a frame, zero padded. @returns octets */
export function pack(octets: usize, mode: i32): i32 {
  const sorted = order(mode);
  const bits = frameBits(mode);
  const length = (bits + 7) >> 3;
  memory.fill(octets, 0, length);
  for (let i = 0; i < bits; i += 1) {
    const octet = octets + (i >> 3);
    store<u8>(octet, load<u8>(octet) | (<i32>load<u8>(BITS + load<u16>(sorted + ((<usize>i) << 1))) << (~i & 7)));
  }
  return length;
}
