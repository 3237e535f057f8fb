/** Packets that wait for their turn: 256 slots by sequence number, fixed payload space. */
export const SLOTS: i32 = 256;
export const PAYLOAD_MAX: i32 = 1500;
const STRIDE: i32 = 1504;

const DATA: usize = memory.data(385024, 16); // SLOTS * STRIDE
/** Extended sequence number + 1 of each slot's packet; 0 = empty. */
const SEQUENCE: usize = memory.data(2048, 16);
/** Extended sequence number + 1 of the last packet that came for each slot, whether it is still here or not. */
const SEEN: usize = memory.data(2048, 16);
const TIMESTAMP: usize = memory.data(2048, 16);
const LENGTH: usize = memory.data(1024, 16);
const FORMAT: usize = memory.data(1024, 16);

/** Packets in the store. */
export let held: i32 = 0;

export function clear(): void {
  memory.fill(SEQUENCE, 0, <usize>SLOTS << 3);
  memory.fill(SEEN, 0, <usize>SLOTS << 3);
  held = 0;
}

export function has(sequence: i64): bool {
  return load<i64>(SEQUENCE + (index(sequence) << 3)) == sequence + 1;
}

/** Whether it came before, and remembers that it came. */
export function seen(sequence: i64): bool {
  const at = SEEN + (index(sequence) << 3);
  if (load<i64>(at) == sequence + 1) return true;
  // A packet from long ago does not push out what came since.
  if (load<i64>(at) < sequence + 1) store<i64>(at, sequence + 1);
  return false;
}

/** Takes `length` octets at `payload`; the slot must be free or outdated. */
export function put(sequence: i64, timestamp: i64, payload: usize, length: i32, format: i32): void {
  const i = index(sequence);
  if (load<i64>(SEQUENCE + (i << 3)) == 0) held += 1;
  store<i64>(SEQUENCE + (i << 3), sequence + 1);
  store<i64>(TIMESTAMP + (i << 3), timestamp);
  store<i32>(LENGTH + (i << 2), length);
  store<i32>(FORMAT + (i << 2), format);
  memory.copy(DATA + i * STRIDE, payload, <usize>length);
}

export function remove(sequence: i64): void {
  if (!has(sequence)) return;
  store<i64>(SEQUENCE + (index(sequence) << 3), 0);
  held -= 1;
}

/** The first sequence number after `sequence` that is here, or -1. */
export function following(sequence: i64): i64 {
  if (held == 0) return -1;
  for (let s = sequence + 1, end = sequence + SLOTS; s < end; s += 1) if (has(s)) return s;
  return -1;
}

export function timestampOf(sequence: i64): i64 {
  return load<i64>(TIMESTAMP + (index(sequence) << 3));
}

export function lengthOf(sequence: i64): i32 {
  return load<i32>(LENGTH + (index(sequence) << 2));
}

export function formatOf(sequence: i64): i32 {
  return load<i32>(FORMAT + (index(sequence) << 2));
}

export function payloadOf(sequence: i64): usize {
  return DATA + index(sequence) * STRIDE;
}

// @ts-ignore: decorator
@inline
function index(sequence: i64): usize {
  return <usize>(sequence & (SLOTS - 1));
}
