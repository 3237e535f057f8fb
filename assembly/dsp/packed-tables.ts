/**
 * Tables of 16-bit words that tools/tables/pack-tables.ts packed: what is left of each word after a prediction from its
 * neighbours, by an adaptive binary range coder. They are half of a codec's download, and gzip cannot shorten them.
 */
const PROBABILITY_BITS: i32 = 12;
const TOP: u32 = 0x1000000;

const MAX_COLUMNS: i32 = 8;
/** Contexts of a column: 1 to 15 the length of a residual, 0 its sign. Behind the columns: by length, its second bit. */
const TREE: i32 = 16;
const CONTEXTS: i32 = (MAX_COLUMNS + 1) * TREE;
/** In 12 bits that a bit is 0, above four that count how often it was seen: what is new learns faster. */
const PROBABILITIES: usize = memory.data(288, 16);
const WEIGHTS: usize = memory.data(32, 16);

let input: usize = 0;
let range: u32 = 0;
let code: u32 = 0;

function refill(): void {
  while (range < TOP) {
    range <<= 8;
    code = (code << 8) | load<u8>(input);
    input += 1;
  }
}

function bit(context: i32): i32 {
  const at = PROBABILITIES + ((<usize>context) << 1);
  const seen = load<u16>(at) & 15;
  let probability: i32 = load<u16>(at) >> 4;
  const bound = (range >> PROBABILITY_BITS) * <u32>probability;
  const pace = 32 - clz<i32>(seen + 1);
  const result = i32(code >= bound);
  if (result == 0) {
    range = bound;
    probability += ((1 << PROBABILITY_BITS) - probability) >> pace;
  } else {
    code -= bound;
    range -= bound;
    probability -= probability >> pace;
  }
  store<u16>(at, (probability << 4) | min(seen + 1, 15));
  refill();
  return result;
}

/** `count` bits of equal chance. */
function plain(count: i32): i32 {
  range >>= count;
  const value = code / range;
  code -= value * range;
  refill();
  return value;
}

function residual(column: i32): i32 {
  const context = column * TREE;
  let length = 1;
  while (length < TREE) length = (length << 1) | bit(context + length);
  length -= TREE;
  if (length == 0) return 0;
  const negative = bit(context);
  let size = 1;
  if (length > 1) size = 2 | bit(MAX_COLUMNS * TREE + length);
  if (length > 2) size = (size << (length - 2)) | plain(length - 2);
  return negative != 0 ? -size : size;
}

/** Writes the words of one table at `output`. @returns its end */
function unpackTable(output: usize): usize {
  // Each begins at 0x8080: even odds, never seen.
  memory.fill(PROBABILITIES, 0x80, CONTEXTS << 1);
  const end = output + ((<usize>plain(12)) << 1);
  const columns = plain(3) + 1;
  for (let i = 0; i < columns << 1; i += 1) store<i8>(WEIGHTS + i, plain(7) - 64);
  const above: usize = columns == 1 ? 4 : (<usize>columns) << 1;
  const start = output;
  let column = 0;
  for (; output < end; output += 2) {
    const weights = WEIGHTS + (<usize>(column << 1));
    let prediction = output > start ? <i32>load<i16>(output - 2) * load<i8>(weights) : 0;
    if (output >= start + above) prediction += <i32>load<i16>(output - above) * load<i8>(weights, 1);
    store<i16>(output, (prediction >> 3) + residual(column));
    if (++column == columns) column = 0;
  }
  return end;
}

/** @param packed the stream; @param output where the tables go, each at a multiple of 16; @param end of the last one */
export function unpackTables(packed: usize, output: usize, end: usize): void {
  code = bswap<u32>(load<u32>(packed));
  range = 0xffffffff;
  input = packed + 4;
  while (output < end) output = (unpackTable(output) + 15) & ~15;
}
