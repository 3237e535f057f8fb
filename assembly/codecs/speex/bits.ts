/** The bit stream: highest bit first, frames one after another without alignment. */

let octets: usize = 0;
let position = 0;
let end = 0;

/** @param length octets to read */
export function startReading(from: usize, length: i32): void {
  octets = from;
  position = 0;
  end = length << 3;
}

export function startWriting(to: usize, room: i32): void {
  octets = to;
  position = 0;
  end = room << 3;
  memory.fill(to, 0, room as usize);
}

export function remaining(): i32 {
  return end - position;
}

export function written(): i32 {
  return position;
}

/** Beyond the end there are zeros. @param count at most 16 */
export function read(count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i++, position++) {
    const bit = position < end ? (load<u8>(octets + ((position >> 3) as usize)) >> ((7 - (position & 7)) as u8)) & 1 : 0;
    value = (value << 1) | bit;
  }
  return value;
}

export function peek(): i32 {
  const bit = read(1);
  position--;
  return bit;
}

export function skip(count: i32): void {
  position += count;
}

export function write(value: i32, count: i32): void {
  for (let i = count - 1; i >= 0; i--, position++) {
    if (position >= end) continue;
    const p = octets + ((position >> 3) as usize);
    store<u8>(p, load<u8>(p) | ((((value >> i) & 1) << (7 - (position & 7))) as u8));
  }
}

/** Fills the last octet with a zero and ones, which no frame begins with (RFC 5574 §3.3). @returns octets written */
export function finish(): i32 {
  for (let first = true; (position & 7) != 0; first = false) write(first ? 0 : 1, 1);
  return position >> 3;
}
