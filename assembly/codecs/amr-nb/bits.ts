/** Frames of RFC 4867 §4.3.2 / TS 26.101 (bits sorted by class) to and from parameters (TS 26.090 §7). */
import { at, put, zero } from '../amr/basic-op';
import { MAX_PRM, MR102, MR122, MR475, MR515, MR59, MR67, MR74, MR795, MRDTX } from './frame';
import {
  BITNO_MR102, BITNO_MR122, BITNO_MR475, BITNO_MR515, BITNO_MR59, BITNO_MR67, BITNO_MR74, BITNO_MR795, BITNO_MRDTX, PRMNO,
  REORDERBITS_MR102, REORDERBITS_MR122, REORDERBITS_MR475, REORDERBITS_MR515, REORDERBITS_MR59, REORDERBITS_MR67,
  REORDERBITS_MR74, REORDERBITS_MR795,
} from './tables';

/** Parameters of the frame at hand. */
export const PRM: usize = memory.data(128, 16);
const SERIAL: usize = memory.data(256, 16);

function bitno(mode: i32): usize {
  switch (mode) {
    case MR475: return BITNO_MR475;
    case MR515: return BITNO_MR515;
    case MR59: return BITNO_MR59;
    case MR67: return BITNO_MR67;
    case MR74: return BITNO_MR74;
    case MR795: return BITNO_MR795;
    case MR102: return BITNO_MR102;
    case MR122: return BITNO_MR122;
    default: return BITNO_MRDTX;
  }
}

function order(mode: i32): usize {
  switch (mode) {
    case MR475: return REORDERBITS_MR475;
    case MR515: return REORDERBITS_MR515;
    case MR59: return REORDERBITS_MR59;
    case MR67: return REORDERBITS_MR67;
    case MR74: return REORDERBITS_MR74;
    case MR795: return REORDERBITS_MR795;
    case MR102: return REORDERBITS_MR102;
    default: return REORDERBITS_MR122;
  }
}

export function parameterCount(mode: i32): i32 {
  return at(PRMNO, mode);
}

export function parameterBits(mode: i32, i: i32): i32 {
  return at(bitno(mode), i);
}

/** Bits of a frame: of speech, or of the SID with its type and mode (TS 26.101 §4.2.3). */
export function frameBits(mode: i32): i32 {
  if (mode == MRDTX) return 39;
  let bits = 0;
  for (let i = 0, n = parameterCount(mode); i < n; i += 1) bits += parameterBits(mode, i);
  return bits;
}

/** Bit `i` of the packed frame at `octets`. */
// @ts-ignore: decorator
@inline
export function packedBit(octets: usize, i: i32): i32 {
  return (load<u8>(octets + (i >> 3)) >> (~i & 7)) & 1;
}

/** Octets of a frame → PRM. */
export function unpack(octets: usize, mode: i32): void {
  const bits = frameBits(mode);
  const sorted = order(mode);
  for (let i = 0; i < bits; i += 1) store<u8>(SERIAL + (mode == MRDTX ? i : at(sorted, i)), packedBit(octets, i));
  let bit: usize = SERIAL;
  for (let i = 0, n = parameterCount(mode); i < n; i += 1) {
    let value = 0;
    for (let k = parameterBits(mode, i); k > 0; k -= 1, bit += 1) value = (value << 1) | load<u8>(bit);
    put(PRM, i, value);
  }
}

/** PRM → octets of a frame, zero padded. @returns octets written */
export function pack(octets: usize, mode: i32): i32 {
  let bit: usize = SERIAL;
  for (let i = 0, n = parameterCount(mode); i < n; i += 1) {
    const value = at(PRM, i);
    for (let k = parameterBits(mode, i) - 1; k >= 0; k -= 1, bit += 1) store<u8>(bit, (value >> k) & 1);
  }
  const bits = mode == MRDTX ? 35 : <i32>(bit - SERIAL);
  const length = (bits + 7) >> 3;
  memory.fill(octets, 0, length);
  const sorted = order(mode);
  for (let i = 0; i < bits; i += 1) {
    const value = load<u8>(SERIAL + (mode == MRDTX ? i : at(sorted, i)));
    const octet = octets + (i >> 3);
    store<u8>(octet, load<u8>(octet) | (<i32>value << (~i & 7)));
  }
  return length;
}

export function clearParameters(): void {
  zero(PRM, MAX_PRM);
}
