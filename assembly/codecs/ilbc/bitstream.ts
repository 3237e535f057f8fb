/**
 * The bit stream of RFC 3951 §3.8: every parameter is split over three classes of importance, and each class
 * holds its parts of all parameters in one order.
 */
import { lpcN, mode, nasub, octetsPerFrame, stateShortLen } from './frame';

/** Parameters of a frame in the order of table 3.2, 32 bits each. */
const PARAMETERS: usize = memory.data(4 * 112, 16);

// Table 3.2 as runs: how many parameters, and their bits in classes 1, 2 and 3. A run of none ends the list.
const RUNS_20MS: usize = memory.data<u8>([
  1, 6, 0, 0, 2, 7, 0, 0, // LSF
  1, 2, 0, 0, 1, 1, 0, 0, 1, 6, 0, 0, 57, 0, 1, 2, // start state: block class, position, scale, samples
  1, 6, 0, 1, 2, 0, 0, 7, 1, 2, 0, 3, 1, 1, 1, 2, 1, 0, 0, 3, // 23 samples: codebook, gains
  1, 7, 0, 1, 2, 0, 0, 7, 3, 0, 0, 8, // codebook indices of the sub-blocks
  1, 1, 2, 2, 1, 1, 1, 2, 1, 0, 0, 3, 1, 1, 1, 3, 1, 0, 2, 2, 1, 0, 0, 3, // their gains
  0,
]); // prettier-ignore
const RUNS_30MS: usize = memory.data<u8>([
  1, 6, 0, 0, 2, 7, 0, 0, 1, 6, 0, 0, 2, 7, 0, 0,
  1, 3, 0, 0, 1, 1, 0, 0, 1, 6, 0, 0, 58, 0, 1, 2,
  1, 4, 2, 1, 2, 0, 0, 7, 1, 1, 1, 3, 1, 1, 1, 2, 1, 0, 0, 3,
  1, 6, 1, 1, 2, 0, 0, 7, 1, 0, 7, 1, 2, 0, 0, 8, 1, 0, 7, 1, 2, 0, 0, 8, 1, 0, 7, 1, 2, 0, 0, 8,
  1, 1, 2, 2, 1, 1, 2, 1, 1, 0, 0, 3, 1, 0, 2, 3, 1, 0, 2, 2, 1, 0, 0, 3,
  1, 0, 1, 4, 1, 0, 1, 3, 1, 0, 0, 3, 1, 0, 1, 4, 1, 0, 1, 3, 1, 0, 0, 3,
  0,
]); // prettier-ignore

// Places of the parameters.
export function lsfIndices(): usize {
  return PARAMETERS;
}
/** Block class (1 ..), position bit, scale index, then the indices of the state's samples. */
export function stateIndices(): usize {
  return PARAMETERS + ((lpcN * 3) << 2);
}
export const STATE_FIRST: usize = 4;
export const STATE_SCALE: usize = 8;
export const STATE_SAMPLES: usize = 12;
/** Three codebook indices of sub-block `block`: 0 is the 22/23-sample one, then 1 .. nasub. */
export function codebookIndices(block: i32): usize {
  return extra() + ((block == 0 ? 0 : 3 + 3 * block) << 2);
}
export function gainIndices(block: i32): usize {
  return extra() + ((block == 0 ? 3 : 3 + 3 * (nasub + block)) << 2);
}

// @ts-ignore: decorator
@inline
function extra(): usize {
  return stateIndices() + ((3 + stateShortLen) << 2);
}

/** Reads a frame. @returns false when its last bit says that it is empty */
export function unpack(octets: usize): bool {
  let position = 0;
  memory.fill(PARAMETERS, 0, 4 * 112);
  for (let part: usize = 1; part <= 3; part++) {
    let parameter = PARAMETERS;
    for (let run = mode == 30 ? RUNS_30MS : RUNS_20MS; load<u8>(run) != 0; run += 4) {
      const bits: i32 = load<u8>(run + part);
      for (let n: i32 = load<u8>(run); n > 0; n--, parameter += 4) {
        if (bits == 0) continue;
        store<i32>(parameter, (load<i32>(parameter) << bits) | read(octets, position, bits));
        position += bits;
      }
    }
  }
  return read(octets, position, 1) == 0;
}

/** Writes a frame whose last bit says that it is not empty. */
export function pack(octets: usize): void {
  let position = 0;
  memory.fill(octets, 0, octetsPerFrame);
  for (let part: usize = 1; part <= 3; part++) {
    let parameter = PARAMETERS;
    for (let run = mode == 30 ? RUNS_30MS : RUNS_20MS; load<u8>(run) != 0; run += 4) {
      const bits: i32 = load<u8>(run + part);
      let below = 0;
      for (let after = part + 1; after <= 3; after++) below += load<u8>(run + after);
      for (let n: i32 = load<u8>(run); n > 0; n--, parameter += 4) {
        if (bits == 0) continue;
        write(octets, position, bits, (load<i32>(parameter) >> below) & ((1 << bits) - 1));
        position += bits;
      }
    }
  }
}

/** At most eight bits, the first one the highest of its octet. */
// @ts-ignore: decorator
@inline
function read(octets: usize, position: i32, bits: i32): i32 {
  const p = octets + ((position >> 3) as usize);
  const two = ((load<u8>(p) as i32) << 8) | (load<u8>(p, 1) as i32);
  return (two >> (16 - bits - (position & 7))) & ((1 << bits) - 1);
}

// @ts-ignore: decorator
@inline
function write(octets: usize, position: i32, bits: i32, value: i32): void {
  const p = octets + ((position >> 3) as usize);
  const two = value << (16 - bits - (position & 7));
  store<u8>(p, load<u8>(p) | ((two >> 8) as u8));
  // The buffer has one octet more than the last frame.
  store<u8>(p, load<u8>(p, 1) | (two as u8), 1);
}
